"""Amazon SES: mails and events within notifications of SNS."""

import json
from base64 import b64decode
from typing import Any

from discount_broker.messaging.inbound.authentication import from_domain, headers_of
from discount_broker.messaging.inbound.failures import came_back
from discount_broker.messaging.inbound.letters import with_envelope, without_body
from discount_broker.messaging.inbound.parcel import (
    NotReadable,
    PostedMail,
    ReceiptEvent,
    bare,
    iso_moment,
    said,
)
from discount_broker.messaging.inbound.sns import Notification
from discount_broker.messaging.status import ReceiptKind

WORDS = {"PASS": "pass", "FAIL": "fail", "GRAY": "none", "PROCESSING_FAILED": "temperror"}
ELSEWHERE = (
    "Amazon SES did not hand this mail over: it was too large for a notification, or its rule stores it in S3"
)
TRANSIENT = {
    "MessageTooLarge": ReceiptKind.FAILED,
    "ContentRejected": ReceiptKind.POLICY_BOUNCE,
    "AttachmentRejected": ReceiptKind.POLICY_BOUNCE,
}


def read_notification(notification: Notification) -> PostedMail | list[ReceiptEvent]:
    """The mail, or what became of messages of ours; an empty list for what says nothing of either.

    Raises:
        NotReadable

    """
    try:
        told = json.loads(notification.message)
        kind = told.get("notificationType") or told.get("eventType")
        if kind == "Received":
            return _mail(told)
        return _events(kind, told, notification.message_id)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as broken:
        if notification.message.startswith("Successfully validated SNS topic"):
            return []
        raise NotReadable("no notification of SES") from broken


def _mail(told: dict[str, Any]) -> PostedMail:
    receipt, mail = told["receipt"], told["mail"]
    recipients = tuple(said(address) for address in receipt.get("recipients") or mail["destination"])
    raw = _content(told)
    found = {
        check: WORDS.get(receipt[f"{check}Verdict"]["status"], "none")
        for check in ("spf", "dkim", "dmarc")
        if f"{check}Verdict" in receipt
    }
    # SES tells no domain with its verdicts; DMARC alone is about the one in From.
    author = from_domain(headers_of(raw))
    proved = {"domain": author} if found.get("dmarc") == "pass" and author else {}
    authentication = found | proved | {"by": "ses"} if found else {}
    return PostedMail(recipients, with_envelope(raw, said(mail.get("source"))), authentication)


def _content(told: dict[str, Any]) -> bytes:
    action = told["receipt"].get("action") or {}
    content = told.get("content")
    if not isinstance(content, str):
        place = f"{said(action.get('bucketName'))}/{said(action.get('objectKey'))}".strip("/")
        headers = [
            (str(header["name"]), str(header["value"])) for header in told["mail"].get("headers") or []
        ]
        return without_body(headers, f"{ELSEWHERE}{f': {place}' if place else ''}.")
    if str(action.get("encoding", "")).upper() == "BASE64":
        return b64decode(content)
    return content.encode("utf-8", "replace")


def _events(kind: str, told: dict[str, Any], notification_id: str) -> list[ReceiptEvent]:
    mail, event = told["mail"], told.get(kind.lower().replace(" ", "")) or {}
    read = _kind_of(kind, event)
    if read is None:
        return []
    receipt, detail = read
    headers = {str(header["name"]).lower(): header["value"] for header in mail.get("headers") or []}
    return [
        ReceiptEvent(
            kind=receipt,
            message_id=bare(headers.get("message-id")),
            envelope_sender=said(mail.get("source")),
            provider_id=said(mail.get("messageId")),
            at=iso_moment(event.get("timestamp") or mail["timestamp"]),
            reference=f"ses:{said(event.get('feedbackId')) or notification_id}",
            detail=detail,
        )
    ]


def _kind_of(kind: str, event: dict[str, Any]) -> tuple[ReceiptKind, str] | None:
    match kind:
        case "Send":
            return ReceiptKind.ACCEPTED, kind
        case "Delivery":
            return ReceiptKind.DELIVERED, said(event.get("smtpResponse"))
        case "Reject":
            return ReceiptKind.FAILED, said(event.get("reason"))
        case "Complaint":
            return ReceiptKind.COMPLAINT, said(event.get("complaintFeedbackType"))
        case "Bounce":
            return _bounce(event)
    return None


def _bounce(event: dict[str, Any]) -> tuple[ReceiptKind, str]:
    failed = (event.get("bouncedRecipients") or [{}])[0]
    words = said(f"{said(failed.get('status'))} {said(failed.get('diagnosticCode'))}")
    detail = said(f"{event.get('bounceType')}/{event.get('bounceSubType')} {words}")
    match event.get("bounceType"):
        case "Permanent":
            return came_back(words), detail
        case "Transient":
            return TRANSIENT.get(str(event.get("bounceSubType")), ReceiptKind.SOFT_BOUNCE), detail
    return ReceiptKind.FAILED, detail
