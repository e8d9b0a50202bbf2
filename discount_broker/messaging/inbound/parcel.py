"""One request of a mail provider, kept as bytes: a mail may be written in any charset."""

import hashlib
import hmac
import json
from base64 import b64decode
from binascii import a2b_qp
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from typing import Any

from werkzeug.http import parse_options_header

from discount_broker.messaging.status import ReceiptKind

LARGEST_MAIL = 25 * 1024 * 1024
MOST_FIELDS, LONGEST_HEAD = 200, 8_000
LONGEST_DETAIL = 500


class NotAuthentic(Exception):
    """Nobody we know sent this, or it was sent before; the words name no address."""


class NotReadable(Exception):
    """It is theirs, and not what their manual says."""


@dataclass(frozen=True)
class Field:
    """One field of a form; a file has a name of its own."""

    content: bytes
    filename: str = ""
    content_type: str = ""

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


@dataclass(frozen=True)
class PostedMail:
    """A mail that a provider took for us."""

    recipients: tuple[str, ...]
    """Of the envelope."""
    content: bytes
    authentication: dict[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What tells this mail from another one under the same signature."""
        recipients = "\n".join(self.recipients).encode("utf-8", "replace")
        return hashlib.sha256(recipients + b"\0" + self.content).hexdigest()


@dataclass(frozen=True, kw_only=True)
class ReceiptEvent:
    """What a provider tells of one message of ours.

    Some providers write a Message-ID of their own over ours: then the envelope sender, which
    carries our token, or the provider's number for the message tells which one it was.
    """

    kind: ReceiptKind
    message_id: str = ""
    """Without the angle brackets."""
    envelope_sender: str = ""
    provider_id: str = ""
    at: datetime
    reference: str
    """The event's own name: the same one told twice is one."""
    detail: str = ""


@dataclass(frozen=True)
class Parcel:
    """Body and headers as they came."""

    body: bytes
    headers: Mapping[str, str]
    """Names in lower case."""

    def fields(self) -> dict[str, Field]:
        """The fields of a form, urlencoded or multipart, byte for byte; of two with one name the last.

        Raises:
            NotReadable

        """
        kind, options = parse_options_header(self.headers.get("content-type", ""))
        boundary = options.get("boundary", "")
        try:
            if kind == "application/x-www-form-urlencoded":
                return _urlencoded(self.body)
            if kind == "multipart/form-data" and boundary:
                return _multipart(self.body, boundary.encode())
        except ValueError as broken:
            raise NotReadable(f"the form is {broken}") from broken
        raise NotReadable("neither of the two kinds of form")

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            NotReadable

        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as broken:
            raise NotReadable("no JSON") from broken


def check_password(headers: Mapping[str, str], expected: str) -> None:
    """Whether a request carries this `user:password` (HTTP basic); its body need not be read for that.

    Raises:
        NotAuthentic

    """
    scheme, _, coded = headers.get("authorization", "").partition(" ")
    try:
        shown = b64decode(coded, validate=True)
    except ValueError:
        shown = b""
    is_right = hmac.compare_digest(shown, expected.encode())
    if not (expected and is_right and scheme.lower() == "basic"):
        raise NotAuthentic("wrong password" if coded else "no password")


def moment(seconds: object) -> datetime:
    """A time told in seconds since 1970.

    Raises:
        NotReadable

    """
    try:
        return datetime.fromtimestamp(float(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        raise NotReadable("no time") from None


def iso_moment(text: object) -> datetime:
    """A time told by ISO 8601.

    Raises:
        NotReadable

    """
    try:
        told = datetime.fromisoformat(str(text))
    except ValueError:
        raise NotReadable("no time") from None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def said(value: object) -> str:
    """A text of a provider on one line, no longer than is kept; empty where there is none."""
    text = "" if value is None else str(value).replace("\0", "")
    return " ".join(text.encode("utf-8", "replace").decode().split())[:LONGEST_DETAIL]


def bare(message_id: object) -> str:
    """A Message-ID without what stands around it."""
    return said(message_id).strip("<> ")


def _urlencoded(body: bytes) -> dict[str, Field]:
    """By the decoder of quoted-printable; that of web addresses is slow enough to keep us busy."""
    if body.count(b"&") >= MOST_FIELDS:
        raise ValueError("endless")
    fields = {}
    for pair in body.replace(b"+", b" ").replace(b"=", b"=3D").replace(b"%", b"=").split(b"&"):
        name, _, value = pair.partition(b"=3D")
        fields[a2b_qp(name).decode("utf-8", "replace")] = Field(a2b_qp(value))
    return fields


def _multipart(body: bytes, boundary: bytes) -> dict[str, Field]:
    """Split once and looked at no closer than needed: nobody has shown yet whose it is (RFC 7578)."""
    _, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_FIELDS + 1)
    if not parts or not parts[-1].startswith(b"--"):
        raise ValueError("broken off")
    fields = {}
    for part in parts[:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        if len(head) > LONGEST_HEAD:
            raise ValueError("endless")
        headers = BytesHeaderParser().parsebytes(head.lstrip() + b"\r\n")
        _, named = parse_options_header(str(headers.get("Content-Disposition", "")))
        content_type = str(headers.get("Content-Type", ""))
        fields[named.get("name", "")] = Field(content, named.get("filename", ""), content_type)
    return fields
