"""Product feeds that are no XML: Google Merchant as a table with a header, and Shopify's `products.json`."""

import csv
import io
import json
from typing import Any
from urllib.parse import quote, urlsplit

from discount_broker.discovery.extract.feeds.items import Feed, FeedError, FeedItem, google_item
from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.discovery.extract.products.gtin import read_gtin
from discount_broker.discovery.extract.products.local_money import money_of_host
from discount_broker.discovery.extract.products.prices import parse_price

DELIMITERS = "\t;,|"
LONGEST_FIELD = 1_000_000


def read_table(content: bytes) -> Feed:
    """Google Merchant as tab or comma separated values.

    Raises:
        FeedError

    """
    text = decode_page(content).lstrip("\ufeff\x00 \r\n")
    header = text[:10_000].partition("\n")[0]
    delimiter = max(DELIMITERS, key=header.count)
    names = [_plain(name) for name in header.split(delimiter)]
    if not {"title", "link"} <= set(names):
        raise FeedError("not XML, not JSON, and no table whose first line names `title` and `link`")
    items: list[FeedItem] = []
    skipped = 0
    csv.field_size_limit(LONGEST_FIELD)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        next(rows)
        for row in rows:
            item = google_item(dict(zip(names, map(str.strip, row), strict=False)))
            items += [item] if item else []
            skipped += item is None and any(row)
    except csv.Error as error:
        raise FeedError(f"a broken table: {error}") from None
    return Feed("", "", items, skipped)


def _plain(name: str) -> str:
    return name.strip().strip('"').strip().lower().removeprefix("g:").replace(" ", "_")


def read_shopify(content: bytes, source: str) -> Feed:
    """The list that a shop on Shopify gives at `/products.json`; the shop is where it comes from.

    Raises:
        FeedError

    """
    try:
        listed = json.loads(content.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise FeedError("broken JSON") from None
    products = listed.get("products") if isinstance(listed, dict) else None
    if not isinstance(products, list):
        raise FeedError("JSON without a list of `products`")
    parts = urlsplit(source)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise FeedError("products.json names no shop: load it from the shop's address")
    shop = f"{parts.scheme}://{parts.netloc}"
    currency = money_of_host(parts.hostname or "")
    read = [_shopify_item(product, shop, currency) for product in products]
    items = [item for item in read if item]
    return Feed("", shop, items, len(read) - len(items))


def _shopify_item(product: Any, shop: str, currency: str | None) -> FeedItem | None:
    if not isinstance(product, dict):
        return None
    title, handle = (product.get(key) for key in ("title", "handle"))
    if not isinstance(title, str) or not isinstance(handle, str) or not title or not handle:
        return None
    variants = [one for one in _listed(product, "variants") if isinstance(one, dict)]
    on_sale = [one for one in variants if one.get("available", True)]
    shown = (on_sale or variants or [{}])[0]
    # The list never says the currency; a shop under a country's ending sells in that country's money.
    amount = parse_price(str(shown.get("price") or ""), currency)[0] if currency else None
    return FeedItem(
        url=f"{shop}/products/{quote(handle)}",
        title=title,
        price=amount,
        currency=currency if amount is not None else None,
        brand=str(product.get("vendor") or "") or None,
        model=str(shown.get("sku") or "") or None,
        gtin=read_gtin(str(shown.get("barcode") or "")) if len(variants) == 1 else None,
        image=next((str(one["src"]) for one in _listed(product, "images") if _has_source(one)), None),
        is_available=bool(on_sale),
    )


def _listed(product: dict[str, Any], key: str) -> list[Any]:
    value = product.get(key)
    return value if isinstance(value, list) else []


def _has_source(image: Any) -> bool:
    return isinstance(image, dict) and bool(image.get("src"))
