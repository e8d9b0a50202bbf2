"""SendGrid: inbound parse that posts mails, and event webhooks that tell what became of ours."""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.parser import HeaderParser
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from discount_broker.messaging.inbound.authentication import (
    Finding,
    from_domain,
    headers_of,
    summary,
)
from discount_broker.messaging.inbound.failures import came_back
from discount_broker.messaging.inbound.letters import rebuilt, with_envelope
from discount_broker.messaging.inbound.parcel import (
    Field,
    NotAuthentic,
    NotReadable,
    Parcel,
    PostedMail,
    ReceiptEvent,
    bare,
    moment,
    said,
)
from discount_broker.messaging.status import ReceiptKind

SIGNATURE = "x-twilio-email-event-webhook-signature"
SIGNED_AT = "x-twilio-email-event-webhook-timestamp"
RETRIED_FOR, AHEAD = timedelta(hours=73), timedelta(minutes=5)
"""Mails are posted again for three days, events for one."""
SIGNED_DOMAIN = re.compile(r"@([\w.-]+)\s*:\s*(\w+)")
KINDS = {
    "processed": ReceiptKind.ACCEPTED,
    # It goes on trying.
    "deferred": ReceiptKind.ACCEPTED,
    "delivered": ReceiptKind.DELIVERED,
    "dropped": ReceiptKind.FAILED,
    "spamreport": ReceiptKind.COMPLAINT,
    "unsubscribe": ReceiptKind.COMPLAINT,
    "group_unsubscribe": ReceiptKind.COMPLAINT,
}


def check_signature(parcel: Parcel, public_key: str, now: datetime) -> None:
    """Whether SendGrid signed these very bytes not too long ago.

    Raises:
        NotAuthentic

    """
    told = parcel.headers.get(SIGNED_AT, "")
    try:
        signature = b64decode(parcel.headers.get(SIGNATURE, ""), validate=True)
        signed_at = moment(told)
        _curve_key(public_key).verify(signature, told.encode() + parcel.body, ECDSA(SHA256()))
    except (ValueError, InvalidSignature, NotReadable):
        raise NotAuthentic("wrong signature") from None
    if not now - RETRIED_FOR <= signed_at <= now + AHEAD:
        raise NotAuthentic("signed too long ago, or by a clock that is ahead")


def _curve_key(public_key: str) -> EllipticCurvePublicKey:
    key = load_der_public_key(b64decode(public_key))
    if not isinstance(key, EllipticCurvePublicKey):
        raise ValueError("not a key of a curve")  # noqa: TRY004 - said of a setting, not of our code
    return key


def read_mail(fields: Mapping[str, Field]) -> PostedMail:
    """The mail; whole where inbound parse is told to post the raw message, else put together again.

    Raises:
        NotReadable

    """
    try:
        envelope = json.loads(fields["envelope"].content)
        recipients = tuple(said(address) for address in envelope["to"])
        sender = str(envelope.get("from") or "")
        raw = fields["email"].content if "email" in fields else _put_together(fields)
    except (KeyError, ValueError, TypeError, LookupError) as broken:
        raise NotReadable("no mail of SendGrid") from broken
    found = summary(_findings(fields, sender), from_domain(headers_of(raw)))
    return PostedMail(recipients, with_envelope(raw, sender), found | {"by": "sendgrid"} if found else {})


def read_events(posted: Any) -> list[ReceiptEvent]:
    """What a webhook tells of messages; nothing of openings and clicks, which programs do too.

    Raises:
        NotReadable

    """
    try:
        events = [_event(told) for told in posted]
    except (KeyError, TypeError, AttributeError) as broken:
        raise NotReadable("no events of SendGrid") from broken
    return [event for event in events if event is not None]


def _event(told: Any) -> ReceiptEvent | None:
    words = said(f"{said(told.get('status'))} {said(told.get('reason') or told.get('response'))}")
    kind = KINDS.get(told["event"])
    if told["event"] == "bounce":
        kind = ReceiptKind.POLICY_BOUNCE if told.get("type") == "blocked" else came_back(words)
    if kind is None:
        return None
    return ReceiptEvent(
        kind=kind,
        message_id=bare(told.get("smtp-id")),
        provider_id=said(told.get("sg_message_id")).partition(".")[0],
        at=moment(told["timestamp"]),
        reference=f"sendgrid:{said(told['sg_event_id'])}",
        detail=words or told["event"],
    )


def _findings(fields: Mapping[str, Field], sender: str) -> list[Finding]:
    """SendGrid's own words: `SPF` is of the envelope's sender, `dkim` names each domain that signed."""
    found = []
    if "SPF" in fields:
        found.append(Finding("spf", fields["SPF"].text.strip().lower(), {"smtp.mailfrom": sender}))
    for domain, result in SIGNED_DOMAIN.findall(fields["dkim"].text if "dkim" in fields else ""):
        found.append(Finding("dkim", result.lower(), {"header.d": domain}))
    return found


def _put_together(fields: Mapping[str, Field]) -> bytes:
    """Fields are in the charsets the mail had, each in its own."""
    charsets = json.loads(fields["charsets"].content) if "charsets" in fields else {}
    texts = {
        name: fields[name].content.decode(str(charsets.get(name, "utf-8")), "replace")
        for name in ("headers", "text", "html")
        if name in fields
    }
    headers = HeaderParser().parsestr(texts["headers"])
    files = [field for name, field in fields.items() if name.startswith("attachment") and field.filename]
    pairs = [(name, str(value)) for name, value in headers.items()]
    return rebuilt(pairs, texts.get("text", ""), texts.get("html", ""), files)
