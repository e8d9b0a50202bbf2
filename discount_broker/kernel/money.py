"""Sums of money and percentages. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
SMALLEST_PERCENT, LARGEST_PERCENT = Decimal(1), Decimal(90)
LARGEST_SUM = Decimal(10) ** 11
"""What a column of the database still holds, and no price ever reaches."""


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str
    """ISO 4217 code."""

    def less(self, percent: Decimal) -> "Money":
        """The sum with `percent` per cent taken off, to the cent."""
        left = self.amount * (100 - percent) / 100
        return Money(left.quantize(CENT, ROUND_HALF_UP), self.currency)


def is_discount(percent: Decimal | None) -> bool:
    """Whether this many per cent off can be asked for or given."""
    return percent is not None and percent.is_finite() and SMALLEST_PERCENT <= percent <= LARGEST_PERCENT


def is_sum(amount: Decimal) -> bool:
    """Whether somebody could pay this."""
    return amount.is_finite() and 0 < amount < LARGEST_SUM


def is_beyond_discount(reduced: Decimal, full: Decimal) -> bool:
    """Whether this lies so far below the full price that a slip of the pen is likelier than a discount."""
    return reduced < Money(full, "").less(LARGEST_PERCENT).amount


def percent_off(full: Decimal, reduced: Decimal) -> Decimal:
    """By how many per cent `reduced` lies below `full`, to a tenth; negative when it is dearer."""
    return ((full - reduced) * 100 / full).quantize(Decimal("0.1"), ROUND_HALF_UP)
