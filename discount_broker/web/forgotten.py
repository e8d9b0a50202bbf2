"""Links in old mails outlive their buyers: what was theirs is shown to nobody once they are forgotten."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import UUID

from flask import g

from discount_broker.discount_requests.queries import get_request
from discount_broker.escalation.queries import get_promise
from discount_broker.kernel.errors import Forgotten
from discount_broker.kernel.tokens import Purpose
from discount_broker.watches.queries import get_watch
from discount_broker.web.language import speak

if TYPE_CHECKING:
    from discount_broker.accounts.models import Buyer


Row = TypeVar("Row")


def _of_request(request_id: UUID) -> "Buyer | None":
    return _held(get_request(request_id)).buyer


def _of_promise(promise_id: UUID) -> "Buyer | None":
    return _held(get_promise(promise_id)).outreach.discount_request.buyer


def _of_watch(watch_id: UUID) -> "Buyer | None":
    return _held(get_watch(watch_id)).buyer


def _held(row: Row) -> Row:
    """The row, kept while the page is made: whoever asks for it there reads it no second time."""
    g.opened = row
    return row


BUYERS: Final[dict[Purpose, "Callable[[UUID], Buyer | None]"]] = {
    Purpose.DRAFT: _of_request,
    Purpose.CONFIRM: _of_request,
    Purpose.FOLLOW: _of_request,
    Purpose.PROMISE: _of_promise,
    Purpose.WATCH: _of_watch,
}
"""Whose page a link for this purpose opens; those of shops say themselves that a request is over."""


def refuse_what_was_forgotten(purpose: Purpose, subject_id: UUID) -> None:
    """Let nobody on the page of a buyer who was forgotten.

    Raises:
        Forgotten: they were.
        NotFound: there is no such thing at all.

    """
    find = BUYERS.get(purpose)
    buyer = find(subject_id) if find is not None else None
    if buyer is not None and buyer.erased_at is not None:
        speak(buyer.language)
        raise Forgotten("buyer")
