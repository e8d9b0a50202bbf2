"""How facts are written: one line of visible characters, money, percentages, days and moments."""

import dataclasses
import re
import textwrap
import unicodedata
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_percent, get_currency_symbol

from discount_broker.kernel.money import Money

LINE = 76
NO_BREAK = "\u00a0"
T = TypeVar("T")


def cleaned(value: T) -> T:
    """Repeat the same facts with every text in them cut down to one line of visible characters."""
    clean: Any = value
    if isinstance(value, str) and not isinstance(value, Enum):
        clean = one_line(value)
    elif isinstance(value, tuple):
        clean = tuple(cleaned(part) for part in value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: cleaned(getattr(value, field.name)) for field in dataclasses.fields(value)}
        clean = dataclasses.replace(value, **parts)
    result: T = clean
    return result


def one_line(text: str) -> str:
    """One line without control, invisible and direction-changing characters."""
    if not text.isprintable():
        # Each character is asked about once, and not wherever it stands.
        text = text.translate({ord(each): _shown(each) for each in set(text) if not each.isprintable()})
    return re.sub(" {2,}", " ", text).strip() if "  " in text else text.strip()


def _shown(character: str) -> str:
    """What stands for a character that does not print: of blanks, only one kind stays as it is."""
    if character == NO_BREAK:
        return character
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") else character


def clip(text: str, length: int) -> str:
    """At most `length` characters, cut at a word where one ends near."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    words = cut if text[length - 1] == " " else cut.rpartition(" ")[0]
    return (words if len(words) > length // 2 else cut).rstrip(" ,;:-") + "…"


def wrapped(text: str, line: int | None = LINE) -> str:
    """Text with long lines folded, links whole, no blanks at line ends and no two empty lines."""
    lines = [folded(written.rstrip(), line) for written in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def folded(text: str, line: int | None) -> str:
    if line is None or len(text) <= line or "://" in text:
        return text
    indent = re.match(r" *(- )?", text)
    assert indent is not None
    return textwrap.fill(
        text, line, subsequent_indent=" " * indent.end(), break_long_words=False, break_on_hyphens=False
    )


def money(value: Money, locale: Locale) -> str:
    """`12 990 ₽` or `RUB 12,990`: without cents where there are none."""
    pattern = locale.currency_formats["standard"].pattern
    if value.amount == value.amount.to_integral_value():
        pattern = pattern.replace(".00", "")
    if get_currency_symbol(value.currency, locale)[-1:].isalpha():
        pattern = pattern.replace("¤#", "¤\u00a0#")
    return format_currency(value.amount, value.currency, pattern, locale, currency_digits=False)


def percent(value: Decimal, locale: Locale) -> str:
    pattern = locale.percent_formats[None].pattern.replace("##0", "##0.##")
    return format_percent(value / 100, pattern, locale)


def day(at: datetime, zone: str, locale: Locale) -> str:
    return format_date(at.astimezone(zone_for(at, zone)), "d\u00a0MMMM\u00a0y", locale)


def moment(at: datetime, zone: str, locale: Locale, month: str = "MMMM") -> str:
    """Day and time, with the place whose time it is."""
    told_in = zone_for(at, zone)
    place = "z" if told_in.key == "UTC" else "VVV"
    return format_datetime(at, f"d\u00a0{month}, HH:mm ({place})", told_in, locale)


def zone_for(at: datetime, zone: str) -> ZoneInfo:
    """Find the zone to tell a time in: the time's own where it has one, else the installation's."""
    return at.tzinfo if isinstance(at.tzinfo, ZoneInfo) else ZoneInfo(zone)
