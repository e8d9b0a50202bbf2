"""Mails put together again from what a provider took apart, and their envelope written on them."""

import re
from base64 import encodebytes
from collections.abc import Iterable
from email.parser import BytesHeaderParser
from hashlib import sha256

from discount_broker.messaging.inbound.parcel import Field

OURS_TO_SAY = {"content-type", "content-transfer-encoding", "mime-version", "return-path"}
TOO_LARGE = "This mail has %d megabytes, which is more than is kept here. Please ask for it by another way."
MOST_OF_HEADERS = 200_000
MEGABYTE = 1024 * 1024
A_NAME = re.compile(r"[!-9;-~]+")
WITHOUT_CONTROLS = str.maketrans("", "", "\r\n\0")
Pairs = Iterable[tuple[str, str]]


def with_envelope(raw: bytes, sender: str) -> bytes:
    """The mail under its envelope sender, which is part of what it is: a null one is never answered."""
    address = _bytes(sender.strip("<> ").translate(WITHOUT_CONTROLS))
    return b"Return-Path: <%s>\r\n" % address + raw.lstrip(b"\r\n")


def rebuilt(headers: Pairs, text: str, html: str = "", files: Iterable[Field] = ()) -> bytes:
    """A mail with these headers and parts, for a provider that was not told to send the mail itself."""
    headers = list(headers)
    parts = [_part(kind, _bytes(words)) for kind, words in _bodies(text, html)]
    parts += [_file(file) for file in files]
    boundary = f"=_{sha256(b''.join(parts)).hexdigest()[:40]}"
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    lines = [*kept_headers(headers), "MIME-Version: 1.0", _content_type(headers, boundary)]
    return _head(lines) + body + b"--%s--\r\n" % boundary.encode()


def without_body(headers: Pairs, why: str) -> bytes:
    """What is known of a mail that is elsewhere, with a sentence for people instead of its text."""
    lines = [*kept_headers(headers), "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    return _head(lines) + _bytes(f"({why})\r\n")


def cut_down(raw: bytes, size: int) -> bytes:
    """A mail that is too large to be kept, with its headers and a sentence for people."""
    head = BytesHeaderParser().parsebytes(raw[:MOST_OF_HEADERS])
    pairs = [(name, str(value)) for name, value in head.items()]
    rest = without_body(pairs, TOO_LARGE % (size // MEGABYTE))
    sender = next((value for name, value in pairs if name.lower() == "return-path"), None)
    return rest if sender is None else with_envelope(rest, sender)


def kept_headers(headers: Pairs) -> list[str]:
    """The lines of headers that say nothing of how the mail is put together; each on one line."""
    return [
        f"{name}: {' '.join(value.replace(chr(0), '').split())}"
        for name, value in headers
        if A_NAME.fullmatch(name) and name.lower() not in OURS_TO_SAY
    ]


def _content_type(headers: Pairs, boundary: str) -> str:
    was = " ".join(value for name, value in headers if name.lower() == "content-type").lower()
    is_report = was.startswith("multipart/report")
    kind = "multipart/report; report-type=delivery-status" if is_report else "multipart/mixed"
    return f'Content-Type: {kind}; boundary="{boundary}"'


def _bodies(text: str, html: str) -> Iterable[tuple[str, str]]:
    if text or not html:
        yield "text/plain; charset=utf-8", text
    else:
        yield "text/html; charset=utf-8", html


def _file(file: Field) -> bytes:
    kind = file.content_type.translate(WITHOUT_CONTROLS) or "application/octet-stream"
    name = re.sub(r'["\\\r\n\0]', "_", file.filename)
    return _part(kind, file.content, f'Content-Disposition: attachment; filename="{name}"')


def _part(kind: str, content: bytes, *headers: str) -> bytes:
    """A leaf. Mails and reports within mails may not be coded (RFC 2046, section 5.2)."""
    is_bare = kind.lower().startswith(("message/", "text/rfc822-headers"))
    coding = "8bit" if is_bare else "base64"
    lines = [f"Content-Type: {kind}", f"Content-Transfer-Encoding: {coding}", *headers]
    body = content if is_bare else encodebytes(content).replace(b"\n", b"\r\n")
    return _head(lines) + body


def _head(lines: Iterable[str]) -> bytes:
    return _bytes("".join(f"{line}\r\n" for line in lines)) + b"\r\n"


def _bytes(text: str) -> bytes:
    """In UTF-8; JSON can hold halves of letters, which nothing can."""
    return text.encode("utf-8", "replace")
