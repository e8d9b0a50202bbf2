"""The name of a product as its page shows it: the heading, or the page's title without the shop."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from discount_broker.discovery.extract.pages.page import Document, inner_text, lines_of, squeeze
from discount_broker.discovery.extract.products.boxes import (
    TITLE,
    is_elsewhere,
    is_out_of_sight,
    stands_in,
    with_class,
)

LONGEST = 300
WORD = re.compile(r"\w+")
PARTS = re.compile(r"\s+[|–—»:·•/]+\s+|\s+-\s+|\s*\|\s*|\s+::\s+")
TITLE_CLASSES = re.compile("[Tt]itle|[Nn]ame")
SALES_TALK = re.compile(
    r"^(?:купить|заказать|buy|kaufen|acheter|comprar|shop|order)\s+|"
    r"\s*[-–—,.:]?\s*(?:купить|заказать|недорого|по (?:низкой|выгодной|лучшей) цене|buy online|online kaufen|"
    r"kaufen|цена|günstig).*$",
    re.IGNORECASE,
)
MOST = 60
GOOD_ENOUGH = 0.6
NO_LETTER = re.compile(r"[\W\d_]+")


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """The words of a name, in lower case."""
    return frozenset(WORD.findall(text[:LONGEST].lower()))


def alike(first: str, second: str) -> float:
    """How much two names share, from 0 to 1; one that holds the other is nearly the same."""
    one, other = words_of(first), words_of(second)
    if not one or not other:
        return 0.0
    shared = len(one & other)
    if shared == min(len(one), len(other)):
        return 0.8 + 0.2 * shared / max(len(one), len(other))
    return 2 * shared / (len(one) + len(other))


class Heading:
    """The element that names the product, and its words."""

    def __init__(self, element: Any, text: str, weight: float) -> None:
        self.element, self.text, self.weight = element, text, weight


def find_heading(document: Document) -> Heading | None:
    """The first heading by its tag that fits the page's title; else what is called a title, or fits it."""
    tops = [
        found for element in _first(document.tree.iter("h1")) if (found := _heading(element, document, 0.3))
    ]
    best = max(tops, key=lambda one: one.weight, default=None)
    if best is not None and best.weight >= GOOD_ENOUGH:
        return best
    others = [*tops, *_others(document)]
    return max(others, key=lambda one: one.weight, default=None)


def _others(document: Document) -> list[Heading]:
    """Headings of a lower rank and boxes called titles, as far as the page's title speaks of them."""
    title, found = document.title, list[Heading]()
    for element in islice(with_class(document, TITLE_CLASSES), MOST):
        if len(element) < 6 and stands_in(TITLE, element, 1) and (one := _heading(element, document, 0.3)):
            found.append(one)
    for element in _first(document.tree.iter("h2", "h3")):
        one = _heading(element, document, 0.0)
        if one is not None and len(one.text) > 8 and alike(one.text, title) >= 0.8:
            found.append(one)
    return found


def _first(elements: Any) -> list[Any]:
    return [element for element, _ in zip(elements, range(MOST), strict=False)]


def _heading(element: Any, document: Document, bonus: float) -> Heading | None:
    text = name_in(element, document.title)
    if not 2 < len(text) < LONGEST or is_out_of_sight(element):
        return None
    weight = alike(text, document.title) * (0.5 + min(len(text), 40) / 80) + bonus
    weight += 0.3 * stands_in(TITLE, element, 3) - 0.4 * is_elsewhere(element)
    return Heading(element, text, weight)


def name_in(element: Any, title: str) -> str:
    """The words of a heading; only its first line, or first piece, where the rest is buttons and badges."""
    whole = inner_text(element)
    if not len(element) or not title or whole.lower() in title.lower():
        return whole
    lines = [line.text for line in lines_of(element)]
    pieces = [piece for piece in map(squeeze, element.itertext()) if len(piece) > 3]
    named = [part for part in (*lines[:1], *pieces[:1]) if len(part) > 3 and part.lower() in title.lower()]
    return max([" ".join(lines), *named], key=lambda part: alike(part, title))


def title_without_shop(document: Document) -> str | None:
    """The part of the page's title that names the product; None where it names nothing but the shop."""
    own = [part for part in PARTS.split(document.title) if part.strip() and not _is_shop(part, document.host)]
    if not own:
        return None
    chosen = own[0] if len(own[0]) > 8 or len(own) == 1 else max(own, key=len)
    return SALES_TALK.sub("", squeeze(chosen))[:LONGEST] or None


def without_shop(name: str, host: str) -> str:
    """A name without the shop's own at its end."""
    ends = [found.span() for found in PARTS.finditer(name[:LONGEST])]
    for start, end in reversed(ends):
        if start and _is_shop(name[end:], host):
            name = name[:start]
    return name


def _is_shop(part: str, host: str) -> bool:
    """A part of a title that is little but the name in the address: a phone number may stand beside it."""
    plain, own = NO_LETTER.sub("", part).lower(), NO_LETTER.sub("", host.rpartition(".")[0]).lower()
    return len(plain) > 3 and (plain in own or (len(own) > 3 and own in plain and len(plain) < 2 * len(own)))


def name_before_facts(lines: Sequence[str], place: int) -> str | None:
    """Where no heading names the product: the last line of words before what is said of it."""
    above = [text for text in lines[max(0, place - 6) : place] if 8 < len(text) < 200 and ":" not in text]
    return above[-1] if above else None
