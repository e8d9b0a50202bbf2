"""Turns bytes into text, trusting no charset that a mail names."""

import codecs
import re

CYRILLIC_LOWER = re.compile("[а-яё]")
LATIN_1 = {"iso8859-1", "cp1252", "latin_1"}
"""What programs name when they know nothing: any bytes are text in them, and Russian ones nonsense."""
NOT_FOR_MAIL = {
    "punycode",
    "idna",
    "undefined",
    "unicode_escape",
    "raw_unicode_escape",
    "mbcs",
    "oem",
    "ascii",
}
"""Python's own codecs, some slow enough to be an attack, and the one that says nothing of other bytes."""
LEAST_LETTERS = 4


def decode(raw: bytes, named: str = "") -> str:
    """The text in these bytes; never fails."""
    codec = _codec(named)
    if codec in LATIN_1 and _is_likely_cyrillic(raw):
        codec = ""
    for guess in (codec, "utf-8"):
        if guess:
            try:
                return raw.decode(guess)
            except ValueError:
                continue
    if codec not in ("", "utf-8"):
        return raw.decode(codec, "replace")
    # A page of UTF-8 cut in the middle of a letter, or with one bad byte, is still UTF-8.
    loose = raw.decode("utf-8", "replace")
    return loose if loose.count("\ufffd") * 20 < len(loose) else _one_byte_text(raw)


def _codec(named: str) -> str:
    try:
        name = codecs.lookup(named.strip("'\" ")[:40]).name if named else ""
        # Some codecs turn bytes into bytes; looking whether this one gives text is part of asking.
        b"".decode(name or "utf-8")
    except (LookupError, ValueError):
        return ""
    return "" if name in NOT_FOR_MAIL else name


def _is_likely_cyrillic(raw: bytes) -> bool:
    """Mostly letters of the upper half: no language that is written in Latin 1 looks so."""
    high = sum(byte >= 0xC0 for byte in raw[:2000])
    low = sum(chr(byte).isalpha() for byte in raw[:2000] if byte < 0x80)
    return high > LEAST_LETTERS and high > low


def _one_byte_text(raw: bytes) -> str:
    """Windows-1251 or KOI8-R: the wrong one of the two shows small letters as capitals."""
    readings = [raw.decode(charset, "replace") for charset in ("windows-1251", "koi8-r")]
    return max(readings, key=lambda text: len(CYRILLIC_LOWER.findall(text[:2000])))
