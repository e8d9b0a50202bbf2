"""When several buyers are one stronger request. Pure."""

from collections.abc import Iterable
from uuid import UUID

from discount_broker.kernel.urls import page_key

MINIMUM = 3
"""Fewer are put to a shop one by one: of two, each would know who the other is."""


def product_key(gtin: str | None, url: str) -> str:
    """What makes products of one shop the same: the article number, else the page."""
    return f"gtin:{gtin}" if gtin else f"url:{page_key(url)}"


def people_in(buyers: Iterable[UUID | None]) -> int:
    """How many want it together, each counted once; nobody below the minimum."""
    number = len({buyer for buyer in buyers if buyer is not None})
    return number if number >= MINIMUM else 0
