"""What a buyer may wish for, and how a request is named. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from discount_broker.kernel.errors import Refused
from discount_broker.kernel.money import (
    LARGEST_PERCENT,
    SMALLEST_PERCENT,
    Money,
    is_discount,
    is_sum,
    percent_off,
)

LONGEST_NOTE = 500
LONGEST_TITLE = 200
CONFIRM_WITHIN = timedelta(days=3)
ANSWERS_WANTED_FOR = timedelta(days=14)
ORIGIN = ("via", "referrer", "campaign", "source", "medium")
"""What is kept of where a buyer came from; the referrer is the name of a site alone."""
VIAS = ("form", "bookmarklet", "api")
LONGEST_ORIGIN = 100
NUMBER_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0/O, 1/I/L, U/V: the number is told over the phone."""


class WishKind(StrEnum):
    PERCENT = "percent"
    PRICE = "price"


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What the buyer filled in."""

    wish_kind: WishKind
    wish_value: Decimal
    """Per cent off, or the price in the product's currency."""
    email: str
    phone: str = ""
    note: str = ""
    best_time: str = ""
    may_contact_directly: bool = False
    asks_rivals: bool = True
    wants_texts: bool = False
    language: str = "en"
    product_title: str = ""
    """In the buyer's words; wanted only where the page could not be read."""


UNREADABLE_YET_ASKABLE = frozenset(
    {"not_product", "listing", "needs_script", "robots", "too_large", "too_slow", "unreachable", "not_html",
     "http_403", "http_429", "http_500"}
)  # fmt: skip
"""Why a page could not be read although its shop exists and can be asked."""


def may_ask_unread(reading_failure: str | None) -> bool:
    """Whether the buyer's own words may stand in for a page that could not be read."""
    return reading_failure in UNREADABLE_YET_ASKABLE


def check_wish(kind: WishKind, value: Decimal, price: Decimal | None) -> None:
    """Refuse a wish no shop could read.

    Raises:
        Refused: `percent_out_of_range`, `price_not_positive`, `price_not_lower`, `price_unknown`.

    """
    if kind is WishKind.PERCENT:
        if not is_discount(value):
            raise Refused("percent_out_of_range", "percent")
    elif not is_sum(value):
        raise Refused("price_not_positive", "price")
    elif price is None:
        raise Refused("price_unknown", "price")
    elif value >= price:
        raise Refused("price_not_lower", "price")


def wished_percent(kind: WishKind, value: Decimal, price: Decimal | None) -> Decimal | None:
    """The wish as per cent off; None where a price is wished for and the page named none."""
    if kind is WishKind.PERCENT:
        return value
    return percent_off(price, value) if price else None


def percent_in_its_place(wished: Money, page: Money | None, asked: Money | None) -> Decimal | None:
    """The wished price in per cent, for a shop it cannot be put to; None where it can.

    A rival may sell in another currency, or already for less than what is wished for: it is
    asked to come down as far as the buyer hoped the shop of the product would.
    """
    if page is None or asked is None:
        return None
    if asked.currency == wished.currency and wished.amount < asked.amount:
        return None
    percent = percent_off(page.amount, wished.amount).quantize(Decimal(1), ROUND_HALF_UP)
    return min(max(percent, SMALLEST_PERCENT), LARGEST_PERCENT)


def clean_origin(said: Mapping[str, str]) -> dict[str, str]:
    """Where a buyer came from, as far as it can be told: `via` always, more where it is said."""
    kept = {name: said.get(name, "").strip()[:LONGEST_ORIGIN] for name in ORIGIN}
    kept["via"] = kept["via"] if kept["via"] in VIAS else VIAS[0]
    return {name: value for name, value in kept.items() if value and value.isprintable()}


def request_number(draws: list[int]) -> str:
    """`R-` and five letters, from five random numbers."""
    return "R-" + "".join(NUMBER_LETTERS[draw % len(NUMBER_LETTERS)] for draw in draws)
