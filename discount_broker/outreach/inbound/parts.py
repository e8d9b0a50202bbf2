"""Takes a mail apart into its parts, however many, deep or broken they are.

The parts point into the bytes of the mail and copy nothing: what hostile mail multiplies are parts
and levels, and both are counted.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from discount_broker.outreach.inbound.charsets import decode
from discount_broker.outreach.inbound.headers import Fields, parameter, read_fields, shown

DEEPEST = 16
MOST_PARTS = 500
LONGEST_TEXT = 200_000
LONGEST_CODED_TEXT = 4 * LONGEST_TEXT
CONTENT_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+_-]+")
LONGEST_LEAD = 100_000
"""Emptiness before the first header."""
LONGEST_BOUNDARY = 200
MOST_CANDIDATES = 20_000
"""Lines that begin like a boundary."""
LONGEST_REST = 1_000
"""Of the line of a boundary, behind it: spaces that nobody sees."""


@dataclass(slots=True)
class Part:
    """A part of a mail, or the mail itself."""

    fields: Fields
    source: bytes
    start: int
    end: int
    """Where in `source` the body stands."""
    content_type: str = "text/plain"
    parts: list["Part"] = field(default_factory=list)

    def header(self, name: str) -> str:
        """The first field of this name, decoded, on one line; empty when there is none."""
        values = self.fields.get(name.lower())
        return shown(values[0]) if values else ""

    def parameter(self, name: str) -> str:
        return parameter(self.fields.get("content-type", [""])[0], name)

    @property
    def is_mail(self) -> bool:
        """A mail that this mail carries."""
        return self.content_type in ("message/rfc822", "message/global", "message/news")

    @property
    def disposition(self) -> str:
        return self.header("Content-Disposition").partition(";")[0].strip().lower()

    @property
    def encoding(self) -> str:
        return self.header("Content-Transfer-Encoding").lower()

    def body(self, most: int = LONGEST_CODED_TEXT) -> bytes:
        """The body with its transfer encoding undone; `most` bytes of the encoded form are looked at."""
        raw = self.source[self.start : min(self.end, self.start + most)]
        if self.encoding == "base64":
            return _from_base64(raw)
        return quopri.decodestring(raw) if self.encoding == "quoted-printable" else raw

    def text(self) -> str:
        """The body as text, with plain line ends."""
        text = decode(self.body(), self.parameter("charset"))[:LONGEST_TEXT]
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")

    def walk(self) -> Iterator["Part"]:
        """The part and all below it, in the order they stand."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def leaves(self) -> Iterator["Part"]:
        """The leaves of this mail, not of the mails it carries."""
        if self.is_mail:
            return
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def parse(content: bytes) -> Part:
    """The mail in these bytes. Never fails."""
    source = content.replace(b"\r\n", b"\n")
    lead = source[:LONGEST_LEAD]
    return _Parser().part(source, len(lead) - len(lead.lstrip(b" \t\r\n")), len(source), 0)


class _Parser:
    """Counts the parts of one mail."""

    def __init__(self) -> None:
        self.left = MOST_PARTS

    def part(self, source: bytes, start: int, end: int, depth: int) -> Part:
        fields, body = read_fields(source, start, end)
        part = Part(fields, source, body, end)
        part.content_type = _content_type(fields)
        if depth < DEEPEST:
            if part.is_mail:
                part.parts = self._carried(part, depth)
            elif part.content_type.startswith("multipart/"):
                part.parts = self._split(part, depth)
        return part

    def _carried(self, part: Part, depth: int) -> list[Part]:
        if self.left <= 0:
            return []
        self.left -= 1
        if part.encoding == "base64":
            whole = part.body(part.end - part.start).replace(b"\r\n", b"\n")
            return [self.part(whole, 0, len(whole), depth + 1)]
        return [self.part(part.source, part.start, part.end, depth + 1)]

    def _split(self, part: Part, depth: int) -> list[Part]:
        boundary = part.parameter("boundary")[:LONGEST_BOUNDARY].encode("utf-8", "replace")
        if not boundary:
            return []
        parts: list[Part] = []
        begin = -1
        for start, end, is_last in _boundaries(part, b"--" + boundary):
            if begin >= 0:
                parts.append(self.part(part.source, begin, max(begin, start - 1), depth + 1))
            begin = -1 if is_last else end
            self.left -= 1
            if is_last or self.left <= 0:
                break
        if begin >= 0:
            parts.append(self.part(part.source, begin, part.end, depth + 1))
        return parts


def _boundaries(part: Part, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Lines that separate the parts of a part: where they begin, where they end, whether it is the last."""
    source = part.source
    # Looked for with the line end before it: that is a search the machine does at full speed.
    found = part.start if source.startswith(mark, part.start) else _next(source, mark, part.start, part.end)
    for _ in range(MOST_CANDIDATES):
        if not 0 <= found < part.end:
            return
        line_end = source.find(b"\n", found, part.end)
        end = part.end if line_end < 0 else line_end
        rest = source[found + len(mark) : min(end, found + len(mark) + LONGEST_REST)].rstrip(b" \t\r")
        if rest in (b"", b"--"):
            yield found, min(end + 1, part.end), rest == b"--"
        found = _next(source, mark, end, part.end)


def _next(source: bytes, mark: bytes, start: int, end: int) -> int:
    found = source.find(b"\n" + mark, start, end)
    return found + 1 if found >= 0 else -1


def _content_type(fields: Fields) -> str:
    named = fields.get("content-type", [""])[0].partition(";")[0].strip().lower()
    return named if CONTENT_TYPE.fullmatch(named) else "text/plain"


def _from_base64(raw: bytes) -> bytes:
    letters = raw.translate(None, b"\r\n \t")
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4])
    except binascii.Error:
        # Damaged, or padded in the middle: what can be read of it, and nothing where nothing can.
        return _line_by_line(raw)


def _line_by_line(raw: bytes) -> bytes:
    read = []
    for line in raw.split(b"\n"):
        try:
            read.append(base64.b64decode(line.strip() + b"=="))
        except binascii.Error:
            break
    return b"".join(read)
