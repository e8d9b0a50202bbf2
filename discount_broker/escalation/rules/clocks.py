"""How long a shop takes, in its own business time: what starts, pauses and stops a clock. Pure.

The ball is with the shop from something of ours, or of the buyer, that reached it until a person there
answers. Clocks run while it is there, and rest while it is with us or with the buyer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from discount_broker.escalation.status import ClockKind
from discount_broker.kernel.business_time import Whose, add_business_time, business_seconds_between


class EventKind(IntEnum):
    """What moves the ball; of two events of one moment the lower comes first."""

    WITH_US = 0
    """Something waits for us or for the buyer, though the shop has not spoken."""
    FROM_SHOP = 1
    """A person of the shop said something, whatever the channel; no machine's word counts."""
    TO_SHOP = 2
    """Something of ours, or of the buyer, reached the shop."""


@dataclass(frozen=True, order=True)
class Event:
    at: datetime
    kind: EventKind


@dataclass(frozen=True)
class Allowance:
    """How much business time a clock gives, and how long before its end it warns."""

    minutes: int
    warn_minutes: int

    @property
    def limit(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def warning(self) -> timedelta:
        return timedelta(minutes=self.warn_minutes)


DAY = 9 * 60
"""Minutes of one business day."""
DEFAULTS = {
    # All doors of the ladder, a reminder, and a day for the first call.
    ClockKind.FIRST_ANSWER: Allowance(5 * DAY, DAY),
    ClockKind.NEXT_ANSWER: Allowance(2 * DAY, 3 * 60),
    ClockKind.SOLVED: Allowance(10 * DAY, DAY),
}
"""Until a lead says otherwise."""


@dataclass(frozen=True)
class Run:
    """One run of a clock, from its start to its end or to this moment."""

    started_at: datetime
    spent_seconds: int
    """Business time used before `running_since`."""
    running_since: datetime | None
    stopped_at: datetime | None

    def spent_at(self, now: datetime, whose: Whose) -> int:
        """Business time used until now."""
        if self.running_since is None:
            return self.spent_seconds
        return self.spent_seconds + business_seconds_between(self.running_since, now, whose)

    def moment_of(self, seconds: float, whose: Whose) -> datetime | None:
        """When so much will have been used, if it goes on; None while it rests."""
        if self.running_since is None:
            return None
        left = max(seconds - self.spent_seconds, 0)
        return add_business_time(self.running_since, timedelta(seconds=left), whose)


@dataclass(frozen=True)
class Life:
    """A case from its opening, or opening again, until its end."""

    opened_at: datetime
    closed_at: datetime | None
    is_first: bool
    """Whether this is the first time it is open."""


def run_of(kind: ClockKind, events: Sequence[Event], life: Life, whose: Whose) -> Run | None:
    """The last run of a clock, as all that is known tells it; None where it never began in this life."""
    known = sorted(events)
    if kind is ClockKind.SOLVED:
        return _run(life.opened_at, life.closed_at, known, whose)
    spans = _first_spans(known) if kind is ClockKind.FIRST_ANSWER else _next_spans(known)
    runs = [span for span in spans if _is_of_this_life(span, life)]
    if not runs:
        return None
    start, end = runs[-1]
    start = start if life.is_first else max(start, life.opened_at)
    return _run(start, _earliest(end, life.closed_at), known, whose)


Span = tuple[datetime, datetime | None]


def _first_spans(events: Sequence[Event]) -> Iterator[Span]:
    """From the first message that reached the shop until the first word of a person; one at most."""
    asked = next((event.at for event in events if event.kind is EventKind.TO_SHOP), None)
    answered = next((event.at for event in events if event.kind is EventKind.FROM_SHOP), None)
    if asked is not None and (answered is None or answered >= asked):
        yield asked, answered


def _next_spans(events: Sequence[Event]) -> Iterator[Span]:
    """From what was said after an answer until the answer to that."""
    begun, has_answered = None, False
    for event in events:
        if event.kind is EventKind.FROM_SHOP:
            if begun is not None:
                yield begun, event.at
            begun, has_answered = None, True
        elif event.kind is EventKind.TO_SHOP and has_answered and begun is None:
            begun = event.at
    if begun is not None:
        yield begun, None


def _is_of_this_life(span: Span, life: Life) -> bool:
    start, end = span
    has_begun = life.closed_at is None or start <= life.closed_at
    return has_begun and (life.is_first or end is None or end > life.opened_at)


def _run(start: datetime, end: datetime | None, events: Sequence[Event], whose: Whose) -> Run:
    """Add up the stretches in which the ball was with the shop."""
    spent, since = 0, None
    for had_from, had_until in _with_shop(events):
        begun, ended = max(had_from, start), _earliest(had_until, end)
        if ended is None:
            since = begun
        elif ended > begun:
            spent += business_seconds_between(begun, ended, whose)
    return Run(start, spent, since, end)


def _with_shop(events: Sequence[Event]) -> Iterator[Span]:
    """The stretches in which the ball was with the shop."""
    since = None
    for event in events:
        if event.kind is EventKind.TO_SHOP:
            since = since or event.at
        elif since is not None:
            yield since, event.at
            since = None
    if since is not None:
        yield since, None


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)
