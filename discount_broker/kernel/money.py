"""Sums of money and percentages. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str
    """ISO 4217 code."""

    def less(self, percent: Decimal) -> "Money":
        """The sum with `percent` per cent taken off, to the cent."""
        left = self.amount * (100 - percent) / 100
        return Money(left.quantize(CENT, ROUND_HALF_UP), self.currency)


def percent_off(full: Decimal, reduced: Decimal) -> Decimal:
    """By how many per cent `reduced` lies below `full`, to a tenth; negative when it is dearer."""
    return ((full - reduced) * 100 / full).quantize(Decimal("0.1"), ROUND_HALF_UP)
