"""Reads the header fields of a mail as a person sees them: decoded, each on one line."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from itertools import islice

from discount_broker.outreach.inbound.charsets import decode

Fields = dict[str, list[str]]
"""Raw values by the name of the field in lower case, in their order."""

FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*(.*)")
IN_ORDER = re.compile(r"(?:[!-9;-~]{1,200}[ \t]*+:.*+(?:\n[ \t].*+)*+(?:\n|\Z))++")
ONE_FIELD = re.compile(r"^([!-9;-~]{1,200})[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
CODED_WORD = re.compile(r"=\?[\w.*-]+\?[bq]\?", re.IGNORECASE)
QUOTED_STRING = re.compile(r'"(?:[^"\\]|\\.){0,300}+"')
COMMENT = re.compile(r"\([^()]{0,300}\)")
IN_BRACKETS = re.compile(r"<\s{0,20}([^<>\s@]{1,250}@[^<>\s@]{1,250})\s{0,20}>")
BARE_ADDRESS = re.compile(
    r"(?<![^\s<>()\[\],;:\"@\\])[^\s<>()\[\],;:\"@\\]{1,250}@[^\s<>()\[\],;:\"@\\]{1,250}"
)
MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")
LONGEST_BLOCK = 256_000
LONGEST_VALUE = 20_000
MOST_FIELDS = 1_000
PARAMETRIC = "content-x"
ODD = re.compile(r"[*\\(]|=\?")
"""What RFC 2231, escapes, comments and coded words bring into a parameter."""
PLAIN_PARAMETER = {
    name: re.compile(rf';\s*{name}\s*=\s*(?:"([^"]*)"|([^\s;"]+))', re.IGNORECASE)
    for name in ("boundary", "charset", "report-type", "name", "filename")
}


def read_fields(source: bytes, start: int, end: int) -> tuple[Fields, int]:
    """The header block that begins at `start`, and where the body behind it begins."""
    limit = min(end, start + LONGEST_BLOCK)
    blank = source.find(b"\n\n", start, limit)
    block = source[start:blank] if blank > start else b""
    if block.isascii() and IN_ORDER.fullmatch(text := block.decode("ascii")):
        return _ordered_fields(text), blank + 2
    return _fields_line_by_line(source, start, end, limit)


def _ordered_fields(block: str) -> Fields:
    """The fields of a block that is as it should be, which nearly all are."""
    fields: Fields = {}
    for name, value in islice(ONE_FIELD.findall(block), MOST_FIELDS):
        unfolded = " ".join(map(str.strip, value.split("\n"))) if "\n" in value else value
        fields.setdefault(name.lower(), []).append(unfolded[:LONGEST_VALUE])
    return fields


def _fields_line_by_line(source: bytes, start: int, end: int, limit: int) -> tuple[Fields, int]:
    fields: Fields = {}
    name, count = "", 0
    while start < limit and count < MOST_FIELDS:
        line_end = source.find(b"\n", start, limit)
        stop = limit if line_end < 0 else line_end
        line = source[start : min(stop, start + LONGEST_VALUE)]
        if not line.strip(b"\r"):
            return fields, min(stop + 1, end)
        if line[:1] in b" \t" and name:
            _continue(fields[name], line)
        elif field := FIELD.match(line):
            name, count = field.group(1).decode("ascii").lower(), count + 1
            fields.setdefault(name, []).append(_text(field.group(2)))
        elif not line.startswith((b"From ", b">From ")):
            # No header, no blank line: what follows is the body, as mail programs take it.
            return fields, start
        start = stop + 1
    return fields, min(start, end)


def _continue(values: list[str], line: bytes) -> None:
    if len(values[-1]) < LONGEST_VALUE:
        values[-1] += " " + _text(line.strip())


def _text(raw: bytes) -> str:
    return raw.decode("ascii") if raw.isascii() else decode(raw)


def shown(value: str, longest: int = 2_000) -> str:
    """A raw value decoded and on one line, whatever line breaks it hides."""
    text = value[:longest]
    if CODED_WORD.search(text):
        text = _decoded(text)
    return " ".join(text.replace("\0", "").split())


def _decoded(text: str) -> str:
    try:
        pieces = decode_header(text)
    except (ValueError, HeaderParseError):
        return text
    return "".join(
        piece if isinstance(piece, str) else decode(piece, charset or "latin-1") for piece, charset in pieces
    )


def one_address(value: str) -> str:
    """The address of a `From`, in lower case: in brackets before bare, never out of a quoted name."""
    plain = COMMENT.sub(" ", QUOTED_STRING.sub(" ", value[:LONGEST_VALUE]))
    found = IN_BRACKETS.search(plain) or IN_BRACKETS.search(value[:LONGEST_VALUE])
    if found:
        return found.group(1).strip(".,;'").lower()
    bare = BARE_ADDRESS.search(plain)
    return bare.group().strip(".,;'").lower() if bare else ""


def all_addresses(value: str) -> list[str]:
    """Every address of a list of recipients, in lower case, in their order."""
    plain = QUOTED_STRING.sub(" ", value[:LONGEST_VALUE])
    return [found.strip(".'").lower() for found in BARE_ADDRESS.findall(plain)]


def message_ids(value: str) -> list[str]:
    return MESSAGE_ID.findall(value[:LONGEST_VALUE])


def parameter(value: str, name: str) -> str:
    """A parameter of `Content-Type` or `Content-Disposition`, decoded (RFC 2231 and what people write)."""
    if name not in value.lower():
        return ""
    if plain := PLAIN_PARAMETER[name].search(value[:2_000]) if not ODD.search(value) else None:
        return plain.group(1) or plain.group(2)
    message: Message[str, str] = Message()
    message.add_header(PARAMETRIC, value[:2_000])
    try:
        found = message.get_param(name, header=PARAMETRIC)
    except (ValueError, IndexError, TypeError, LookupError):
        return ""
    if isinstance(found, tuple):
        charset, _, text = found
        return decode(text.encode("latin-1", "replace"), charset or "utf-8")
    return shown(str(found)) if found else ""
