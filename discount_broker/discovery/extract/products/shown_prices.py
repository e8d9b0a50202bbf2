"""The prices that a page shows, each with the signs that it is the one to pay."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, reduce
from itertools import accumulate, islice
from operator import or_
from typing import Any, NamedTuple

from discount_broker.discovery.extract.pages.page import SEPARATOR, Document, Line, squeeze
from discount_broker.discovery.extract.products.boxes import (
    ASIDE,
    FORMER,
    NOW,
    PRICE,
    around,
    called,
    is_elsewhere,
    is_out_of_sight,
    signature,
    with_class,
)
from discount_broker.discovery.extract.products.local_money import money_of_host
from discount_broker.discovery.extract.products.money import Sum, find_sums, fold
from discount_broker.discovery.extract.products.paths import string_of
from discount_broker.discovery.extract.products.prices import parse_price

MOST_SUMS = 1000
MOST = 60
LONGEST = 48
LONGEST_LINE = 2000
PRICE_CLASSES = re.compile("rice|cena|cost|[Pp]reis|sum")
STRUCK = frozenset({"del", "s", "strike"})
NO_PRICE = re.compile(r"\d\s*%|\d{1,2}:\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
"""Percentages, times of day and dates."""
SAID_FORMER = re.compile(
    r"\bwas\b|rrp|uvp|statt|старая|было|без скидки|list price|msrp|regular|instead|ehem|reg\.|"
    r"обычная|розничн|compare at|vorher|原價|市價|定價"
)
SAID_ASIDE = re.compile(
    r"shipping|delivery|доставк|versand|мес\b|/mo\b|month|monat|save\b|you save|экономия|"
    r"выгода|скидка|spar|discount|бонус|over \$|orders|from \$?\d+/|"
    r"installments|payments|per (?:kg|l|100)|/\s*(?:kg|l\b|100|шт|м2|м²|кг|st)|pro\s|как|"
    r"cashback|gift|free|бесплатн|min\.|минимальн|points|現省|折扣|estimate|starting (?:price|bid)|bids?\b"
)
TAIL_ASIDE = re.compile(r"\s?(?:/ ?\w+|per \w+|pro \w+|monthly|a month|в месяц|в мес|mtl)")
LEADING = re.compile(r"[\d.,'’]+")
NO_LETTERS = re.compile(r"[\W\d_]+")
LABELLED = re.compile(
    r"^(?:цена|стоимость|price|our price|preis|prix|precio|prezzo|cena|cijena|preço|hinta|pris)\b"
    r"[^\d\n]{0,15}[\s:]{1,3}(\d[\d .,]{0,14})(?!\s?%)(?=\s|$)",
    re.MULTILINE,
)


@dataclass(frozen=True, eq=False)
class ShownPrice:
    amount: Decimal
    currency: str | None
    element: Any
    place: int
    """The number of its line."""
    is_named: bool
    """Its classes, or the word before it, call it a price."""
    is_former: bool
    is_aside: bool
    is_elsewhere: bool
    """In a box of other products, the head, the foot."""
    is_now: bool
    """Its classes call it the price of now."""
    chatter: int
    """Letters beside the number: the more, the less a price tag it is."""
    twins: int = 0
    """How many prices stand in the same kind of box."""


class PriceReader:
    """Finds sums in the text of a page, and looks at the boxes of those that may matter."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = fold(document.text)
        self.sums = find_sums(self.text, MOST_SUMS, money_of_host(document.host))
        self._digits: dict[Any, str | None] = {}

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate([len(line.text) + 1 for line in self.document.lines[:-1]], initial=0))

    def line_of(self, place: int) -> int:
        """The number of the line in which a place of the text lies."""
        return bisect_right(self._starts, place) - 1

    def start_of(self, line: int) -> int:
        """Where a line begins in the text."""
        return self._starts[max(0, min(line, len(self._starts) - 1))]

    def prices(self, heading_line: int) -> list[ShownPrice]:
        """The prices around and after a line, in the order of the page."""
        begin = self.start_of(heading_line - 60)
        near = [one for one in self.sums if one.start >= begin] or self.sums
        found = [price for one in near[:MOST] if (price := self._read(one)) is not None]
        found += self._labelled()
        if not any(not price.is_elsewhere for price in found):
            found += self._called({price.element for price in found})
        counts = Counter(signature(price.element) for price in found)
        return [replace(price, twins=counts[signature(price.element)]) for price in found]

    def _read(self, one: Sum) -> ShownPrice | None:
        number = self.line_of(one.number)
        line = self.document.lines[number]
        if len(line.text) > LONGEST_LINE:
            return None
        owner = self.document.page_text.element_of(one.number)
        piece, rest = _piece(line, one.number - self._starts[number])
        amount = _as_parted(one, rest)
        element = self._whole(owner, "".join(filter(str.isdigit, one.written)))
        text = squeeze(string_of(element) if self._digits_in(element) is not None else piece)
        if len(text) > LONGEST or NO_PRICE.search(text) or is_out_of_sight(owner):
            return None
        tail = TAIL_ASIDE.match(self.text, one.end)
        words = Words(amount, one.currency, self._lead(one.start), f"{text} {tail.group() if tail else ''}")
        return _judged(element, number, words)

    def _lead(self, start: int) -> str:
        """What is said of a sum right before it: on its line, or on a line of words above."""
        begin = self.start_of(self.line_of(start))
        lead = self.text[max(begin, start - 40) : start]
        if any(map(str.isalpha, lead)) or begin == 0:
            return re.split(r"\d", lead)[-1]
        above = self.text[self.start_of(self.line_of(begin - 1)) : begin - 1]
        return "" if len(above) > 40 or any(map(str.isdigit, above)) else above

    def _whole(self, owner: Any, digits: str) -> Any:
        """The smallest box that holds all digits of a sum, or what stands around it and says no more."""
        best, said = owner, self._digits_in(owner)
        for one in around(owner.getparent(), 3) if owner.getparent() is not None else ():
            inside = self._digits_in(one)
            if inside is None or len(inside) > len(digits):
                break
            if (
                said is not None
                and len(said) >= len(digits)
                and string_of(one).strip() != string_of(best).strip()
            ):
                break
            best, said = one, inside
        return best

    def _digits_in(self, element: Any) -> str | None:
        """The digits of a box; None for one that says more than a price tag does."""
        if element not in self._digits:
            text: str = string_of(element)
            short = text if len(text) <= 600 else ""
            said = squeeze(short) if short else ""
            self._digits[element] = (
                "".join(filter(str.isdigit, said)) if short and len(said) <= LONGEST else None
            )
        return self._digits[element]

    def _labelled(self) -> Iterator[ShownPrice]:
        """`Price: 12990` without any currency."""
        for found in list(LABELLED.finditer(self.text))[:20]:
            amount, _ = parse_price(found.group(1))
            number = self.line_of(found.start(1))
            if not amount or any(one.start <= found.start(1) < one.end for one in self.sums):
                continue
            owner = self.document.page_text.element_of(found.start(1))
            if not is_out_of_sight(owner):
                yield replace(_judged(owner, number, Words(amount, None, "", found.group(1))), is_named=True)

    def _called(self, known: set[Any]) -> Iterator[ShownPrice]:
        """Numbers without any currency in boxes that are called prices."""
        place = 0
        for element in islice(with_class(self.document, PRICE_CLASSES), MOST):
            digits = self._digits_in(element)
            if not digits or element in known or not called(element) & PRICE:
                continue
            said = squeeze(string_of(element))
            amount, currency = parse_price(said)
            letters = len(re.sub(r"[\d.,\s]", "", said))
            if not amount or letters > 12 or amount < 1 or NO_PRICE.search(said) or is_out_of_sight(element):
                continue
            at = self.text.find(fold(said), place)
            place = at if at >= 0 else place
            yield _judged(element, self.line_of(place), Words(amount, currency, "", said))


class Words(NamedTuple):
    """A price as text, with what stands right before and behind it."""

    amount: Decimal
    currency: str | None
    lead: str
    text: str


def _judged(element: Any, line: int, words: Words) -> ShownPrice:
    names = [called(one) for one in around(element, 3)]
    own, said = reduce(or_, names, 0), fold(words.text)
    # A box three levels up holds both prices, and is called after either.
    is_former = any(name & FORMER for name in names[:2]) or _is_struck(element)
    return ShownPrice(
        amount=words.amount,
        currency=words.currency,
        element=element,
        place=line,
        is_named=bool(own & PRICE),
        is_former=is_former or bool(SAID_FORMER.search(f"{words.lead[-30:]} {said}")),
        is_aside=bool(own & ASIDE) or bool(SAID_ASIDE.search(f"{words.lead} {said}")),
        is_elsewhere=is_elsewhere(element),
        is_now=bool(own & NOW),
        chatter=len(NO_LETTERS.sub("", words.text)),
    )


def _is_struck(element: Any) -> bool:
    """Crossed out, itself or a part of it or what it stands in."""
    return (
        any(one.tag in STRUCK for one in around(element, 5)) or next(element.iter(*STRUCK), None) is not None
    )


def _piece(line: Line, place: int) -> tuple[str, str]:
    """The text between two tags in which a place of a line lies, and what of it stands from there on."""
    letters, piece = len(line.text[:place].replace(" ", "")), ""
    for piece in line.separated.split(SEPARATOR):
        compact = "".join(piece.split())
        if letters < len(compact):
            return piece, compact[letters:]
        letters -= len(compact)
    return piece, ""


def _as_parted(one: Sum, rest: str) -> Decimal:
    """A sum over several elements: two digits set apart are cents, one or four belong to another word."""
    own = LEADING.match(rest)
    digits = "".join(filter(str.isdigit, one.written))
    left = "".join(filter(str.isdigit, own.group())) if own else digits
    beyond = digits[len(left) :]
    if not left or len(beyond) in (0, 3) or "." in one.written[-3:] or "," in one.written[-3:]:
        return one.amount
    return Decimal(f"{left}.{beyond}") if len(beyond) == 2 else Decimal(left)
