"""A product put together from libraries: extruct's metadata, else the first heading and a price."""

import importlib
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree, html

from benchmarks.discovery.corpus import Page
from benchmarks.discovery.ours import Answer
from benchmarks.discovery.peers import Reader, iso_code

SYNTAXES = ["json-ld", "microdata", "opengraph"]
NAMES = (
    "concat(' ', translate(@class, 'PRICE', 'price'), ' ', translate(@id, 'PRICE', 'price'), ' ', @itemprop)"
)
PRICED = f"*[contains({NAMES}, 'price')]"
NOT_SHOWN = {"script", "style", "input", "meta", "del", "s", "strike"}
NOT_NOW = re.compile(r"old|was|list|regular|retail|rrp|msrp|crossed|strike|before|compare", re.IGNORECASE)
"""In the class of an element whose price is no longer, or not here, asked for."""
AVAILABILITY = {"instock": "in_stock", "outofstock": "out_of_stock", "soldout": "out_of_stock"}
NESTING = 6
"""Levels of JSON-LD into which products are looked for."""


def extruct_products() -> Reader:
    """As a developer would join them in an afternoon."""
    extract: Any = importlib.import_module("extruct").extract
    read_price: Any = importlib.import_module("zyte_parsers").extract_price

    def read(page: Page) -> Answer:
        tree = _tree(page.html)
        if tree is None:
            return {"product": None}
        seen = [] if page.is_blind else _metadata(extract, page)
        shown = _shown(tree, read_price)
        product = dict(shown)
        for item in reversed(seen):
            product |= {name: value for name, value in item.items() if value}
        is_product = bool(seen) or bool(shown.get("title") and shown.get("amount"))
        return {"product": _answer(product) if is_product else None}

    return read


def _tree(markup: str) -> Any:
    try:
        return html.document_fromstring(markup.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:
        return None


def _answer(product: dict[str, Any]) -> Answer:
    price = {"amount": product.get("amount"), "currency": product.get("currency")}
    return {"title": product.get("title"), "price": price, "availability": product.get("availability")}


def _metadata(extract: Any, page: Page) -> list[dict[str, Any]]:
    """Products in the page's metadata, in extruct's order."""
    found = extract(page.html, base_url=page.url, syntaxes=SYNTAXES, errors="ignore", uniform=True)
    items = [item for syntax in SYNTAXES for item in found.get(syntax, ())]
    return [_read(item) for item in _products(items, NESTING)]


def _products(node: Any, levels: int) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for each in node:
            yield from _products(each, levels)
    elif isinstance(node, dict) and levels:
        if "product" in str(node.get("@type") or "").lower().split("/")[-1]:
            yield node
        else:
            yield from _products(
                [value for value in node.values() if isinstance(value, dict | list)], levels - 1
            )


def _read(item: dict[str, Any]) -> dict[str, Any]:
    offer = _first(item.get("offers"))
    inner = _first(offer.get("offers"))
    said = str(offer.get("availability") or inner.get("availability") or "")
    amount = offer.get("price") or inner.get("price") or offer.get("lowPrice")
    return {
        "title": _text(item.get("name") or item.get("og:title")),
        "amount": _amount(amount or item.get("product:price:amount") or item.get("og:price:amount")),
        "currency": _text(
            offer.get("priceCurrency") or inner.get("priceCurrency") or item.get("product:price:currency")
        ),
        "availability": AVAILABILITY.get(said.rsplit("/", 1)[-1].lower()),
    }


def _first(node: Any) -> dict[str, Any]:
    nodes = node if isinstance(node, list) else [node]
    return next((each for each in nodes if isinstance(each, dict)), {})


def _text(value: Any) -> str | None:
    value = value[0] if isinstance(value, list) and value else value
    return value.strip() if isinstance(value, str) else None


def _amount(value: Any) -> str | None:
    written = _text(value) if not isinstance(value, int | float) else str(value)
    try:
        return str(Decimal(written.replace(",", "."))) if written else None
    except InvalidOperation:
        return None


def _shown(tree: Any, read_price: Any) -> dict[str, Any]:
    """The first heading, and the first price with a currency behind it in an element that is called one."""
    heading = next((each for each in tree.iter("h1") if each.text_content().strip()), None)
    title = None if heading is None else " ".join(heading.text_content().split())
    behind = () if heading is None else heading.xpath(f"following::{PRICED}")
    for element in (*behind, *tree.xpath(f"//{PRICED}")):
        if element.tag in NOT_SHOWN or NOT_NOW.search(element.get("class") or ""):
            continue
        price = read_price(element)
        if price.amount and price.currency:
            return {"title": title, "amount": str(price.amount), "currency": iso_code(price.currency)}
    return {"title": title}
