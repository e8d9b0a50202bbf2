"""When a promise counts as kept, late or broken, and which times are asked about once more. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from discount_broker.escalation.status import PromiseEvent, PromiseKind, PromiseSide, PromiseTo
from discount_broker.kernel.business_time import (
    ZONE_OF_COUNTRY,
    Whose,
    add_business_time,
    calendar_of,
    country_in,
    zone_of,
)

PROMISE_GRACE = timedelta(hours=1)
"""How long after its time a promise is only late in coming, before it counts as broken."""
SOON = timedelta(days=45)
"""Further ahead nobody promises a discount; a wrong year is soon typed."""
WARN_BEFORE = timedelta(minutes=15)
"""How long before its time the desk is told of a promise."""
CLAIM_WAITS = timedelta(minutes=15)
"""How long a promise of ours waits for the operator who gave it, before colleagues may keep it."""
CHECKED_AFTER = timedelta(minutes=30)
"""Of the shop's business time: then the buyer is asked whether it has called."""


class DoubtKind(StrEnum):
    """Why a time is asked about once more, before it is written down."""

    PASSED = "passed"
    DAY_OFF = "day_off"
    """A weekend or a holiday where the shop is."""
    BEFORE_OPENING = "before_opening"
    AFTER_CLOSING = "after_closing"
    FAR = "far"
    """So long that the year or the month may be a slip of the pen; the shop is out of sight until then."""


@dataclass(frozen=True)
class Doubt:
    kind: DoubtKind
    at: datetime
    """The time promised, by the shop's clock."""


def doubts_about(due_at: datetime, now: datetime, whose: Whose) -> tuple[Doubt, ...]:
    """What to ask before a promise for this time is kept; it is never a reason to refuse it.

    A form that takes a promise includes `web.desk_promises_doubts.DoubtsField` as `confirmed_doubts`, asks
    `unconfirmed(form, due_at, now, calendar)`, and where that is not empty shows itself again (422) with
    `desk/_promise_doubts.html` inside its form element: a press on the button there sends everything
    that was typed once more, with the key of these doubts. Another time is another key: it is asked about
    anew. A promise whose time has passed is written down as broken at once (`make_promise`).
    """
    at = due_at.astimezone(zone_of(country_in(whose)))
    if due_at <= now:
        return (Doubt(DoubtKind.PASSED, at),)
    far = (Doubt(DoubtKind.FAR, at),) if due_at > now + SOON else ()
    return _doubts_by_the_shops_clock(at, whose) or far


def _doubts_by_the_shops_clock(at: datetime, whose: Whose) -> tuple[Doubt, ...]:
    hours = calendar_of(whose).open_on(at.date())
    if hours is None:
        return (Doubt(DoubtKind.DAY_OFF, at),)
    if country_in(whose) not in ZONE_OF_COUNTRY:
        return ()  # nobody knows by which clock it opens
    opens, closes = hours
    if at.time() < opens:
        return (Doubt(DoubtKind.BEFORE_OPENING, at),)
    return (Doubt(DoubtKind.AFTER_CLOSING, at),) if at.time() > closes else ()


def key_of(due_at: datetime, doubts: tuple[Doubt, ...]) -> str:
    """What the button that says "keep it" sends: these doubts, about this time."""
    return f"{'+'.join(doubt.kind for doubt in doubts)}@{due_at.astimezone(UTC):%Y-%m-%dT%H:%M}Z"


def may_be_checked_at(due_at: datetime, whose: Whose) -> datetime:
    """From when on it is no rush to ask the buyer whether the promised call came."""
    return add_business_time(due_at, CHECKED_AFTER, whose)


def side_of(kind: PromiseKind) -> PromiseSide:
    """Who promises this, unless somebody says otherwise."""
    return PromiseSide.US if kind is PromiseKind.CALL_SHOP else PromiseSide.SHOP


def recipient_of(kind: PromiseKind, side: PromiseSide) -> PromiseTo:
    """Whom it is made to: only the buyer's call is not between the shop and us."""
    if kind is PromiseKind.CALL_BUYER:
        return PromiseTo.BUYER
    return PromiseTo.SHOP if side is PromiseSide.US else PromiseTo.US


def settling_event(*, kept: bool, due_at: datetime, now: datetime) -> PromiseEvent:
    if not kept:
        return PromiseEvent.RAN_OUT
    return PromiseEvent.KEPT_IN_TIME if now <= due_at else PromiseEvent.KEPT_LATE
