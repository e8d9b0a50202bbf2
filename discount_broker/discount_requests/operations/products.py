"""What a buyer says of a product where its page does not, or says something else."""

from datetime import datetime
from typing import Any

from discount_broker.discount_requests.models import DiscountRequest, Product
from discount_broker.discount_requests.rules import (
    LONGEST_TITLE,
    ProductSaid,
    check_product_said,
    may_ask_unread,
)
from discount_broker.discount_requests.status import ReadingStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.urls import find_link
from discount_broker.shops.operations import shop_of_url

COPIED = ("url", "old_price", "brand", "model", "sku", "gtin", "availability", "category", "language")
"""What the buyer's word leaves as the page said it."""


def take_the_buyers_word(request: DiscountRequest, said: ProductSaid, now: datetime) -> None:
    """Keep what the buyer says as a snapshot of its own, marked as theirs; nothing where it changes nothing.

    Raises:
        Refused: codes of `check_product_said`; `product_unread`, `product_title_missing`.

    """
    if request.reading is ReadingStatus.FAILED and not may_ask_unread(request.reading_failure):
        raise Refused("product_unread", "link")
    seen = request.product
    check_product_said(said, has_currency=seen is not None and seen.currency is not None)
    changed = _changed(said, seen)
    if seen is None and "title" not in changed:
        if request.reading is ReadingStatus.FAILED:
            raise Refused("product_title_missing", "product_title")
        return  # it is still being read: the page may say it
    if changed:
        request.product = _snapshot(request, seen, changed, now)
        db.session.flush()


def _changed(said: ProductSaid, seen: Product | None) -> dict[str, Any]:
    """What the buyer said otherwise than the page, by the name of its column."""
    given: dict[str, Any] = {
        "title": said.title.strip()[:LONGEST_TITLE],
        "price": said.price,
        "currency": said.currency if said.price is not None else "",
        "image": find_link(said.picture) if said.picture.strip() else "",
    }
    return {name: value for name, value in given.items() if value and value != getattr(seen, name, None)}


def _snapshot(
    request: DiscountRequest, seen: Product | None, changed: dict[str, Any], now: datetime
) -> Product:
    kept = {name: getattr(seen, name) for name in COPIED} if seen else {"url": request.product_url}
    before = {name: getattr(seen, name, None) for name in ("title", "price", "currency", "image")}
    evidence = dict(seen.evidence) if seen else {}
    sources = {**evidence.get("sources", {}), **dict.fromkeys(changed, "buyer")}
    return Product(
        **{**kept, **before, **changed},
        shop=seen.shop if seen else shop_of_url(request.product_url, now),
        confidence=seen.confidence if seen else 0,
        evidence={**evidence, "sources": sources},
        read_at=seen.read_at if seen else now,
    )
