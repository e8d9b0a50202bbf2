"""Which rivals are worth asking. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

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
