"""Prices as text: the amount, and the currency it is in."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from discount_broker.discovery.extract.pages.page import squeeze
from discount_broker.discovery.extract.products.currencies import (
    ANY_SIGN,
    CODES,
    SIGNS,
    code_of,
    find_currency,
)
from discount_broker.discovery.extract.products.numbers import read_number

LONGEST_TEXT = 400
NUMBER = re.compile(r"(?<![\d,])(?<!\d\.)[.,]?\d[\d.,'’\s]{0,24}")
COUNTED = re.compile(
    r"\s*(?:%|шт|штук|pcs|pieces?\b|stück|stk|pack\b|x\s*\d|×|мес|month|kg\b|кг\b|г\b|мл\b|"
    r"ml\b|см\b|cm\b|mm\b|мм\b)",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"(?:orders?|spend|от суммы|bestellwert|(?:min\.?|мин\.?|минимальн\w*) ?(?:order|заказ\w*)\s*:?)\s*"
    r"(?:over|above|of|from)?\s*[$€£]?\s*$"
)
"""Right before a number: it says from which sum on something is given, not what anything costs."""
FORMER = re.compile(r"\b(?:was|rrp|msrp|statt|instead of|old price|list price|uvp)\s*:?\s*[^\s\d]{0,4}\s*$")
RANGE = re.compile(r"\s*(?:-|–|—|to|bis|до|a|à)\s*")
FREE = re.compile(r"\b(?:free|бесплатно|kostenlos|gratuit)\b(?!\s*(?:shipping|delivery|versand))")
DATE = re.compile(r"\s*\d{1,2}-0\d\s*")


def parse_price(text: str | None, currency_hint: str | None = None) -> tuple[Decimal | None, str | None]:
    """Amount and ISO code of a price as written; the hint is a code, a sign or a text naming a currency."""
    return _parsed(squeeze(text or "")[:LONGEST_TEXT].lower(), read_hint(currency_hint))


@lru_cache(maxsize=4096)
def _parsed(text: str, hinted: str | None) -> tuple[Decimal | None, str | None]:
    chosen = None if DATE.fullmatch(text) else _best_number(text)
    if chosen is None:
        amount = Decimal(0) if FREE.search(text) else None
        return amount, find_currency(text, hinted) or hinted
    start, end = chosen
    amount = _amount(text, start, end)
    return amount, _beside(text, start, end, hinted) or find_currency(text, hinted) or _lone_sign(
        text
    ) or hinted


@lru_cache(maxsize=1024)
def read_hint(hint: str | None) -> str | None:
    """The code that a hint names."""
    hint = squeeze(hint or "")[:LONGEST_TEXT].lower()
    if hint.upper() in CODES:
        return SIGNS[hint]
    return code_of(hint) or find_currency(hint) or _hint_beside_number(hint)


def _hint_beside_number(hint: str) -> str | None:
    number = NUMBER.search(hint)
    return _beside(hint, number.start(), number.end(), None) if number else None


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers stand; blanks join groups of three digits, and cents to what ends in a mark."""
    for found in NUMBER.finditer(text):
        pieces = list(re.finditer(r"\S+", found.group()))
        start, end = pieces[0].span()
        for piece in pieces[1:]:
            if not _joins(found.group()[start:end], piece.group()):
                yield found.start() + start, found.start() + end
                start = piece.start()
            end = piece.end()
        yield found.start() + start, found.start() + end


def _joins(before: str, piece: str) -> bool:
    """A group of three digits goes on with a number; two digits are the cents of one that ends in a mark."""
    if re.fullmatch(r"\d\d", piece):
        return bool(re.fullmatch(r"\d+[.,]", before))
    return bool(
        re.fullmatch(r"\d{3}(?:[.,]\d*)*[.,]?", piece) and re.search(r"(?:^|[^\d.,])\d{1,3}$", before)
    )


def _best_number(text: str) -> tuple[int, int] | None:
    """Beside a currency before bare, the price of now before that of then, the lower end of a range."""
    candidates = [(start, end) for start, end in _numbers(text) if not _is_no_price(text, start, end)]
    named = [(start, end) for start, end in candidates if _beside(text, start, end, None)]
    current = [
        (start, end)
        for start, end in named
        if not FORMER.search(text, 0, start) and re.search("[1-9]", text[start:end])
    ]
    chosen = next(iter(current or named or candidates), None)
    if chosen and chosen in named:
        place = candidates.index(chosen)
        lower = candidates[place - 1] if place else None
        if lower and lower not in named and RANGE.fullmatch(text, lower[1], chosen[0]):
            return lower
    return chosen


def _is_no_price(text: str, start: int, end: int) -> bool:
    """It counts pieces or per cent, says from which sum on something holds, or is below nothing."""
    if COUNTED.match(text, end) or CONDITION.search(text, 0, start):
        return True
    return text[:start].rstrip("$€£") in ("-", "−")


def _amount(text: str, start: int, end: int) -> Decimal | None:
    number = text[start:end].strip("'’ ")
    cents = re.match(r"\s*[€£$]\s?(\d{2})(?!\d)", text[end:])
    if cents and "," not in number and "." not in number:
        number = f"{number}.{cents.group(1)}"
    return read_number(re.sub(r"\s", "", number))


def _beside(text: str, start: int, end: int, hint: str | None) -> str | None:
    """The currency that stands right before or right after a number."""
    place = _skip(text, end)
    after = ANY_SIGN.match(text, place)
    # `50 - $2.00`: the sign belongs to the number that it touches.
    is_next = after and "-" in text[end:place] and text[after.end() : after.end() + 1].isdigit()
    if after and not is_next and _is_whole(text, after.end()):
        return _specific(text, after.group(), hint)
    before = text[max(0, start - 12) : start].rstrip(" :.-–(")
    last = None
    for match in ANY_SIGN.finditer(before):
        last = match if match.end() == len(before) or before[match.end() :] in (".", ":") else last
    return _specific(text, last.group(), hint) if last else None


def _specific(text: str, sign: str, hint: str | None) -> str | None:
    """A bare dollar beside a number may be told apart by a code elsewhere in the text."""
    return find_currency(text, hint) if sign == "$" else code_of(sign, hint)


def _skip(text: str, end: int) -> int:
    found = re.compile(r"[\s,.\-–—=*(]*").match(text, end)
    return found.end() if found else end


def _is_whole(text: str, end: int) -> bool:
    return end >= len(text) or not text[end].isalnum() or not text[end - 1].isalpha()


def _lone_sign(text: str) -> str | None:
    """A text of nothing but a number and a sign too short to be trusted elsewhere."""
    rest = re.sub(r"[\d.,'\s]+", " ", text).strip()
    return code_of(rest) if len(rest) <= 5 else None
