"""Asterisk, and whatever else can post a small JSON document: see docs/telephony.md for its form. Pure."""

import hmac
import json
from datetime import UTC, datetime
from typing import Any

from discount_broker.escalation.inbound.telephony import (
    LONGEST_NUMBER,
    NotAuthentic,
    NotReadable,
    PhoneEvent,
    PhoneEventKind,
    own_end,
)
from discount_broker.escalation.status import CallDirection

PROVIDER = "asterisk"
LONGEST_ID = 150


def check(body: bytes, signature: str, secret: str) -> None:
    """Whether the signature is the HMAC-SHA256 of this very body, in hex, `sha256=` before it or not.

    Raises:
        NotAuthentic

    """
    right = hmac.digest(secret.encode(), body, "sha256").hex()
    given = signature.strip().lower().removeprefix("sha256=")
    if not secret or not hmac.compare_digest(right.encode(), given.encode()):
        raise NotAuthentic("wrong signature")


def read_event(body: bytes) -> PhoneEvent:
    """One event of one call.

    Raises:
        NotReadable

    """
    try:
        told = json.loads(body)
        direction = CallDirection(_text(told, "direction").lower())
        ends = _text(told, "caller"), _text(told, "callee")
        theirs, ours = ends if direction is CallDirection.IN else reversed(ends)
        uniqueid = _text(told, "uniqueid")
        if not uniqueid or len(uniqueid) > LONGEST_ID:
            raise NotReadable("no uniqueid")
        return PhoneEvent(
            provider=PROVIDER,
            provider_id=uniqueid,
            kind=PhoneEventKind(_text(told, "event").lower()),
            at=_moment(told["at"]),
            direction=direction,
            number=theirs[:LONGEST_NUMBER],
            extension=own_end(ours),
        )
    except (ValueError, KeyError, TypeError, OverflowError, AttributeError, RecursionError) as broken:
        raise NotReadable("no event of a call") from broken


def _text(told: Any, name: str) -> str:
    value = told.get(name, "")
    return str(value).strip() if isinstance(value, str | int) else ""


def _moment(epoch: Any) -> datetime:
    """Seconds since 1970, as a number or as the text that a dialplan makes of `${EPOCH}`."""
    at = datetime.fromtimestamp(float(epoch), UTC)
    if at.year < 2000:
        raise ValueError("not a time of a call")
    return at
