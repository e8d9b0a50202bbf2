"""The buyer's letters to and from one shop."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.tokens import Purpose
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.queries.thread import LONGEST_LETTER, list_forbidding, veil_for, why_no_letters
from discount_broker.outreach.use_cases.conversing import write_to_shop
from discount_broker.web.access import token_page
from discount_broker.web.language import speak
from discount_broker.web.limits import limited
from discount_broker.web.sentences import refusal
from discount_broker.web.thread import Entry, threads_of

if TYPE_CHECKING:
    from discount_broker.outreach.models import Outreach

bp = Blueprint("conversation", __name__)

LETTERS = "30 per hour"
REFUSALS: Final[dict[str, LazyString]] = {
    "letter_empty": _l("Please write something first."),
    "letter_too_long": _l("This is too long for one letter. Please shorten it to 2,000 characters."),
    "letters_too_many": _l(
        "You have sent five letters to this shop within a day. Please send this one tomorrow."
    ),
    "letters_over": _l("This request is closed, so nothing further is passed on."),
    "letters_forbidden": _l("This shop gets no more letters from us about this request."),
    "letters_too_early": _l("We are still looking for a way to write to this shop."),
    "letters_declined": _l("This shop has answered that it gives no discount this time."),
}


class Talk(NamedTuple):
    """The conversation with one shop, as the buyer's page shows it."""

    outreach: "Outreach"
    entries: list[Entry]
    forbids_all: bool
    """Whether the shop forbids all letters."""

    @property
    def refusal(self) -> str:
        """Why the buyer cannot write there; empty where they can."""
        return _refusal(why_no_letters(self.outreach, forbids_all=self.forbids_all))

    @property
    def has_letters(self) -> bool:
        return any(entry.is_letter for entry in self.entries)


def talks_of(outreaches: Iterable["Outreach"], now: datetime) -> list[Talk]:
    found = list(outreaches)
    threads, forbidding = threads_of(found, now), list_forbidding(found)
    return [Talk(one, threads[one.id], one.id in forbidding) for one in found]


def mark_of(talks: Iterable[Talk]) -> str:
    """Changes exactly when a conversation looks different."""
    return repr([(entry.key, entry.states) for talk in talks for entry in talk.entries])


@bp.get("/requests/<token>/shops/<uuid:outreach_id>")
@token_page(Purpose.FOLLOW)
def show(request_id: UUID, token: str, outreach_id: UUID) -> ResponseReturnValue:
    return _page(_asked(request_id, outreach_id), token)


@bp.post("/requests/<token>/shops/<uuid:outreach_id>/letters")
@limited(LETTERS)
@token_page(Purpose.FOLLOW)
def write(request_id: UUID, token: str, outreach_id: UUID) -> ResponseReturnValue:
    text, outreach = request.form.get("text", ""), _asked(request_id, outreach_id)
    is_sure = request.form.get("without_contacts") == "yes"
    try:
        write_to_shop(request_id, outreach_id, text, utcnow(), without_contacts=is_sure)
    except Refused as refused:
        if refused.code == "letter_has_contacts":
            return _page(outreach, token, text=text, veiled=veil_for(outreach, text))
        return _page(outreach, token, text=text, wrong=_refusal(refused.code))
    flash(gettext("Written down: your letter to %(shop)s is on its way.", shop=outreach.shop.name), "good")
    return redirect(url_for("buyer.follow", token=token, _anchor=f"shop-{outreach_id}"))


def _asked(request_id: UUID, outreach_id: UUID) -> "Outreach":
    outreach = get_outreach(outreach_id)
    if outreach.discount_request_id != request_id:
        raise NotFound("outreach")
    speak(outreach.discount_request.language)
    return outreach


def _page(outreach: "Outreach", token: str, **more: Any) -> ResponseReturnValue:
    [talk] = talks_of([outreach], utcnow())
    facts: dict[str, Any] = {"text": "", "wrong": "", "veiled": None, **more}
    page = render_template(
        "buyer/letters.html",
        talk=talk,
        ask=outreach.discount_request,
        token=token,
        longest_letter=LONGEST_LETTER,
        **facts,
    )
    return page, 422 if more else 200


def _refusal(code: str) -> str:
    return str(REFUSALS.get(code) or refusal(code)) if code else ""
