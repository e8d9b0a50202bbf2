"""What must not pass from one side of a conversation to the other: contact details, secret links. Pure."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

import phonenumbers

GAP = "[…]"
"""Stands where something was left out."""
LABEL = r"[^\W_](?:[\w-]{0,62}[^\W_])?"
AT = r"(?:\s{0,2}@\s{0,2}|\s?[(\[{]\s?(?:at|собака|а|ат|@)\s?[)\]}]\s?|\s(?:собака|собачка)\s)"
DOT = r"(?:\.|\s?[(\[{]\s?(?:dot|точка|\.)\s?[)\]}]\s?|\s(?:точка|dot)\s)"
ADDRESS = re.compile(
    rf"(?<![\w.+-])[^\W_][\w.+-]{{0,63}}{AT}{LABEL}(?:{DOT}{LABEL}){{0,3}}{DOT}[^\W\d_]{{2,24}}",
    re.IGNORECASE,
)
MESSENGER = re.compile(
    r"(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|wa\.me|viber\.me|m\.me|vk\.me)/[\w+./-]{2,64}",
    re.IGNORECASE,
)
TOKEN = re.compile(r"[A-Za-z0-9]{48,}")
"""Every secret of ours, wherever it stands: `kernel.tokens` writes them with 48 letters and digits."""
OWN_ADDRESS = re.compile(r"(reply|answer|bounce)(?:\+|=2b|%2b)[A-Za-z0-9]{8,64}", re.IGNORECASE)
OWN_PAGE = re.compile(r"(/(?:o|w|stop|requests|confirm|login|ask)/)[A-Za-z0-9]{16,64}")
"""Also a secret that a mail program has broken in two."""
SHORT_LINK = re.compile(r"(/t/)[A-Za-z0-9]{12,16}(?![A-Za-z0-9])")
"""`kernel.short_links`: what stands in a text message opens the request as well."""


class Veiled(NamedTuple):
    """A text with gaps, and what stood in them."""

    text: str
    left_out: tuple[str, ...]


def veil_contacts(text: str, regions: Collection[str], allowed: Collection[str] = ()) -> Veiled:
    """The text without e-mail addresses, phone numbers and messengers, but for those of `allowed`.

    Args:
        text: what the buyer wrote.
        regions: ISO 3166 codes of the countries as in which a number without its code is read.
        allowed: what the other side may know: addresses and domains in lower case, numbers as E.164.

    """
    spans = [span for span in _spans(text, regions) if not _is_allowed(span, allowed)]
    veiled, left_out, end = "", [], 0
    for begin, stop, _ in sorted(spans):
        if begin >= end:
            veiled += text[end:begin] + GAP
            left_out.append(text[begin:stop].strip())
        end = max(end, stop)
    return Veiled(veiled + text[end:], tuple(left_out))


GAPS = ((OWN_ADDRESS, r"\1+…"), (OWN_PAGE, r"\1…"), (SHORT_LINK, r"\1…"), (TOKEN, "…"))


def veil_secrets(text: str) -> str:
    """The text without the tokens of our links and addresses: whoever holds one acts for its owner."""
    for pattern, gap in GAPS:
        text = pattern.sub(gap, text)
    return text


Span = tuple[int, int, str]
"""Where it begins and ends, and what it is in its one spelling."""


def _spans(text: str, regions: Collection[str]) -> Iterator[Span]:
    for found in ADDRESS.finditer(text):
        yield found.start(), found.end(), found.group().lower()
    for found in MESSENGER.finditer(text):
        yield found.start(), found.end(), found.group().lower()
    for region in dict.fromkeys(regions):
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            yield match.start, match.end, number


def _is_allowed(span: Span, allowed: Collection[str]) -> bool:
    _, _, what = span
    return what in allowed or what.rpartition("@")[2] in allowed


def lines_of(text: str, most: int = 200) -> tuple[str, ...]:
    """The lines of a letter: no blanks at their ends, never two empty ones in a row, no more than `most`."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n"):
        written = line.rstrip()
        if written or (lines and lines[-1]):
            lines.append(written)
    return tuple(lines[:most])
