"""Writes entries as the body of a request, in the charset the shop's server expects."""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote_plus, urlsplit

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

from discount_broker.discovery.extract.pages.page import guess_charset

URLENCODED, MULTIPART, PLAIN = "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"
HEAD = 4096
NOT_OF_PAGES = {
    "unicode-escape", "raw-unicode-escape", "punycode", "idna", "undefined", "base64", "hex", "quopri",
    "rot13", "uu", "zlib", "bz2", "mbcs",
}  # fmt: skip
"""Python knows them by name too, and no page is written in them."""


@dataclass(frozen=True)
class Pair:
    name: str
    value: str
    is_file: bool = False


def page_charset(content: bytes, content_type: str = "") -> str:
    """The charset a browser would take the page for, and so the one its forms are sent in."""
    named = (
        read_bom(content)[0]
        or http_content_type_encoding(content_type or None)
        or html_body_declared_encoding(content[:HEAD])
    )
    if named:
        return form_charset("", named)
    try:
        content.decode("utf-8")
    except ValueError:
        return guess_charset(content)
    return "utf-8"


def form_charset(accept_charset: str, of_page: str) -> str:
    """The first charset of `accept-charset` that exists, else the page's; UTF-16 is sent as UTF-8."""
    for name in (*re.split(r"[\s,]+", accept_charset.strip()), of_page):
        charset = resolve_encoding(name) if name else None
        if charset and charset not in NOT_OF_PAGES:
            return "utf-8" if charset.startswith(("utf-16", "utf-32", "utf-7")) else charset
    return "utf-8"


def label_of(charset: str) -> str:
    """The name by which browsers call a charset: what a field `_charset_` is sent with."""
    if charset == "utf-8":
        return "UTF-8"
    return f"windows-{charset[2:]}" if re.fullmatch(r"cp125\d", charset) else charset


def urlencoded(pairs: list[Pair], charset: str) -> bytes:
    return "&".join(
        f"{_escaped(pair.name, charset)}={_escaped(pair.value, charset)}" for pair in pairs
    ).encode("ascii")


def multipart(pairs: list[Pair], charset: str) -> tuple[str, bytes]:
    """Content type and body. The boundary is made of the content, so the same letter has the same bytes."""
    mark = hashlib.sha256(repr(pairs).encode("utf-8", "replace")).hexdigest()[:32]
    boundary = f"----FormBoundary{mark}"
    parts = [_part(pair, charset, boundary) for pair in pairs]
    return f"{MULTIPART}; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()


def plain(pairs: list[Pair], charset: str) -> bytes:
    return "".join(f"{pair.name}={pair.value}\r\n" for pair in pairs).encode(charset, "xmlcharrefreplace")


def with_query(action: str, query: str) -> str:
    """The address a GET form goes to: its own query gives way."""
    return urlsplit(action)._replace(query=query, fragment="").geturl()


def _part(pair: Pair, charset: str, boundary: str) -> bytes:
    name = _lines(pair.name).replace("\r\n", "%0D%0A").replace('"', "%22")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
    if pair.is_file:
        head += '; filename=""\r\nContent-Type: application/octet-stream'
    text = f"{head}\r\n\r\n{_lines(pair.value)}\r\n"
    return text.encode(charset, "xmlcharrefreplace")


def _escaped(text: str, charset: str) -> str:
    # A character the charset lacks is sent as `&#1234;`, as browsers do.
    return quote_plus(_lines(text).encode(charset, "xmlcharrefreplace"), safe="*").replace("~", "%7E")


def _lines(text: str) -> str:
    return re.sub(r"\r\n|\r|\n", "\r\n", text)
