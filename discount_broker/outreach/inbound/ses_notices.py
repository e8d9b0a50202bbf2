"""Reads the notices of Amazon SES that come as a mail: JSON in its text."""

import json
from typing import Any

from discount_broker.outreach.inbound.bounce_reasons import best_status, is_for_now, kind_of, reason_of
from discount_broker.outreach.inbound.bounces import Bounce
from discount_broker.outreach.inbound.letter import Mail
from discount_broker.outreach.status import ReplyKind

KINDS = {"Bounce": ReplyKind.BOUNCE, "Complaint": ReplyKind.COMPLAINT, "Delivery": ReplyKind.RECEIPT}


def read_notice(mail: Mail) -> tuple[ReplyKind, Bounce | None] | None:
    """What the notice is, and the bounce in it; None when the mail is no such notice."""
    if not mail.has("X-Amz-Sns-Message-Id") and "notificationType" not in mail.body[:2_000]:
        return None
    notice = _json(mail.body.partition("\n--\n")[0])
    notice = _json(notice["Message"]) if isinstance(notice.get("Message"), str) else notice
    kind = KINDS.get(str(notice.get("notificationType") or notice.get("eventType")))
    if kind is not ReplyKind.BOUNCE:
        return None if kind is None else (kind, None)
    return kind, _bounce(notice)


def _bounce(notice: dict[str, Any]) -> Bounce:
    told = _object(notice.get("bounce"))
    recipients = [_object(each) for each in _list(told.get("bouncedRecipients"))]
    first = recipients[0] if recipients else {}
    status, said = str(first.get("status") or ""), str(first.get("diagnosticCode") or "")
    is_lasting = told.get("bounceType") == "Permanent"
    permanent = not is_for_now(status, said) if status or said else is_lasting
    reason = reason_of(status, said or str(told.get("bounceSubType")))
    addresses = [
        str(each["emailAddress"]).strip("<> ").lower() for each in recipients if "emailAddress" in each
    ]
    return Bounce(
        recipients=tuple(dict.fromkeys(addresses)),
        permanent=permanent,
        is_final=True,
        reason=reason,
        status=best_status(status, said),
        diagnostic=said[:500],
        kind=kind_of(reason, permanent=permanent),
        original_message_id=_message_id(_object(notice.get("mail"))),
    )


def _message_id(sent: dict[str, Any]) -> str:
    own = str(_object(sent.get("commonHeaders")).get("messageId") or "")
    return own if own.startswith("<") else ""


def _json(text: str) -> dict[str, Any]:
    try:
        # The decoder goes down a level for every bracket: a mail of nothing else ends it.
        return _object(json.loads(text, strict=False))
    except (ValueError, RecursionError):
        return {}


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
