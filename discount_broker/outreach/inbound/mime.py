"""Decodes the parts of a mail, trusting no label it carries."""

import email
import re
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parseaddr

LONGEST_TEXT = 200_000
LONGEST_HEADER = 2_000
CODED_WORD = re.compile(r"=\?[\w.-]+\?[bq]\?", re.IGNORECASE)
GUESSES = ("utf-8", "windows-1251")


def parse(content: bytes) -> "Message[str, str]":
    return email.message_from_bytes(content.lstrip(b"\r\n"))


def parse_headers(content: bytes) -> "Message[str, str]":
    """The mail with its whole body as one text."""
    message = BytesHeaderParser().parsebytes(content.lstrip(b"\r\n"))
    message.set_type("text/plain")
    return message


def header(message: "Message[str, str]", name: str) -> str:
    """A header as a person reads it: decoded, on one line; empty when there is none."""
    raw = message.get(name)
    if raw is None:
        return ""
    text = str(raw)[:LONGEST_HEADER]
    if CODED_WORD.search(text):
        text = _decoded(text)
    return " ".join(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())


def addresses(message: "Message[str, str]", *names: str) -> set[str]:
    """The bare addresses of these headers, in lower case."""
    values = [header(message, name) for name in names]
    return {address.lower() for _, address in getaddresses(values) if "@" in address}


def sender(message: "Message[str, str]") -> str:
    return parseaddr(header(message, "From"))[1].lower()


def parts(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """The leaves of this mail, not of the mails it carries."""
    if message.get_content_maintype() == "message":
        return
    payload = message.get_payload()
    if isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from parts(part)
    else:
        yield message


def attached(message: "Message[str, str]", content_type: str) -> Iterator["Message[str, str]"]:
    """Parts of one type anywhere in the mail, in the order they stand."""
    return (part for part in message.walk() if part.get_content_type() == content_type)


def plain_texts(message: "Message[str, str]") -> list[str]:
    """The plain parts of this mail; a multipart whose boundary is never found is one of them."""
    plain = [part for part in parts(message) if _is_plain(part)]
    return [text_of(part) for part in plain]


def text_of(part: "Message[str, str]") -> str:
    """The text of a leaf, decoded by its charset, or by guess where that is missing or wrong."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    raw = raw[: LONGEST_TEXT * 4]
    named = str(part.get_param("charset") or "").strip("'\" ")
    return decode(raw, named)[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def decode(raw: bytes, charset: str) -> str:
    for guess in (charset, *GUESSES):
        if not guess or guess.lower() in ("us-ascii", "ascii"):
            continue
        try:
            return raw.decode(guess)
        except (LookupError, ValueError):
            continue
    return raw.decode("utf-8", "replace")


def _is_plain(part: "Message[str, str]") -> bool:
    return part.get_content_type() == "text/plain" or part.get_content_maintype() == "multipart"


def _decoded(text: str) -> str:
    try:
        pieces = decode_header(text)
    except ValueError:
        return text
    return "".join(
        piece if isinstance(piece, str) else decode(piece, "latin-1" if charset is None else charset)
        for piece, charset in pieces
    )
