"""What a buyer may expect of a shop, from how it answered others. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from discount_broker.scorecards.rules.judging import ENOUGH


@dataclass(frozen=True)
class Forecast:
    """What a shop did so far; nothing of it is a promise."""

    asked: int
    """Requests counted: the last hundred, without the newest days."""
    answered: int
    half_within: timedelta | None
    """Half of the first answers of its people came within this time."""
    usual: tuple[Decimal, Decimal] | None
    """The middle half of the discounts it gave, per cent."""
    best: Decimal | None
    """The largest of them."""
    is_enough: bool
    """Whether there are enough cases to say anything: ten at least."""


def forecast_from(
    *,
    asked: int = 0,
    answered: int = 0,
    half_within_seconds: int | None = None,
    usual: tuple[Decimal, Decimal] | None = None,
    best: Decimal | None = None,
) -> Forecast:
    half_within = None if half_within_seconds is None else timedelta(seconds=half_within_seconds)
    return Forecast(asked, answered, half_within, usual, best, is_enough=asked >= ENOUGH)
