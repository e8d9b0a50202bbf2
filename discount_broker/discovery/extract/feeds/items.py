"""What every kind of product feed is read into."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from discount_broker.discovery.extract.products.gtin import read_gtin
from discount_broker.discovery.extract.products.prices import parse_price
from discount_broker.kernel.errors import BrokerError


class FeedError(BrokerError):
    """The file is no product feed; the message says what is wrong with it."""


@dataclass(frozen=True)
class FeedItem:
    url: str
    title: str
    price: Decimal | None = None
    currency: str | None = None
    brand: str | None = None
    model: str | None = None
    gtin: str | None = None
    image: str | None = None
    is_available: bool = True


@dataclass(frozen=True)
class Feed:
    shop_name: str
    shop_url: str
    items: list[FeedItem]
    skipped: int
    """Entries without a link or a title."""


def google_item(facts: Mapping[str, str]) -> FeedItem | None:
    """One item of https://support.google.com/merchants/answer/7052112."""
    title, url = facts.get("title", ""), facts.get("link", "")
    if not title or not url:
        return None
    amount, currency = parse_price(facts.get("sale_price") or facts.get("price"), None)
    return FeedItem(
        url=url,
        title=title,
        price=amount if currency else None,
        currency=currency if amount is not None else None,
        brand=facts.get("brand") or None,
        model=facts.get("mpn") or None,
        gtin=read_gtin(facts.get("gtin")),
        image=facts.get("image_link") or None,
        is_available=facts.get("availability", "in stock").replace("_", " ").lower()
        in ("in stock", "preorder"),
    )
