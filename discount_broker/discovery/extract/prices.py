"""Prices as text: the amount, and the currency it is in."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from price_parser import Price

from discount_broker.discovery.extract.currencies import ANY_SIGN, CODES, SIGNS, code_of, find_currency
from discount_broker.discovery.extract.page import squeeze

LONGEST_TEXT = 400
NUMBER = re.compile(r"(?<![\d.,])[.,]?\d[\d.,'’\s]{0,24}")
COUNTED = re.compile(
    r"\s*(?:%|шт|штук|pcs|pieces?\b|stück|stk|pack\b|x\s*\d|×|мес|month|kg\b|кг\b|г\b|мл\b|"
    r"ml\b|см\b|cm\b|mm\b|мм\b)",
    re.IGNORECASE,
)
LARGEST = Decimal(10) ** 12
FREE = re.compile(r"\bfree\b|бесплатно|kostenlos|gratuit", re.IGNORECASE)


def parse_price(text: str | None, currency_hint: str | None = None) -> tuple[Decimal | None, str | None]:
    """Amount and ISO code of a price as written; the hint is a code, a sign or a text naming a currency."""
    return _parsed(squeeze(text or "")[:LONGEST_TEXT].lower(), read_hint(currency_hint))


@lru_cache(maxsize=4096)
def _parsed(text: str, hinted: str | None) -> tuple[Decimal | None, str | None]:
    chosen = _best_number(text)
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
    """Where numbers stand; blanks join groups of three digits and nothing else."""
    for found in NUMBER.finditer(text):
        pieces = list(re.finditer(r"\S+", found.group()))
        start, end = pieces[0].span()
        for piece in pieces[1:]:
            joins = re.fullmatch(r"\d{3}(?:[.,]\d*)*[.,]?", piece.group()) and re.search(
                r"(?:^|\D)\d{1,3}$", found.group()[start:end]
            )
            if not joins:
                yield found.start() + start, found.start() + end
                start = piece.start()
            end = piece.end()
        yield found.start() + start, found.start() + end


def _best_number(text: str) -> tuple[int, int] | None:
    """The first number that stands beside a currency, or the first that counts no pieces and no per cent."""
    candidates = [
        (start, end)
        for start, end in _numbers(text)
        if re.search(r"\d", text[start:end]) and not COUNTED.match(text, end)
    ]
    for start, end in candidates:
        if _beside(text, start, end, None):
            return start, end
    return candidates[0] if candidates else None


def _amount(text: str, start: int, end: int) -> Decimal | None:
    number = text[start:end].strip("'’ ")
    cents = re.match(r"\s*[€£$]\s?(\d{2})(?!\d)", text[end:])
    if cents and "," not in number and "." not in number:
        number = f"{number}.{cents.group(1)}"
    amount = Price.fromstring(number.replace("’", "'")).amount
    return amount if amount is not None and amount < LARGEST else None


def _beside(text: str, start: int, end: int, hint: str | None) -> str | None:
    """The currency that stands right before or right after a number."""
    after = ANY_SIGN.match(text, _skip(text, end))
    if after and _is_whole(text, after.end()):
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
