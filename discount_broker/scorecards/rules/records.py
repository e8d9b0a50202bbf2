"""What requests and promises of one shop come to. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from statistics import median, quantiles

from discount_broker.scorecards.rules.counting import Dealing
from discount_broker.scorecards.rules.judging import is_good, least_share

TENTH = Decimal("0.1")


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
    """The columns of a score-card that requests fill; named as there."""

    asked: int
    answered: int
    offered: int
    median_answer_seconds: int | None
    typical_percent: Decimal | None
    acknowledged: int
    median_acknowledgement_seconds: int | None
    decided: int
    median_decision_seconds: int | None
    usual_from: Decimal | None
    usual_to: Decimal | None
    best_percent: Decimal | None
    least_share: float
    is_good: bool
    since: datetime | None


def record_of(dealings: Sequence[Dealing]) -> Record:
    """Shares are not computed here: every page shows the number of cases beside them."""
    percents = sorted(d.percent for d in dealings if d.percent is not None)
    usual = middle_half(percents)
    asked, answered = len(dealings), sum(d.answered_at is not None for d in dealings)
    return Record(
        asked=asked,
        answered=answered,
        offered=sum(d.has_offer for d in dealings),
        median_answer_seconds=_median(d.answer_seconds for d in dealings),
        typical_percent=Decimal(median(percents)) if percents else None,
        acknowledged=sum(d.acknowledged_at is not None for d in dealings),
        median_acknowledgement_seconds=_median(d.acknowledgement_seconds for d in dealings),
        decided=sum(d.decided_at is not None for d in dealings),
        median_decision_seconds=_median(d.decision_seconds for d in dealings),
        usual_from=usual[0] if usual else None,
        usual_to=usual[1] if usual else None,
        best_percent=percents[-1] if percents else None,
        least_share=least_share(answered, asked),
        is_good=is_good(answered, asked),
        since=min((d.asked_at for d in dealings), default=None),
    )


def middle_half(percents: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Between which discounts the middle half of those given lies, to a tenth of a per cent."""
    if len(percents) < 2:
        return (percents[0], percents[0]) if percents else None
    lower, _, upper = quantiles(percents, n=4, method="inclusive")
    return lower.quantize(TENTH, ROUND_HALF_UP), upper.quantize(TENTH, ROUND_HALF_UP)


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


def _median(seconds: Iterable[int | None]) -> int | None:
    known = [each for each in seconds if each is not None]
    return int(median(known)) if known else None
