"""Sums of money in running text: numbers that stand right beside a currency."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from discount_broker.discovery.extract.products.currencies import (
    AFTER_NUMBER,
    BEFORE_NUMBER,
    NEAR_NUMBER,
    code_of,
)
from discount_broker.discovery.extract.products.numbers import read_number

NUMBER = re.compile(
    r"(?<!\d)(?<!\d[.,])(?:"
    r"\d{1,3}(?: \d{3}){1,4}(?:\d\d)?(?!\d)(?:[.,]\d{1,2}(?!\d))?|"
    r"\d{1,3}(?:[,.'’]\d{3}){1,4}(?:\d\d(?!\d))?(?:[.,]\d{1,2}(?!\d))?|"
    r"\d{1,9}(?:[.,] ?\d{1,2}(?!\d))?)"
)
"""Two digits may stick to the last group: cents that are set apart only by their size."""
DIGITS = re.compile(r"\d[\d .,'’]{0,40}")
GAP = re.compile(r"(?:,-|\.-|,–|,—|\.–|--)?[ \n]?")
BEFORE, AFTER = NEAR_NUMBER
LOOK_BACK = 12


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money, and where it stands in the text."""

    amount: Decimal
    currency: str | None
    start: int
    end: int
    number: int
    """Where its digits begin."""
    written: str
    """Its digits, with the marks between them."""


def fold(text: str) -> str:
    """Lower case, every letter in its place."""
    return text.replace("\u0130", "I").lower()


def find_sums(text: str, most: int, hint: str | None = None) -> list[Sum]:
    """The first sums of a text that `fold` has folded; the hint is the code of the money of the place."""
    found: list[Sum] = []
    for one in _sums(text, hint):
        found.append(one)
        if len(found) >= most:
            break
    return found


def _sums(text: str, hint: str | None) -> Iterator[Sum]:
    taken = 0
    for rough in DIGITS.finditer(text):
        if not _may_be_money(text, *rough.span()):
            continue
        place, last = max(taken, rough.start()), rough.end()
        while match := NUMBER.search(text, place, last):
            found = _sum(text, match, taken, hint)
            # `Phone15 990 p.`: the digits of a name; the number may begin behind them.
            place = found.end if found else match.start() + len(match.group().partition(" ")[0])
            if found:
                taken = found.end
                yield found


def _may_be_money(text: str, start: int, end: int) -> bool:
    """Some sign may stand on either side of the digits: most numbers of a page have none."""
    before = text[max(0, start - 4) : start].rstrip(" \n:")
    after = text[end : end + 4].lstrip(" \n-–—,")
    return before[-1:] in BEFORE or before[-2:] in BEFORE or after[:1] in AFTER or after[:2] in AFTER


def _sum(text: str, match: re.Match[str], taken: int, hint: str | None) -> Sum | None:
    start, end = match.span()
    before = _sign_before(text, start, taken)
    if before is None and start and text[start - 1].isalpha():
        return None
    after = _sign_after(text, end, is_named=before is not None)
    amount = read_number(match.group().replace(" ", "")) if before is not None or after is not None else None
    if not amount:
        return None
    begin, stop = start if before is None else before, end if after is None else after
    signs = text[begin:start].strip(" \n.:"), text[end:stop].strip(" \n,.-–—")
    return Sum(amount, _currency(*signs, hint), begin, stop, start, match.group())


@lru_cache(maxsize=4096)
def _currency(before: str, after: str, hint: str | None) -> str | None:
    if before and after:
        return code_of(before, code_of(after, hint))
    return code_of(before or after, hint)


def _sign_before(text: str, start: int, taken: int) -> int | None:
    """Where the sign begins that stands right before a number."""
    place = start
    while place > taken and start - place < 2 and text[place - 1] in " \n:":
        place -= 1
    if place <= taken or text[place - 1] not in BEFORE_NUMBER:
        return None
    before = text[max(taken, place - LOOK_BACK) : place]
    sign = next((sign for sign in BEFORE_NUMBER[text[place - 1]] if before.endswith(sign)), None)
    if sign is None:
        return None
    begin = place - len(sign)
    is_part_of_word = sign[0].isalpha() and begin > 0 and text[begin - 1].isalpha()
    return None if is_part_of_word else begin


def _sign_after(text: str, end: int, *, is_named: bool) -> int | None:
    """Where the sign ends that stands right after a number; behind `$ 5` only a code says more."""
    gap = GAP.match(text, end)
    place = gap.end() if gap else end
    if is_named and not text[place : place + 1].isalpha():
        return None
    found = AFTER_NUMBER.match(text, place)
    if found is None:
        return None
    follows = text[found.end() : found.end() + 1]
    # `2 pcs - $5`: the sign belongs to the number that it touches.
    return None if place > end and follows.isdigit() else found.end()
