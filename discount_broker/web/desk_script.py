"""What to say on the phone: one page of honest words for each situation, in the shop's language."""

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from flask import render_template
from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l

from discount_broker.escalation.status import PromiseStatus
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.queries import wish_put_to
from discount_broker.shops.rules import language_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discount_broker.escalation.models import EscalationCase, Promise

SITUATIONS: Final[dict[str, LazyString]] = {
    "promise": _l("They promised something before"),
    "first_call": _l("First words"),
    "send_a_mail": _l("“Send us an e-mail”"),
    "wrong_person": _l("“That is not my department”"),
    "manager": _l("A manager is on the line"),
    "refuses": _l("“We give no discounts”"),
    "who_are_you": _l("“Who are you, anyway?”"),
    "buyers_number": _l("“Give us the buyer's number”"),
    "makes_offer": _l("They name an offer"),
}
LANGUAGES = ("en", "ru")
MISSED = (PromiseStatus.PENDING, PromiseStatus.BROKEN)


class Part(NamedTuple):
    key: str
    situation: LazyString
    words: str
    is_open: bool


class Attempt(NamedTuple):
    """One time the shop was written to or called, without an answer."""

    at: datetime
    how: str
    """`email`, `form` or `phone`."""
    where: str


def script_of(case: "EscalationCase", promises: "Sequence[Promise]", now: datetime) -> tuple[str, list[Part]]:
    """The language of the script, and its parts."""
    language = language_for(case.outreach.shop.domain, case.outreach.shop.language)
    language = language if language in LANGUAGES else "en"
    missed = [p for p in promises if p.status in MISSED and p.due_at <= now]
    facts = {
        "outreach": case.outreach,
        "ask": case.outreach.discount_request,
        "wanted": wish_put_to(case.outreach),
        "attempts": attempts_of(case),
        "promise": missed[-1] if missed else None,
    }
    opens = "promise" if missed else "first_call"
    with force_locale(language):
        parts = [
            Part(key, heading, render_template(f"desk/script/{key}.html", **facts), key == opens)
            for key, heading in SITUATIONS.items()
            if missed or key != "promise"
        ]
    return language, parts


def attempts_of(case: "EscalationCase") -> list[Attempt]:
    """Letters that arrived as far as we know, and calls, in their order."""
    letters = [
        Attempt(step.delivery.sent_at or step.taken_at, step.contact_point.kind, step.contact_point.value)
        for step in case.outreach.steps
        if step.delivery.status is DeliveryStatus.SENT
    ]
    calls = [Attempt(call.started_at, "phone", call.person) for call in case.calls]
    return sorted([*letters, *calls])
