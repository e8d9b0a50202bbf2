"""What a buyer may ask of an offer instead. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from discount_broker.kernel.errors import Refused
from discount_broker.kernel.money import is_beyond_discount, is_discount, is_sum, percent_off

LONGEST_COUNTER = 500
"""Characters of the words beside it."""


@dataclass(frozen=True, kw_only=True)
class Counter:
    """What the buyer would take: per cent off the shop's price, or a price."""

    percent: Decimal | None = None
    price: Decimal | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The offer that a counter-offer is held against, and the price before it."""

    full: Decimal | None
    final: Decimal | None
    percent: Decimal | None


def check_counter(counter: Counter, standing: Standing) -> None:
    """Refuse what asks for nothing, for no more than is offered already, or for more than anybody gives.

    Raises:
        Refused: `counter_missing`, `percent_out_of_range`, `counter_not_lower`, `counter_too_low`.

    """
    if counter.percent is not None:
        _check_percent(counter.percent, standing)
    elif counter.price is not None:
        _check_price(counter.price, standing)
    else:
        raise Refused("counter_missing", "price")


def _check_percent(percent: Decimal, standing: Standing) -> None:
    if not is_discount(percent):
        raise Refused("percent_out_of_range", "percent")
    given = standing.percent
    if given is None and standing.full and standing.final is not None:
        given = percent_off(standing.full, standing.final)
    if given is not None and percent <= given:
        raise Refused("counter_not_lower", "percent")


def _check_price(price: Decimal, standing: Standing) -> None:
    if not is_sum(price):
        raise Refused("counter_missing", "price")
    least = standing.final if standing.final is not None else standing.full
    if least is not None and price >= least:
        raise Refused("counter_not_lower", "price")
    if standing.full is not None and is_beyond_discount(price, standing.full):
        raise Refused("counter_too_low", "price")
