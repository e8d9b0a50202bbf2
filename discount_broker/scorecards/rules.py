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
