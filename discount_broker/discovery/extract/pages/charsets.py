"""The text of a page, whatever charset it was sent in and whichever it names."""

import re

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

NOT_IN_ASCII = ("utf-16", "utf-32")
"""A page in which such a name can be read as it stands is not in that charset: the standard takes UTF-8."""
NO_CHARSETS = ("unicode-escape", "raw-unicode-escape", "punycode", "idna", "undefined")
"""Python knows them by name too, and no page is written in them."""


def decode_page(content: bytes, content_type: str = "") -> str:
    """The text of a page: charset by BOM, header, meta, then by looking at the bytes."""
    bom, content = read_bom(content)[0], _without_bom(content)
    if bom:
        return content.decode(bom, "replace")
    declared = _possible(http_content_type_encoding(content_type or None))
    if declared and (text := _decoded(content, declared)) is not None:
        return text
    # Many pages are UTF-8 and still carry the meta tag of the template they were made from.
    if (text := _decoded(content, "utf-8")) is not None:
        named = _named(content)
        return text if not content.isascii() or not named else _decoded(content, named) or text
    named = _named(content)
    if named and named != "utf-8" and (text := _decoded(content, named)) is not None:
        return text
    if declared == "utf-8" or named == "utf-8":
        return _mended(content)
    return content.decode(guess_charset(content), "replace")


def _named(content: bytes) -> str | None:
    named = _possible(html_body_declared_encoding(content[:4096]))
    return "utf-8" if named and named.startswith(NOT_IN_ASCII) else named


def _possible(charset: str | None) -> str | None:
    return None if charset in NO_CHARSETS else charset


def _without_bom(content: bytes) -> bytes:
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        if content.startswith(mark):
            return content[len(mark) :]
    return content


def _decoded(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(charset)
    except (LookupError, ValueError):
        return None


def _mended(content: bytes) -> str:
    """A page that says UTF-8 and is not wholly so: its few wrong bytes replaced, or read as what it is."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return text if broken <= max(8, len(text) // 500) else content.decode(guess_charset(content), "replace")


def guess_charset(content: bytes) -> str:
    """For bytes that are not UTF-8: a Cyrillic charset when whole words of high bytes stand there."""
    sample = content[:200_000]
    words = re.findall(rb"[\xa8\xb8\xc0-\xff]{3,}", sample)
    high = len(re.findall(rb"[\x80-\xff]", sample))
    if not words or sum(map(len, words)) < high / 2:
        return "cp1252"
    # Running text is mostly lower case: the upper half of one charset, the lower half of the other.
    lower = sum(byte >= 0xE0 for word in words for byte in word)
    return "cp1251" if lower * 2 >= sum(map(len, words)) else "koi8-r"
