"""Asking once more about a time that sounds wrong, without refusing it and without losing what was typed."""

from datetime import datetime, time
from typing import Protocol

from flask_babel import gettext
from wtforms import HiddenField

from discount_broker.escalation.rules import Doubt, DoubtKind, doubts_about, key_of
from discount_broker.kernel.business_time import CLOSES, OPENS, ZONE_OF_COUNTRY
from discount_broker.web.filters import day, zone_name


class DoubtsField(HiddenField):
    """What has been asked about a time and answered with "keep it"; `questions` is what is asked now."""

    key: str = ""
    questions: tuple[str, ...] = ()
    is_missed: bool = False

    def ask(self, due_at: datetime, doubts: tuple[Doubt, ...], country: str | None) -> None:
        self.key = key_of(due_at, doubts)
        self.questions = tuple(question_of(doubt, country) for doubt in doubts)
        self.is_missed = any(doubt.kind is DoubtKind.PASSED for doubt in doubts)


class Doubtful(Protocol):
    """A form that takes a promise."""

    confirmed_doubts: DoubtsField


def unconfirmed(form: Doubtful, due_at: datetime | None, now: datetime, country: str | None) -> bool:
    """Whether this time is to be asked about first; the form's field then holds the questions."""
    doubts = doubts_about(due_at, now, country) if due_at is not None else ()
    if due_at is None or not doubts or form.confirmed_doubts.data == key_of(due_at, doubts):
        return False
    form.confirmed_doubts.ask(due_at, doubts, country)
    return True


def question_of(doubt: Doubt, country: str | None) -> str:
    """Why this time sounds wrong, by the shop's clock."""
    place, at_time = place_of_clock(country), clock(doubt.at.time())
    match doubt.kind:
        case DoubtKind.PASSED:
            return str(
                gettext(
                    "%(day)s, %(time)s in %(place)s has passed. Was it promised for then, and missed?",
                    day=day(doubt.at.date()), time=at_time, place=place,
                )
            )  # fmt: skip
        case DoubtKind.DAY_OFF:
            return str(
                gettext(
                    "%(day)s is a day off at the shop (%(place)s).", day=day(doubt.at.date()), place=place
                )
            )
        case DoubtKind.BEFORE_OPENING:
            return str(
                gettext(
                    "%(time)s is before the shop opens (%(opens)s in %(place)s).",
                    time=at_time, opens=clock(OPENS), place=place,
                )
            )  # fmt: skip
        case DoubtKind.AFTER_CLOSING:
            return str(
                gettext(
                    "%(time)s is after closing at the shop (%(closes)s in %(place)s).",
                    time=at_time, closes=clock(CLOSES), place=place,
                )
            )  # fmt: skip


def clock(at: time) -> str:
    return f"{at:%H:%M}"


def place_of_clock(country: str | None) -> str:
    """The city whose clock the shop goes by."""
    return zone_name(ZONE_OF_COUNTRY[country]) if country in ZONE_OF_COUNTRY else "UTC"
