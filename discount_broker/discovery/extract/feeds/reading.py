"""Product feeds: Yandex YML, Google Merchant (RSS 2.0, Atom, tables) and Shopify's list, as bytes."""

import gzip
import io
from collections.abc import Iterator
from typing import Any

from lxml import etree

from discount_broker.discovery.extract.feeds.flat import read_shopify, read_table
from discount_broker.discovery.extract.feeds.items import Feed, FeedError, FeedItem, google_item
from discount_broker.discovery.extract.products.gtin import read_gtin
from discount_broker.discovery.extract.products.prices import parse_price

__all__ = ["Feed", "FeedError", "FeedItem", "read_feed"]

GZIP = b"\x1f\x8b"
LARGEST = 500_000_000
"""Bytes after decompression."""
RUBLE_OF_OLD = "RUR"
"""How YML calls the rouble."""
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_feed(content: bytes, source: str = "", largest: int = LARGEST) -> Feed:
    """The shop and the products of a feed; `source` is where it lies, for those that name no shop.

    `largest` is what it may come to in bytes, once it is unpacked.

    Raises:
        FeedError

    """
    begin = (content := _unpacked(content, largest))[:200].lstrip(b"".join(MARKS) + b" \t\r\n\x00")
    if begin[:1] in (b"{", b"["):
        return read_shopify(content, source)
    if begin[:1] != b"<":
        return read_table(content)
    return _read_xml(content)


def _read_xml(content: bytes) -> Feed:
    root_tag = _root_tag(content)
    readers = {"yml_catalog": _read_yml, "rss": _read_google, "feed": _read_google}
    if root_tag not in readers:
        raise FeedError(f"neither Yandex YML nor Google Merchant: the file begins with <{root_tag}>")
    try:
        return readers[root_tag](content)
    except etree.XMLSyntaxError as error:
        raise FeedError(f"broken XML: {error.msg}") from None


def _unpacked(content: bytes, largest: int) -> bytes:
    if not content.startswith(GZIP):
        return content
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            unpacked = packed.read(largest + 1)
    except (OSError, EOFError):
        raise FeedError("a broken gzip file") from None
    if len(unpacked) > largest:
        raise FeedError(f"larger than {largest // 1_000_000} MB when unpacked")
    return unpacked


def _elements(content: bytes, events: tuple[str, ...] = ("end",)) -> Iterator[tuple[str, Any]]:
    # No entities, no network: a feed comes from a stranger.
    return iter(
        etree.iterparse(
            io.BytesIO(content),
            events=events,
            resolve_entities=False,
            no_network=True,
            recover=False,
            load_dtd=False,
        )
    )


def _root_tag(content: bytes) -> str:
    try:
        _, root = next(_elements(content, ("start",)))
    except (StopIteration, etree.XMLSyntaxError):
        raise FeedError("not XML") from None
    return str(etree.QName(root).localname)


def _read_yml(content: bytes) -> Feed:
    name, url, skipped = "", "", 0
    items: list[FeedItem] = []
    for _, element in _elements(content):
        parent = element.getparent()
        in_shop = parent is not None and parent.tag == "shop"
        if element.tag == "name" and in_shop:
            name = _text(element)
        elif element.tag == "url" and in_shop:
            url = _text(element)
        elif element.tag == "offer":
            item = _yml_item(element)
            items += [item] if item else []
            skipped += item is None
            element.clear()
    return Feed(name, url, items, skipped)


def _yml_item(offer: Any) -> FeedItem | None:
    """One `offer` of https://yandex.ru/support/partnermarket/export/yml.html."""
    facts = {str(child.tag): _text(child) for child in offer if isinstance(child.tag, str)}
    typed = " ".join(facts.get(part, "") for part in ("typePrefix", "vendor", "model")).strip()
    title, url = facts.get("name") or typed, facts.get("url", "")
    if not title or not url:
        return None
    amount, _ = parse_price(facts.get("price"), None)
    currency = facts.get("currencyId", "RUB").upper()
    return FeedItem(
        url=url,
        title=title,
        price=amount,
        currency=("RUB" if currency == RUBLE_OF_OLD else currency) if amount is not None else None,
        brand=facts.get("vendor") or None,
        model=facts.get("model") or facts.get("vendorCode") or None,
        gtin=read_gtin(facts.get("barcode")),
        image=facts.get("picture") or None,
        is_available=offer.get("available") != "false",
    )


def _read_google(content: bytes) -> Feed:
    name, url, skipped = "", "", 0
    items: list[FeedItem] = []
    for _, element in _elements(content):
        tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
        parent = element.getparent()
        in_head = parent is not None and etree.QName(parent).localname in ("channel", "feed")
        if tag == "title" and in_head:
            name = _text(element)
        elif tag == "link" and in_head:
            url = url or _text(element) or element.get("href", "")
        elif tag in ("item", "entry"):
            item = _google_item(element)
            items += [item] if item else []
            skipped += item is None
            element.clear()
    return Feed(name, url, items, skipped)


def _google_item(entry: Any) -> FeedItem | None:
    facts: dict[str, str] = {}
    for child in entry:
        if isinstance(child.tag, str):
            facts.setdefault(etree.QName(child).localname, _text(child) or child.get("href", ""))
    return google_item(facts)


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
