"""Asking once more about a time that sounds wrong, without refusing it and without losing what was typed."""

from datetime import datetime, time
from typing import Final, Protocol

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from discount_broker.escalation.rules import Doubt, DoubtKind, doubts_about, key_of
from discount_broker.kernel.business_time import (
    CLOSES,
    OPENS,
    ZONE_OF_COUNTRY,
    Whose,
    calendar_of,
    country_in,
)
from discount_broker.web.filters import day, zone_name

QUESTIONS: Final[dict[DoubtKind, LazyString]] = {
    DoubtKind.PASSED: _l("%(day)s, %(time)s in %(place)s has passed. Was it promised for then, and missed?"),
    DoubtKind.DAY_OFF: _l("%(day)s is a day off at the shop (%(place)s)."),
    DoubtKind.BEFORE_OPENING: _l("%(time)s is before the shop opens (%(opens)s in %(place)s)."),
    DoubtKind.FAR: _l("%(day)s is a long way off. Is the date right?"),
    DoubtKind.AFTER_CLOSING: _l("%(time)s is after closing at the shop (%(closes)s in %(place)s)."),
}


class DoubtsField(HiddenField):
    """What has been asked about a time and answered with "keep it"; `questions` is what is asked now."""

    key: str = ""
    questions: tuple[str, ...] = ()
    is_missed: bool = False

    def ask(self, due_at: datetime, doubts: tuple[Doubt, ...], whose: Whose) -> None:
        self.key = key_of(due_at, doubts)
        self.questions = tuple(question_of(doubt, whose) for doubt in doubts)
        self.is_missed = any(doubt.kind is DoubtKind.PASSED for doubt in doubts)


class Doubtful(Protocol):
    """A form that takes a promise."""

    confirmed_doubts: DoubtsField


def unconfirmed(form: Doubtful, due_at: datetime | None, now: datetime, whose: Whose) -> bool:
    """Whether this time is to be asked about first; the form's field then holds the questions."""
    doubts = doubts_about(due_at, now, whose) if due_at is not None else ()
    if due_at is None or not doubts or form.confirmed_doubts.data == key_of(due_at, doubts):
        return False
    form.confirmed_doubts.ask(due_at, doubts, whose)
    return True


def question_of(doubt: Doubt, whose: Whose) -> str:
    """Why this time sounds wrong, by the shop's clock."""
    opens, closes = calendar_of(whose).open_on(doubt.at.date()) or (OPENS, CLOSES)
    told = {
        "day": day(doubt.at.date()),
        "time": clock(doubt.at.time()),
        "opens": clock(opens),
        "closes": clock(closes),
        "place": place_of_clock(country_in(whose)),
    }
    return str(QUESTIONS[doubt.kind]) % told


def clock(at: time) -> str:
    return f"{at:%H:%M}"


def place_of_clock(country: str | None) -> str:
    """The city whose clock the shop goes by."""
    return zone_name(ZONE_OF_COUNTRY[country]) if country in ZONE_OF_COUNTRY else "UTC"
