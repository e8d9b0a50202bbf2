"""One request of a mail provider, kept as bytes: a mail may be written in any charset."""

import hashlib
import hmac
import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, File, MultipartDecoder, NeedData
from werkzeug.sansio.multipart import Field as FieldBegins

from discount_broker.messaging.status import ReceiptKind

LARGEST_MAIL = 25 * 1024 * 1024
MOST_PARTS = 200
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
        if kind == "application/x-www-form-urlencoded":
            return _urlencoded(self.body)
        boundary = options.get("boundary", "")
        if kind != "multipart/form-data" or not boundary:
            raise NotReadable("neither of the two kinds of form")
        try:
            return _multipart(self.body, boundary.encode())
        except (ValueError, AttributeError, RequestEntityTooLarge) as broken:
            raise NotReadable("the form is broken, or endless") from broken

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
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    return {name: Field(value.encode("latin-1")) for name, value in pairs}


def _multipart(body: bytes, boundary: bytes) -> dict[str, Field]:
    decoder = MultipartDecoder(boundary, max_parts=MOST_PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    fields: dict[str, Field] = {}
    name, filename, headers, pieces = "", "", Headers(), list[bytes]()
    while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
        if isinstance(event, FieldBegins | File):
            name, headers, pieces = event.name, event.headers, []
            filename = (event.filename or "") if isinstance(event, File) else ""
        elif isinstance(event, Data):
            pieces.append(event.data)
            if not event.more_data:
                fields[name] = Field(b"".join(pieces), filename, headers.get("content-type", ""))
    return fields
