"""What the boxes of a page are called, and what that says of the words and prices in them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from discount_broker.discovery.extract.pages.page import Document, is_hidden

# Plain numbers that are added up: members of an enum cost more than all else here.
PRICE, NOW, FORMER, ASIDE, ELSEWHERE, TITLE = (1 << place for place in range(6))
"""A price; the one of now; of a price that holds no more; of a sum that is no price (delivery, instalment);
other products, or the head and foot of the page; the name of a product."""


# Classes are matched in lower case, without re.IGNORECASE: it would take twice as long.
CALLED = (
    (PRICE, r"price|cost|цена|cena|preis|prix|precio|prezzo|preco|hinta|amount|kaina|\bsum\b|стоим|tsena"),
    (
        NOW,
        (r"current|special|sale|final|actual|\bnew|now|main|offer|our|today|product|detail|big|buybox|total"),
    ),
    (
        FORMER,
        (
            r"old|(?:^|[^a-z])was|strike|crossed|list[-_]?price|price[-_]?list|rrp|uvp|before|regular|"
            r"compare|msrp|retro|previous|base[-_]?price|line-?through|original|without|full-?price|crossout|"
            r"stroke|statt|vorher|pseudo|\bprev"
        ),
    ),
    (
        ASIDE,
        (
            r"sav(?:e|ing)|econom|выгод|эконом|install|month|рассроч|кредит|loan|shipping|deliver|"
            r"доставк|versand|bonus|бонус|cashback|loyal|points|unit[-_]?price|per[-_]?unit|tier|wholesale|опт|"
            r"mini-?cart|mini-basket|cart|basket|subtotal|badge|grundpreis|threshold|from[-_]?price|min[-_]?order|"
            r"gift|deposit|tax|vat|warranty|add-?on|option|upsell|swatch|compare-|credit|klarna|affirm|afterpay"
        ),
    ),
    (
        ELSEWHERE,
        (
            r"relat|recommend|similar|upsell|cross|also|viewed|recent|carousel|slider|swiper|owl|"
            r"slick|foot|header|(?:^|[-_ ])nav|menu|filter|facet|sidebar|review|bestsell|popular|"
            r"suggest|accessor|bought|together|bundle|похож|сопутств|с-этим|history|top-?sell|listing|product-?list|"
            r"products?-?grid|catalog-?item|catalog-?list|teaser|complement|look|collection-|promo|banner|modal|"
            r"pop-?up|compare|wishlist|topbar|zubeh|aehnlich|mini-?cart|mini-?basket|"
            r"cart-(?:popup|modal|drawer|side)|side-?cart|autocomplete|search-|comment"
        ),
    ),
    (
        TITLE,
        (
            r"product[-_]*(?:title|name)|(?:title|name)[-_]*product|goods[-_]*(?:title|name)|"
            r"item[-_]*(?:title|name)|prod[-_]*(?:name|title)"
        ),
    ),
)
PATTERNS = tuple((box, re.compile(pattern)) for box, pattern in CALLED)
APART = frozenset({"footer", "nav", "aside"})
EDGES = frozenset({"body", "html"})


@lru_cache(maxsize=16_384)
def meaning(classes: str) -> int:
    """What a list of classes says; the same lists come back hundreds of times on a page."""
    return sum(box for box, pattern in PATTERNS if pattern.search(classes))


def called(element: Any) -> int:
    """What the classes and the id of one element say."""
    classes, identity = element.get("class"), element.get("id")
    return meaning(f"{classes or ''} {identity or ''}".lower()) if classes or identity else 0


def with_class(document: Document, part: re.Pattern[str]) -> Iterator[Any]:
    """The elements whose classes hold a part of a word: a walk that ends with the last one asked for."""
    search = part.search
    for element in document.tree.iter("*"):
        if (classes := element.get("class")) and search(classes):
            yield element


def around(element: Any, levels: int) -> Iterator[Any]:
    """The element and the boxes it stands in, from the inside."""
    while element is not None and levels and element.tag not in EDGES:
        yield element
        element, levels = element.getparent(), levels - 1


def stands_in(box: int, element: Any, levels: int) -> bool:
    """The element, or one of the boxes around it, is called like that."""
    return any(box & called(one) for one in around(element, levels))


def is_elsewhere(element: Any) -> bool:
    """In a box of other products, the head or the foot."""
    return any(one.tag in APART or ELSEWHERE & called(one) for one in around(element, 9))


def is_out_of_sight(element: Any) -> bool:
    """Hidden by its own markup or by that of a box around it."""
    return any(is_hidden(one) for one in around(element, 12))


def signature(element: Any) -> str:
    """The kind of box something stands in: tags and classes of four levels."""
    return "<".join([f"{one.tag}.{_unnumbered(one.get('class') or '')}" for one in around(element, 4)])


@lru_cache(maxsize=4096)
def _unnumbered(classes: str) -> str:
    return re.sub("[0-9]+", "", classes)[:200]
