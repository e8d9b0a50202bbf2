"""What a buyer may wish for, and how a request is named. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from discount_broker.accounts.rules.consents import ConsentSaid
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.money import (
    LARGEST_PERCENT,
    SMALLEST_PERCENT,
    Money,
    is_beyond_discount,
    is_discount,
    is_sum,
    percent_off,
)

LONGEST_NOTE = 500
LONGEST_TITLE = 200
LONGEST_CITY = 100
LARGEST_QUANTITY = 999
MOST_IN_BASKET = 5
FARTHEST_ANSWERS = timedelta(days=60)
CONFIRM_WITHIN = timedelta(days=3)
REMIND_AFTER = timedelta(days=1)
"""So long a request may wait to be confirmed before its buyer is asked, once, whether to go on."""
ANSWERS_WANTED_FOR = timedelta(days=14)
ORIGIN = ("via", "referrer", "campaign", "source", "medium")
"""What is kept of where a buyer came from; the referrer is the name of a site alone."""
VIAS = ("form", "bookmarklet", "share", "api")
LONGEST_ORIGIN = 100
NUMBER_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0/O, 1/I/L, U/V: the number is told over the phone."""


class WishKind(StrEnum):
    PERCENT = "percent"
    PRICE = "price"


@dataclass(frozen=True, kw_only=True)
class ProductSaid:
    """What the buyer says of a product, where its page hides it or says it wrongly."""

    title: str = ""
    price: Decimal | None = None
    currency: str = ""
    picture: str = ""
    """A link to it."""


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
    said: Mapping[UUID, ProductSaid] = field(default_factory=dict)
    """The same and more, by the request it is about."""
    quantity: int = 1
    city: str = ""
    answers_by: date | None = None
    """The last day, by the clock of `zone`."""
    zone: str = ""
    """IANA name of the buyer's time zone, where it is known; else that of the installation counts."""
    consents: tuple[ConsentSaid, ...] = ()


UNREADABLE_YET_ASKABLE = frozenset(
    {"not_product", "listing", "needs_script", "robots", "too_large", "too_slow", "unreachable", "not_html",
     "http_403", "http_429", "http_500"}
)  # fmt: skip
"""Why a page could not be read although its shop exists and can be asked."""


FOR_RIVALS_ALONE = frozenset({"marketplace", "aggregator"})
"""Pages of nobody who could be asked; shops that sell the same can."""


def may_ask_unread(reading_failure: str | None) -> bool:
    """Whether the buyer's own words may stand in for a page that could not be read."""
    return reading_failure in UNREADABLE_YET_ASKABLE | FOR_RIVALS_ALONE


def is_for_rivals_alone(reading_failure: str | None) -> bool:
    """Whether the site of the link itself is not asked."""
    return reading_failure in FOR_RIVALS_ALONE


def check_wish(kind: WishKind, value: Decimal, price: Decimal | None) -> None:
    """Refuse a wish no shop could read.

    Raises:
        Refused: `percent_out_of_range`, `price_not_positive`, `price_not_lower`, `price_too_low`,
            `price_unknown`.

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
    elif is_beyond_discount(value, price):
        raise Refused("price_too_low", "price")


def check_wish_for_all(kind: WishKind) -> None:
    """Several products have no price in common.

    Raises:
        Refused: `percent_for_all`.

    """
    if kind is not WishKind.PERCENT:
        raise Refused("percent_for_all", "price")


def check_quantity(quantity: int) -> None:
    """Refuse what nobody buys at a counter.

    Raises:
        Refused: `quantity_out_of_range`.

    """
    if not 1 <= quantity <= LARGEST_QUANTITY:
        raise Refused("quantity_out_of_range", "quantity")


def check_answers_by(day: date | None, today: date) -> None:
    """Refuse a last day that is over, or too far away for a shop to care.

    Raises:
        Refused: `answers_by_past`, `answers_by_far`.

    """
    if day is None:
        return
    if day < today:
        raise Refused("answers_by_past", "answers_by")
    if day - today > FARTHEST_ANSWERS:
        raise Refused("answers_by_far", "answers_by")


def answers_end_at(day: date | None, zone: ZoneInfo, now: datetime) -> datetime:
    """Until when answers are wanted: to the end of the day named, else two weeks."""
    if day is None:
        return now + ANSWERS_WANTED_FOR
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def check_product_said(said: ProductSaid, *, has_currency: bool) -> None:
    """Refuse a price nobody could pay, or one of which nobody knows in what.

    Raises:
        Refused: `product_price_wrong`, `currency_missing`, `picture_not_link`.

    """
    if said.price is not None and not is_sum(said.price):
        raise Refused("product_price_wrong", "product_price")
    if said.price is not None and not (has_currency or said.currency):
        raise Refused("currency_missing", "product_currency")
    if said.currency and not re.fullmatch(r"[A-Z]{3}", said.currency):
        raise Refused("currency_missing", "product_currency")
    if said.picture.strip() and not re.match(r"https?://[^\s/]+\.[^\s/]+/\S+$", said.picture.strip()):
        raise Refused("picture_not_link", "product_picture")


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
