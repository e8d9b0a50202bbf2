"""Mailgun: routes that post mails, and webhooks that tell what became of ours."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from discount_broker.messaging.inbound.failures import came_back
from discount_broker.messaging.inbound.letters import rebuilt, with_envelope
from discount_broker.messaging.inbound.parcel import (
    Field,
    NotAuthentic,
    NotReadable,
    PostedMail,
    ReceiptEvent,
    bare,
    moment,
    said,
)
from discount_broker.messaging.status import ReceiptKind

RETRIED_FOR = timedelta(hours=9)
"""A request is repeated for eight hours, under its first time and signature."""
AHEAD = timedelta(minutes=5)
KINDS = {
    "accepted": ReceiptKind.ACCEPTED,
    "delivered": ReceiptKind.DELIVERED,
    "rejected": ReceiptKind.FAILED,
    "complained": ReceiptKind.COMPLAINT,
    # Whoever unsubscribes wants no more of it, as whoever complains.
    "unsubscribed": ReceiptKind.COMPLAINT,
}
GIVEN_UP = {"old", "generic", "suppress-bounce"}
"""Reasons that blame no address by themselves."""
TOLD_BY_FILTERS = {"spf": "X-Mailgun-Spf", "dkim": "X-Mailgun-Dkim-Check-Result"}


def check(signature: Mapping[str, str], key: str, now: datetime) -> str:
    """The token of a request signed by Mailgun not too long ago.

    The signature covers the time and the token alone: whoever has seen one could put another
    mail under it. So the token has to be remembered together with what came under it.

    Raises:
        NotAuthentic

    """
    told, token = signature.get("timestamp", ""), signature.get("token", "")
    right = hmac.new(key.encode(), (told + token).encode(), "sha256").hexdigest()
    if not key or not hmac.compare_digest(right.encode(), signature.get("signature", "").encode()):
        raise NotAuthentic("wrong signature")
    try:
        signed_at = moment(told)
    except NotReadable:
        raise NotAuthentic("signed at no time") from None
    if not now - RETRIED_FOR <= signed_at <= now + AHEAD:
        raise NotAuthentic("signed too long ago, or by a clock that is ahead")
    return token


def signature_of_mail(fields: Mapping[str, Field]) -> dict[str, str]:
    return {name: fields[name].text for name in ("timestamp", "token", "signature") if name in fields}


def signature_of_event(event: Any) -> dict[str, str]:
    signature = event.get("signature") if isinstance(event, dict) else None
    return {str(name): str(told) for name, told in signature.items()} if isinstance(signature, dict) else {}


def read_mail(fields: Mapping[str, Field]) -> PostedMail:
    """The mail of a route; whole where its address ends in `mime`, else put together again.

    Raises:
        NotReadable

    """
    recipients = tuple(filter(None, map(said, _text(fields, "recipient").split(","))))
    if not recipients:
        raise NotReadable("no recipient")
    raw = fields["body-mime"].content if "body-mime" in fields else _put_together(fields)
    # Told for people: without a domain these say nothing of the address in From, and a sender
    # can write headers of these names.
    found = {
        check: said(_text(fields, name)).lower() for check, name in TOLD_BY_FILTERS.items() if name in fields
    }
    return PostedMail(
        recipients,
        with_envelope(raw, _text(fields, "sender")),
        found | {"by": "mailgun"} if found else {},
    )


def read_event(posted: Any) -> ReceiptEvent | None:
    """What a webhook tells of a message; None where that is nothing of its way.

    Raises:
        NotReadable

    """
    try:
        told = posted["event-data"]
        kind, detail = _kind_of(told)
        headers, envelope = told.get("message", {}).get("headers", {}), told.get("envelope", {})
        if kind is None:
            return None
        return ReceiptEvent(
            kind=kind,
            message_id=bare(headers.get("message-id")),
            envelope_sender=said(envelope.get("sender")),
            at=moment(told["timestamp"]),
            # Event ids are unique within a day only.
            reference=f"mailgun:{said(told['timestamp'])}:{said(told['id'])}",
            detail=detail,
        )
    except (KeyError, TypeError, AttributeError) as broken:
        raise NotReadable("no event of Mailgun") from broken


def _kind_of(told: Any) -> tuple[ReceiptKind | None, str]:
    status = told.get("delivery-status") or {}
    words = said(
        " ".join(str(status.get(name) or "") for name in ("code", "enhanced-code", "message", "description"))
    )
    detail = said(f"{said(told.get('reason'))} {words}")
    if told["event"] != "failed":
        return KINDS.get(told["event"]), detail or told["event"]
    if told.get("severity") == "temporary":
        # It goes on trying, so the message has not come back.
        return ReceiptKind.ACCEPTED, detail
    if told.get("reason") in ("suppress-complaint", "suppress-unsubscribe"):
        return ReceiptKind.COMPLAINT, detail
    has_sign = told.get("reason") not in GIVEN_UP or "5." in words
    return (came_back(words) if has_sign else ReceiptKind.FAILED), detail


def _text(fields: Mapping[str, Field], name: str) -> str:
    return fields[name].text if name in fields else ""


def _put_together(fields: Mapping[str, Field]) -> bytes:
    try:
        headers = [(str(name), str(value)) for name, value in json.loads(_text(fields, "message-headers"))]
    except (ValueError, TypeError):
        raise NotReadable("neither a whole mail nor its headers") from None
    files = [field for name, field in fields.items() if name.startswith("attachment-") and field.filename]
    return rebuilt(headers, _text(fields, "body-plain"), _text(fields, "body-html"), files)
