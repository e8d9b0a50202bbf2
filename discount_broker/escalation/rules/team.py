"""Days and weeks by the reader's clock, what a figure means, and what a lead's decision must say. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from discount_broker.escalation.status import Ending, LeadDecision
from discount_broker.kernel.errors import Refused

DAYS_SHOWN = 14
QUARTER = 15 * 60
"""Seconds; every zone's hours begin at a full quarter of the world's."""
REVIEW_MINUTES = 20
"""What a lead should have for an operator and week; shown, never enforced."""
LONGEST_LOOK = timedelta(minutes=15)
"""More than this nobody looks at one case: the page was left open."""
LONGEST_COMMENT = 4_000


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was done by one operator, or by all, on one day or in one week."""

    closed: int = 0
    calls: int = 0
    minutes: int = 0
    promises_due: int = 0
    """What was promised by us for that day."""
    promises_kept: int = 0
    won: int = 0
    """Cases that ended with an offer."""

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            closed=self.closed + other.closed,
            calls=self.calls + other.calls,
            minutes=self.minutes + other.minutes,
            promises_due=self.promises_due + other.promises_due,
            promises_kept=self.promises_kept + other.promises_kept,
            won=self.won + other.won,
        )

    @property
    def minutes_a_discount(self) -> int | None:
        """Minutes on the phone for each discount won; none where none was won."""
        return round(self.minutes / self.won) if self.won else None


def total(figures: Iterable[Figures]) -> Figures:
    return sum(figures, Figures())


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of the calendar by somebody's clock; 23 or 25 hours when that is put forward or back."""

    on: date
    begins_at: datetime
    ends_at: datetime


def last_days(now: datetime, zone: ZoneInfo, count: int = DAYS_SHOWN) -> list[Day]:
    """Today and the days before it, the oldest first."""
    today = now.astimezone(zone).date()
    return [day_of(today - timedelta(days=ago), zone) for ago in reversed(range(count))]


def day_of(on: date, zone: ZoneInfo) -> Day:
    return Day(on=on, begins_at=_midnight(on, zone), ends_at=_midnight(on + timedelta(days=1), zone))


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, time(), zone).astimezone(UTC)


def last_weeks(now: datetime, zone: ZoneInfo, count: int) -> list[Day]:
    """The week of `now` and those before it, Monday to Sunday, the oldest first; each named by its Monday."""
    monday = monday_of(now, zone)
    mondays = [monday - timedelta(weeks=ago) for ago in reversed(range(count))]
    return [
        Day(on=first, begins_at=_midnight(first, zone), ends_at=_midnight(first + timedelta(weeks=1), zone))
        for first in mondays
    ]


def monday_of(now: datetime, zone: ZoneInfo) -> date:
    today = now.astimezone(zone).date()
    return today - timedelta(days=today.weekday())


def hour_of_week(quarter: int, zone: ZoneInfo) -> tuple[int, int]:
    """Weekday (0 is Monday) and hour of a quarter of an hour, counted from 1970 as the database counts."""
    at = datetime.fromtimestamp(quarter * QUARTER, UTC).astimezone(zone)
    return at.weekday(), at.hour


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a lead made of a case."""

    decision: LeadDecision
    comment: str = ""
    ending: Ending | None = None
    """How a case ends that the lead closes."""
    opened_at: datetime
    """When the lead opened it."""
    seen: int = 0
    """How many decisions on this case the lead had before their eyes."""

    def seconds(self, now: datetime) -> int:
        """How long the lead looked at it, as far as that can be told."""
        return int(min(max(now - self.opened_at, timedelta()), LONGEST_LOOK).total_seconds())


def check_verdict(verdict: Verdict) -> None:
    """Refuse a decision that leaves the operator guessing.

    Raises:
        Refused: `comment_missing`, `ending_missing`.

    """
    wants_words = verdict.decision in (LeadDecision.DO_OTHERWISE, LeadDecision.TALK)
    if wants_words and not verdict.comment.strip():
        raise Refused("comment_missing", "comment")
    if verdict.decision is LeadDecision.CLOSE and verdict.ending is None:
        raise Refused("ending_missing", "ending")
