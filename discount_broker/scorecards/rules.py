"""What a shop's past comes to. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median


@dataclass(frozen=True)
class Dealing:
    """One outreach as the score-card counts it."""

    answer_seconds: int | None
    """From the first message to the answer of a person; None where none came."""
    percent: Decimal | None
    """The discount given, where one was."""
    has_offer: bool


@dataclass(frozen=True)
class PromiseOutcome:
    """How one promise of the shop ended."""

    is_kept: bool
    late_by: int | None
    """Seconds; None where it was kept in time, or not at all."""


@dataclass(frozen=True)
class PromiseRecord:
    promises_made: int
    promises_kept: int
    promises_late: int
    median_late_seconds: int | None


@dataclass(frozen=True)
class Record:
    asked: int
    answered: int
    offered: int
    median_answer_seconds: int | None
    typical_percent: Decimal | None


def record_of(dealings: Sequence[Dealing]) -> Record:
    """Shares are not computed here: every page shows the number of cases beside them."""
    times = [d.answer_seconds for d in dealings if d.answer_seconds is not None]
    percents = [d.percent for d in dealings if d.percent is not None]
    return Record(
        asked=len(dealings),
        answered=len(times),
        offered=sum(d.has_offer for d in dealings),
        median_answer_seconds=int(median(times)) if times else None,
        typical_percent=Decimal(median(percents)) if percents else None,
    )


def promise_record_of(outcomes: Sequence[PromiseOutcome]) -> PromiseRecord:
    """Kept in time, kept late and by how much; the rest of those made was broken."""
    late = [outcome.late_by for outcome in outcomes if outcome.late_by is not None]
    kept = sum(outcome.is_kept for outcome in outcomes)
    return PromiseRecord(
        promises_made=len(outcomes),
        promises_kept=kept - len(late),
        promises_late=len(late),
        median_late_seconds=int(median(late)) if late else None,
    )
