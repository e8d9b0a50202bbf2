"""Signed links: who may see the offer page, the status page, the stop page.

A token is the id of a row, the minute it was made and a keyed hash of both and of what the
link is for, in Crockford's base32 (crockford.com/base32.html): digits and letters without look-alikes,
so it survives being retyped, upper-cased or used as the local part of an address (48 characters; RFC 5321
allows 64).
"""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from flask import current_app

from discount_broker.kernel.errors import NotFound, TokenExpired

MAC_BYTES = 10
RFC_4648 = "abcdefghijklmnopqrstuvwxyz234567"
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
WRITTEN = str.maketrans(RFC_4648, CROCKFORD)
READ = str.maketrans(CROCKFORD + "oilu", RFC_4648 + RFC_4648[0] + RFC_4648[1] * 2 + RFC_4648[27])
"""Nothing is written with o, i, l or u: whoever typed one meant 0, 1, 1 or v."""
OLD_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "8": "b"})
"""Tokens were written in plain base32 once, and the mails that hold them are still answered."""


class Purpose(StrEnum):
    DRAFT = "draft"
    CONFIRM = "confirm"
    FOLLOW = "follow"
    LOGIN = "login"
    OFFER = "offer"
    REPLY = "reply"
    BUYER_REPLY = "buyer_reply"
    """`answer+<token>@`: the buyer answers a letter of the shop."""
    BEGUN = "begun"
    """`begun+<token>@`: the buyer answers the letter about what they have not confirmed."""
    BOUNCE = "bounce"
    STOP = "stop"
    WAITING = "waiting"
    """All requests of one digest."""
    STAFF_PASSWORD = "staff_password"  # noqa: S105 - the name of a purpose, no password
    """To choose a password for the desk, once: the row knows whether it was done."""
    PROMISE = "promise"
    """Whether a shop called, as it promised: for the buyer to say."""
    NEWS = "news"
    """How a buyer wants to hear of us, from one mail on."""
    KEEP = "keep"
    """To take back that one wants to be forgotten."""
    SHOP_CLAIM = "shop_claim"
    """Somebody reads mail at an address of a shop: the way to its own page."""
    SHOP_INVITE = "shop_invite"
    """A colleague of theirs let them in; works once."""
    WATCH = "watch"
    """One watch of a product: its page, and the buttons that confirm, stop and repeat."""
    CHECK = "check"
    """`reply+<token>@`: the answer to the question of a responsiveness check, by its delivery."""
    CHECK_STOP = "check_stop"
    CHECK_REPORT = "check_report"
    """What a check found, for the shop that was checked."""
    SMS = "sms"
    """A door for a text gateway: of one message, or of the whole installation."""


def issue_token(purpose: Purpose, subject_id: UUID, made_at: datetime) -> str:
    """A token for one row and one purpose; the same arguments give the same token."""
    body = subject_id.bytes + int(made_at.timestamp() // 60).to_bytes(4)
    return base64.b32encode(body + _mac(purpose, body)).decode().lower().translate(WRITTEN)


def read_token(purpose: Purpose, token: str, now: datetime, max_age: timedelta | None = None) -> UUID:
    """The id the token was made for.

    Raises:
        NotFound: made for something else, or not by us.
        TokenExpired: older than `max_age`.

    """
    typed = token.strip().lower()
    body = _signed(purpose, typed.translate(READ)) or _signed(purpose, typed.translate(OLD_LOOK_ALIKES))
    if body is None:
        raise NotFound("token")
    made_at = datetime.fromtimestamp(int.from_bytes(body[16:]) * 60, UTC)
    if max_age is not None and now - made_at > max_age:
        raise TokenExpired("token")
    return UUID(bytes=body[:16])


def _signed(purpose: Purpose, written: str) -> bytes | None:
    """What stands in a token, if it was made by us for this purpose."""
    try:
        raw = base64.b32decode(written.upper())
    except ValueError:
        return None
    body, mac = raw[:20], raw[20:]
    is_ours = len(mac) == MAC_BYTES and hmac.compare_digest(mac, _mac(purpose, body))
    return body if is_ours else None


def _mac(purpose: Purpose, body: bytes) -> bytes:
    secret: str = current_app.config["SECRET_KEY"]
    return hmac.digest(secret.encode(), purpose.encode() + b":" + body, "sha256")[:MAC_BYTES]
