"""Postmark: mails posted as JSON, and webhooks that tell what became of ours. Known by a password alone."""

from base64 import b64decode
from typing import Any

from discount_broker.messaging.inbound.failures import came_back
from discount_broker.messaging.inbound.letters import rebuilt, with_envelope
from discount_broker.messaging.inbound.parcel import (
    Field,
    NotReadable,
    PostedMail,
    ReceiptEvent,
    bare,
    iso_moment,
    said,
)
from discount_broker.messaging.status import ReceiptKind

BOUNCES = {
    "HardBounce": ReceiptKind.HARD_BOUNCE,
    "BadEmailAddress": ReceiptKind.HARD_BOUNCE,
    "SoftBounce": ReceiptKind.SOFT_BOUNCE,
    # It goes on trying.
    "Transient": ReceiptKind.ACCEPTED,
    "Blocked": ReceiptKind.POLICY_BOUNCE,
    "SpamNotification": ReceiptKind.POLICY_BOUNCE,
    "VirusNotification": ReceiptKind.POLICY_BOUNCE,
    "DMARCPolicy": ReceiptKind.POLICY_BOUNCE,
    "DnsError": ReceiptKind.FAILED,
    "SMTPApiError": ReceiptKind.FAILED,
    "ManuallyDeactivated": ReceiptKind.FAILED,
    "SpamComplaint": ReceiptKind.COMPLAINT,
    "Unsubscribe": ReceiptKind.COMPLAINT,
}
SIGNS_BLAME_US = {"HardBounce", "SoftBounce"}
"""Kinds under which refusals by policy are filed too: their words tell."""
TIMES = ("BouncedAt", "DeliveredAt", "ChangedAt", "ReceivedAt")


def read_mail(posted: Any) -> PostedMail:
    """The mail; whole where the server is told to include it (`RawEmail`), else put together again.

    Raises:
        NotReadable

    """
    try:
        recipient = said(posted.get("OriginalRecipient")) or said(posted["ToFull"][0]["Email"])
        headers = [(str(header["Name"]), str(header["Value"])) for header in posted.get("Headers") or []]
        raw = posted.get("RawEmail")
        content = str(raw).encode("utf-8", "replace") if raw else _put_together(posted, headers)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as broken:
        raise NotReadable("no mail of Postmark") from broken
    named = {name.lower(): value for name, value in reversed(headers)}
    spf = named.get("received-spf", "").split()
    # Without a domain that is Postmark's own word these prove nothing of the address in From.
    found = {"spf": spf[0].lower()} if spf else {}
    return PostedMail(
        (recipient,),
        with_envelope(content, said(named.get("return-path", ""))),
        found | {"by": "postmark"} if found else {},
    )


def read_event(posted: Any) -> ReceiptEvent | None:
    """What a webhook tells of a message; None where that is nothing of its way.

    Raises:
        NotReadable

    """
    try:
        kind = _kind_of(posted)
        if kind is None:
            return None
        told_at = next(posted[name] for name in TIMES if posted.get(name))
        detail = said(posted.get("Details") or posted.get("Description") or posted.get("SuppressionReason"))
        number = said(posted["MessageID"])
        return ReceiptEvent(
            kind=kind,
            # It counts messages its own way, and gives back what we told it of them.
            message_id=bare((posted.get("Metadata") or {}).get("message-id")),
            provider_id=number,
            at=iso_moment(told_at),
            reference=f"postmark:{number}:{posted.get('ID') or posted['RecordType']}",
            detail=detail,
        )
    except (KeyError, TypeError, AttributeError, StopIteration) as broken:
        raise NotReadable("no event of Postmark") from broken


def _kind_of(posted: Any) -> ReceiptKind | None:
    match posted["RecordType"]:
        case "Delivery":
            return ReceiptKind.DELIVERED
        case "SpamComplaint":
            return ReceiptKind.COMPLAINT
        case "SubscriptionChange":
            is_wish = posted.get("SuppressSending") and posted.get("Origin") == "Recipient"
            return ReceiptKind.COMPLAINT if is_wish else None
        case "Bounce":
            kind = BOUNCES.get(posted["Type"])
            words = said(posted.get("Details"))
            return came_back(words) if posted["Type"] in SIGNS_BLAME_US and "5." in words else kind
    return None


def _put_together(posted: Any, headers: list[tuple[str, str]]) -> bytes:
    """Postmark takes some headers out of the list and tells them aside."""
    there = {name.lower() for name, _ in headers}
    aside = {"From": _from(posted), "To": posted.get("To"), "Cc": posted.get("Cc")}
    aside |= {"Subject": posted.get("Subject"), "Date": posted.get("Date"), "Reply-To": posted.get("ReplyTo")}
    headers = headers + [
        (name, str(told)) for name, told in aside.items() if told and name.lower() not in there
    ]
    files = [
        Field(b64decode(file.get("Content") or file["Data"]), str(file["Name"]), str(file["ContentType"]))
        for file in posted.get("Attachments") or []
    ]
    return rebuilt(headers, str(posted.get("TextBody") or ""), str(posted.get("HtmlBody") or ""), files)


def _from(posted: Any) -> str:
    full = posted.get("FromFull") or {}
    name, address = str(full.get("Name") or ""), str(full.get("Email") or posted.get("From") or "")
    return f'"{name.replace(chr(34), "")}" <{address}>' if name else address
