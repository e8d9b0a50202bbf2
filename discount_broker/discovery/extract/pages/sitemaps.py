"""The sitemap of a site: which of its thousands of pages may tell how to reach the shop."""

import re
import zlib
from dataclasses import dataclass
from html import escape, unescape
from itertools import islice

from discount_broker.discovery.extract.pages.links import ContactLink, find_contact_links
from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.kernel.urls import registrable_domain

LARGEST = 10_000_000
"""Bytes after unpacking; what lies behind is not read."""
PLACE = re.compile(r"<loc>\s*+(?:<!\[CDATA\[\s*+)?([^<\]\s]{1,2000})", re.IGNORECASE)
PROMISING = re.compile(
    r"[^/]*(?:contact|kontakt|contatt|impress|imprint|about|o-nas|o_nas|o-kompanii|rekvizit|feedback|svyaz|"
    r"support|help|service)[^/]*/?$",
    re.IGNORECASE,
)
"""Last part of an address that is worth a closer look."""
OF_PAGES = re.compile(r"page|static|info|content|main|stranic|post", re.IGNORECASE)
OF_GOODS = re.compile(r"product|image|categor|news|blog|brand|offer|goods|tovar|video|tag", re.IGNORECASE)
MOST_PLACES = 50_000
MOST_PROMISING = 200
MOST_PARTS = 5


@dataclass(frozen=True)
class Sitemap:
    links: tuple[ContactLink, ...] = ()
    parts: tuple[str, ...] = ()
    """Sitemaps it consists of, the likeliest to name the contacts first."""


def read_sitemap(content: bytes, content_type: str, url: str) -> Sitemap:
    """What a sitemap, packed or not, whole or cut short, says of pages with contacts."""
    text = decode_page(_unpacked(content), content_type)
    places = [unescape(found.group(1)) for found in islice(PLACE.finditer(text), MOST_PLACES)]
    if "<sitemapindex" in text[:2000]:
        own = registrable_domain(url)
        return Sitemap(parts=_parts([place for place in places if registrable_domain(place) == own]))
    anchors = [f'<a href="{escape(place)}"></a>' for place in places if PROMISING.search(place)]
    return Sitemap(links=tuple(find_contact_links("".join(anchors[:MOST_PROMISING]), url)))


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content[:LARGEST]
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, LARGEST)
    except zlib.error:
        return b""


def _parts(places: list[str]) -> tuple[str, ...]:
    ranked = sorted(places, key=lambda place: (not OF_PAGES.search(place), bool(OF_GOODS.search(place))))
    return tuple(ranked[:MOST_PARTS])
