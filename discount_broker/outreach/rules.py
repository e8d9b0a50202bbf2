"""The ladder: which door next, and how long to wait. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from discount_broker.kernel.business_time import DAY, add_business_time
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.shops.status import ContactKind

MOST_DOORS = 3
"""Different doors tried for one request before people take over."""


@dataclass(frozen=True)
class Door:
    """A contact point as the ladder sees it."""

    id: UUID
    kind: ContactKind
    has_captcha: bool = False


@dataclass(frozen=True)
class TakenStep:
    door_id: UUID
    kind: ContactKind
    status: DeliveryStatus
    is_reminder: bool


@dataclass(frozen=True)
class Rung:
    """The next message: through which door, and whether it repeats an earlier one."""

    door_id: UUID
    is_reminder: bool = False


def next_rung(doors: Sequence[Door], taken: Sequence[TakenStep]) -> Rung | None:
    """The next step of the ladder; None when people must take over.

    `doors` are usable and in order, best first. Each is tried once, the best three at most; then
    one reminder goes to the first e-mail address that took the request without a bounce.
    """
    tried = {step.door_id for step in taken}
    untried = [door for door in doors if door.id not in tried and not door.has_captcha]
    if untried and len(tried) < MOST_DOORS:
        return Rung(untried[0].id)
    if any(step.is_reminder for step in taken):
        return None
    usable = {door.id for door in doors}
    for step in taken:
        if step.kind is ContactKind.EMAIL and step.status is DeliveryStatus.SENT and step.door_id in usable:
            return Rung(step.door_id, is_reminder=True)
    return None


def why_exhausted(doors: Sequence[Door], taken: Sequence[TakenStep]) -> str:
    """Why people are needed, as `escalation.status.CaseReason` names it."""
    if any(step.status is DeliveryStatus.UNKNOWN for step in taken):
        return "outcome_unknown"
    if any(step.status is DeliveryStatus.SENT for step in taken):
        return "silence"
    if any(door.has_captcha for door in doors):
        return "captcha"
    return "doors_dead" if taken else "no_contact_points"


def step_ends_at(taken_at: datetime, country: str | None) -> datetime:
    """Until when an answer to a step is waited for: a day of the shop's business time."""
    return add_business_time(taken_at, DAY, country)


MOST_RIVALS = 3


@dataclass(frozen=True)
class AnswerRecord:
    """How a shop has answered so far: ladders that have ended, and those that a person's answer ended."""

    asked: int = 0
    answered: int = 0

    @property
    def chance(self) -> float:
        """How likely it answers; even for a shop that was never asked."""
        return (self.answered + 1) / (self.asked + 2)


@dataclass(frozen=True)
class RivalOption:
    """A shop that could be asked too."""

    shop_id: UUID
    score: float
    """How sure it is that it sells the same thing."""
    price: Decimal | None = None
    currency: str | None = None
    record: AnswerRecord = AnswerRecord()


def choose_rivals(
    options: Sequence[RivalOption], currency: str | None, most: int = MOST_RIVALS
) -> list[RivalOption]:
    """The best by match, price and answer record; each weighs about what it is worth to the buyer.

    The match counts whole. Half a point goes to the cheapest and its share to who is dearer; half
    as much in a currency that is not the buyer's, and less still where the price is not known. Then
    half a point times the chance of an answer.
    """
    lowest: dict[str | None, Decimal] = {}
    for option in options:
        if option.price:
            lowest[option.currency] = min(option.price, lowest.get(option.currency, option.price))

    def worth(option: RivalOption) -> float:
        cheapness = float(lowest[option.currency] / option.price) if option.price else 0.4
        is_abroad = option.currency != currency or not option.price
        return option.score + cheapness / (4 if is_abroad else 2) + option.record.chance / 2

    return sorted(options, key=lambda option: (-worth(option), str(option.shop_id)))[:most]
