"""Where a shop stands in the queue, and why. Pure.

First what was promised and is due or broken, then what a clock has run out for, then what it will run out
for soon. Among equals: what the buyers would save, in steps; then age in days; then loyal buyers first;
then age.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from discount_broker.escalation.status import CaseReason, NextAction, QueueBand

CLAIM_LASTS = timedelta(hours=2)
"""From the last change that its holder made."""
PRESENCE_LASTS = timedelta(minutes=1)
"""A page that is open says so three times as often."""
VALUE_STEPS = (Decimal(1000), Decimal(300), Decimal(100), Decimal(30), Decimal(10))
"""Rough euros: savings within one step count as equal, so that age has a say."""
ROUGH_EUROS = {
    "EUR": Decimal(1), "USD": Decimal("0.9"), "GBP": Decimal("1.15"), "CHF": Decimal("1.05"),
    "RUB": Decimal("0.01"), "BYN": Decimal("0.3"), "KZT": Decimal("0.002"), "UAH": Decimal("0.02"),
    "PLN": Decimal("0.23"), "CZK": Decimal("0.04"),
}  # fmt: skip
"""What one unit of a currency is worth, good for comparing savings and for nothing else."""
PROMISED = (CaseReason.PROMISE_DUE, CaseReason.PROMISE_BROKEN)


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What the queue needs to know of one open case."""

    case_id: UUID
    reason: CaseReason
    next_action: NextAction
    next_action_at: datetime
    opened_at: datetime
    saving: Decimal = Decimal(0)
    """What the buyer would save, in the shop's currency."""
    currency: str = ""
    is_loyal: bool = False
    is_flagged: bool = False
    is_warned: bool = False
    """One of its clocks runs out soon."""
    is_missed: bool = False
    """One of its clocks has run out."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a shop stands; the columns of its queue entry have the same names."""

    open_cases: int
    lead_case_id: UUID | None
    band: QueueBand
    value: Decimal
    oldest_at: datetime
    is_loyal: bool
    next_at: datetime | None
    is_due: bool
    wakes_at: datetime | None
    has_unknown: bool
    has_captcha: bool
    is_flagged: bool

    @property
    def rank(self) -> int:
        return rank_of(self.band, self.value, self.oldest_at, is_loyal=self.is_loyal)


def place_of(cases: Sequence[CaseFacts], now: datetime) -> Place:
    """Where the shop of these open cases stands now."""
    due = [case for case in cases if case.next_action_at <= now]
    later = [case.next_action_at for case in cases if case.next_action_at > now]
    first = min(due or cases, key=_urgency, default=None)
    return Place(
        open_cases=len(cases),
        lead_case_id=first.case_id if first else None,
        band=min(map(band_of, due), default=QueueBand.USUAL),
        value=sum((in_rough_euros(case.saving, case.currency) for case in cases), Decimal(0)),
        oldest_at=min((case.opened_at for case in cases), default=now),
        is_loyal=any(case.is_loyal for case in cases),
        next_at=min((case.next_action_at for case in cases), default=None),
        is_due=bool(due),
        wakes_at=min(later, default=None),
        has_unknown=any(case.reason is CaseReason.OUTCOME_UNKNOWN for case in cases),
        has_captcha=any(case.next_action is NextAction.FILL_FORM for case in cases),
        is_flagged=any(case.is_flagged for case in cases),
    )


def _urgency(case: CaseFacts) -> tuple[QueueBand, datetime, datetime]:
    return (band_of(case), case.next_action_at, case.opened_at)


def band_of(case: CaseFacts) -> QueueBand:
    """What brings a case that is due before others."""
    if case.reason in PROMISED or case.next_action is NextAction.CHECK_PROMISE:
        return QueueBand.PROMISE
    if case.is_missed:
        return QueueBand.BREACH
    return QueueBand.WARNED if case.is_warned else QueueBand.USUAL


def rank_of(band: QueueBand, value: Decimal, oldest_at: datetime, *, is_loyal: bool) -> int:
    """One number for the whole order, lowest first: band, step of the value, day, loyalty, minute."""
    step = step_of(value)
    day, minute = divmod(int(oldest_at.astimezone(UTC).timestamp()) // 60, 24 * 60)
    rank = 0
    for part, size in ((band, 10), (step, 10), (day, 100_000), (not is_loyal, 2), (minute, 10_000)):
        rank = rank * size + int(part)
    return rank


def step_of(value: Decimal) -> int:
    """Which step a saving stands on, the greatest being 0."""
    return next((n for n, least in enumerate(VALUE_STEPS) if value >= least), len(VALUE_STEPS))


def in_rough_euros(amount: Decimal, currency: str) -> Decimal:
    """An amount as the queue weighs it; of an unknown currency as if it were dollars, at most one step."""
    rate = ROUGH_EUROS.get(currency)
    worth = min(amount * ROUGH_EUROS["USD"], VALUE_STEPS[-1]) if rate is None else amount * rate
    return worth.quantize(Decimal("0.01"))
