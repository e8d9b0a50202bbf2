"""The prices that a page shows, each with the signs that it is the one to pay."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from discount_broker.discovery.extract.currencies import find_currency
from discount_broker.discovery.extract.page import UNSEEN, Document, inner_text, is_hidden, squeeze
from discount_broker.discovery.extract.prices import parse_price

NO_PRICE = re.compile(r"\d\s*%|\d{1,2}:\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
"""Percentages, times of day and dates."""
STRUCK = ("del", "s", "strike")
LONGEST = 48
DIGIT = re.compile(r"\d")
MOST = 400
PRICE_WORD = re.compile(
    r"price|cost|цена|cena|preis|prix|precio|prezzo|preco|hinta|amount|kaina|\bsum\b|стоим|tsena",
    re.IGNORECASE,
)
CURRENT = re.compile(
    r"current|special|sale|final|actual|\bnew|now|main|offer|our|today|product|detail|big|buybox|total",
    re.IGNORECASE,
)
FORMER = re.compile(
    r"old|(?:^|[^a-z])was|strike|crossed|list[-_]?price|price[-_]?list|rrp|uvp|before|regular|"
    r"compare|msrp|retro|previous|base[-_]?price|"
    r"line-?through|original|without|full-?price|crossout|stroke|statt|vorher|pseudo|\bprev",
    re.IGNORECASE,
)
ASIDE = re.compile(
    r"sav(?:e|ing)|econom|выгод|эконом|install|month|рассроч|кредит|loan|shipping|deliver|"
    r"доставк|versand|bonus|бонус|cashback|loyal|points|"
    r"unit[-_]?price|per[-_]?unit|tier|wholesale|опт|minicart|mini-cart|mini-basket|cart|"
    r"basket|subtotal|badge|grundpreis|threshold|"
    r"from[-_]?price|min[-_]?order|gift|deposit|tax|vat|warranty|addon|add-on|option|upsell|"
    r"swatch|compare-|credit|klarna|affirm|afterpay",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"relat|recommend|similar|upsell|cross|also|viewed|recent|carousel|slider|swiper|owl|"
    r"slick|foot|header|(?:^|[-_ ])nav|menu|filter|facet|sidebar|"
    r"review|bestsell|popular|suggest|accessor|bought|together|bundle|похож|сопутств|с-этим|"
    r"history|top-?sell|listing|product-?list|products-?grid|"
    r"product-?grid|catalog-?item|catalog-?list|teaser|complement|look|collection-|promo|"
    r"banner|modal|popup|pop-up|compare|wishlist|topbar|"
    r"zubeh|aehnlich|mini-?cart|mini-?basket|cart-(?:popup|modal|drawer|side)|side-?cart|"
    r"header-cart|autocomplete|search-|comment",
    re.IGNORECASE,
)
SAID_FORMER = re.compile(
    r"\bwas\b|rrp|uvp|statt|старая|было|без скидки|list price|msrp|regular|instead|ehem|reg\.|"
    r"обычная|розничн|compare at|vorher",
    re.IGNORECASE,
)
SAID_ASIDE = re.compile(
    r"shipping|delivery|доставк|versand|мес\b|/mo\b|month|monat|save\b|you save|экономия|"
    r"выгода|скидка|spar|discount|бонус|over \$|orders|from \$?\d+/|"
    r"installments|payments|per (?:kg|l|100)|/\s*(?:kg|l\b|100|шт|м2|м²|кг|st)|pro\s|как|"
    r"cashback|gift|free|бесплатн|min\.|минимальн|points",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class ShownPrice:
    amount: Decimal
    currency: str | None
    text: str
    element: Any
    place: int
    """In the order of the document's elements."""
    is_named: bool
    """Its classes call it a price."""
    is_former: bool
    is_aside: bool
    is_elsewhere: bool
    """In a box of other products, the head, the foot."""
    is_current: bool
    """Its classes call it the price of now."""
    chatter: int
    """Letters beside the number: the more, the less a price tag it is."""
    twins: int = 0
    """How many prices stand in the same kind of box."""


def shown_prices(document: Document) -> list[ShownPrice]:
    """Every price of the page, in document order."""
    seen: set[Any] = set()
    found: list[ShownPrice] = []
    for element in map(_whole, _with_digits(document)):
        if element in seen or len(found) >= MOST:
            continue
        seen.add(element)
        price = _read(element, document)
        if price is not None:
            found.append(price)
    counts = Counter(_box(price.element) for price in found)
    return [ShownPrice(**{**price.__dict__, "twins": counts[_box(price.element)]}) for price in found]


def _with_digits(document: Document) -> Iterator[Any]:
    for element in document.tree.iter():
        tag = element.tag
        if not isinstance(tag, str) or tag in UNSEEN or tag in ("html", "body", "select", "input"):
            continue
        text = element.text or ""
        own = text if DIGIT.search(text) else "".join(child.tail or "" for child in element)
        if len(own) < 200 and DIGIT.search(own):
            yield element


def _whole(element: Any) -> Any:
    """The box around a number that holds the rest of its price: currency, cents, thousands."""
    best, text = element, inner_text(element)
    for _ in range(3):
        parent = element.getparent()
        if (
            parent is None
            or parent.tag in ("body", "del", "s", "strike")
            or element.tag in ("del", "s", "strike", "ins")
        ):
            break
        wider = inner_text(parent)
        if len(wider) > LONGEST or _amounts(wider) > max(1, _amounts(text)):
            break
        if wider != text and (
            find_currency(text) is not None
            and find_currency(wider) is not None
            and not _adds_digits(text, wider)
        ):
            break
        best, text, element = parent, wider, parent
    return best


def _adds_digits(text: str, wider: str) -> bool:
    return sum(map(str.isdigit, wider)) > sum(map(str.isdigit, text))


def _amounts(text: str) -> int:
    return len(re.findall(r"\d[\d\s.,'’]*", text))


def _read(element: Any, document: Document) -> ShownPrice | None:
    text = inner_text(element)
    if not text or len(text) > LONGEST or NO_PRICE.search(text):
        return None
    named = stands_in(PRICE_WORD, element, 3)
    amount, _ = parse_price(_split_cents(element, text))
    # Signs of one letter (`R`, `E`) are currencies in a price list, and anything at all on a page.
    currency = find_currency(text)
    chatter = len(re.sub(r"[\W\d_]+", "", text))
    if chatter > 28 or not amount or (currency is None and not named) or _is_hidden(element):
        return None
    if currency is None and (len(re.sub(r"[\d.,\s]", "", text)) > 12 or amount < 1):
        return None
    lead = _lead(element)
    return ShownPrice(
        amount=amount,
        currency=currency,
        text=text,
        element=element,
        place=document.order.get(element, 0),
        is_named=named,
        is_former=_is_struck(element)
        or stands_in(FORMER, element, 2)
        or bool(SAID_FORMER.search(f"{lead[-30:]} {text}")),
        is_aside=stands_in(ASIDE, element, 3) or bool(SAID_ASIDE.search(f"{lead[-40:]} {text}")),
        is_elsewhere=stands_in(ELSEWHERE, element, 9)
        or any(up.tag in ("footer", "nav", "aside") for up in element.iterancestors()),
        is_current=stands_in(CURRENT, element, 3),
        chatter=chatter,
    )


def _is_struck(element: Any) -> bool:
    """Crossed out, itself or a part of it or what it stands in."""
    if any(up.tag in STRUCK for up in (element, *element.iterancestors())):
        return True
    return any(element.find(f".//{tag}") is not None for tag in STRUCK)


def _split_cents(element: Any, text: str) -> str:
    """`<span>19<sup>99</sup></span>`: cents set apart only by their size."""
    sup = element.find(".//sup")
    cents = squeeze(sup.text or "") if sup is not None else ""
    if re.fullmatch(r"[.,]?\d\d", cents) and text.count(cents) and not re.search(r"[.,]\d\d\b", text):
        return re.sub(rf"(\d)\s?{re.escape(cents)}(?!\d)", rf"\1.{cents.lstrip('.,')}", text, count=1)
    return text


@lru_cache(maxsize=16_384)
def says(pattern: re.Pattern[str], classes: str) -> bool:
    """A class list matches; the same lists come back hundreds of times on a page."""
    return bool(pattern.search(classes))


def classes_of(element: Any) -> str:
    """The classes and the id of one element."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def stands_in(pattern: re.Pattern[str], element: Any, levels: int) -> bool:
    """The element, or one of the boxes around it, is called like that by its classes."""
    while element is not None and levels and element.tag not in ("body", "html"):
        if says(pattern, classes_of(element)):
            return True
        element, levels = element.getparent(), levels - 1
    return False


def _lead(element: Any) -> str:
    """The words right before a price."""
    previous = element.getprevious()
    if previous is not None:
        return squeeze(previous.tail or "") or inner_text(previous)[-60:]
    parent = element.getparent()
    return squeeze(parent.text or "")[-60:] if parent is not None else ""


def _is_hidden(element: Any) -> bool:
    return is_hidden(element) or any(is_hidden(above) for above in element.iterancestors())


def _box(element: Any) -> str:
    """The kind of box a price stands in: tags and classes of three levels."""
    parts: list[str] = []
    for _ in range(4):
        if element is None:
            break
        parts.append(f"{element.tag}.{re.sub(r'[0-9]+', '', element.get('class') or '')}")
        element = element.getparent()
    return "<".join(parts)
