"""Signed links: who may see the offer page, the status page, the stop page.

A token is the id of a row, the minute it was made and a keyed hash of both and of what the
link is for, in base32: letters and digits only, so it survives being retyped, upper-cased
or used as the local part of an address (48 characters; RFC 5321 allows 64).
"""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from flask import current_app

from discount_broker.kernel.errors import NotFound, TokenExpired

MAC_BYTES = 10
LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "8": "b"})
"""Base32 has none of these digits: a person who typed one meant the letter."""


class Purpose(StrEnum):
    DRAFT = "draft"
    CONFIRM = "confirm"
    FOLLOW = "follow"
    LOGIN = "login"
    OFFER = "offer"
    REPLY = "reply"
    BUYER_REPLY = "buyer_reply"
    """`answer+<token>@`: the buyer answers a letter of the shop."""
    BOUNCE = "bounce"
    STOP = "stop"
    WAITING = "waiting"
    """All requests of one digest."""
    SMS = "sms"
    """A door for a text gateway: of one message, or of the whole installation."""


def issue_token(purpose: Purpose, subject_id: UUID, made_at: datetime) -> str:
    """A token for one row and one purpose; the same arguments give the same token."""
    body = subject_id.bytes + int(made_at.timestamp() // 60).to_bytes(4)
    return base64.b32encode(body + _mac(purpose, body)).decode().lower()


def read_token(purpose: Purpose, token: str, now: datetime, max_age: timedelta | None = None) -> UUID:
    """The id the token was made for.

    Raises:
        NotFound: made for something else, or not by us.
        TokenExpired: older than `max_age`.

    """
    try:
        raw = base64.b32decode(token.strip().lower().translate(LOOK_ALIKES).upper())
    except ValueError:
        raise NotFound("token") from None
    body, mac = raw[:20], raw[20:]
    if len(mac) != MAC_BYTES or not hmac.compare_digest(mac, _mac(purpose, body)):
        raise NotFound("token")
    made_at = datetime.fromtimestamp(int.from_bytes(body[16:]) * 60, UTC)
    if max_age is not None and now - made_at > max_age:
        raise TokenExpired("token")
    return UUID(bytes=body[:16])


def _mac(purpose: Purpose, body: bytes) -> bytes:
    secret: str = current_app.config["SECRET_KEY"]
    return hmac.digest(secret.encode(), purpose.encode() + b":" + body, "sha256")[:MAC_BYTES]
