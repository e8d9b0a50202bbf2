"""Twilio's status callbacks of voice calls, and what its <Dial> says when it is over. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from discount_broker.escalation.inbound.telephony import (
    LONGEST_NUMBER,
    NotReadable,
    PhoneEvent,
    PhoneEventKind,
    own_end,
)
from discount_broker.escalation.status import CallDirection

PROVIDER = "twilio"
RING = frozenset({"queued", "initiated", "ringing"})
ANSWER = frozenset({"in-progress", "answered"})
HANGUP = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
SOFTPHONES = ("client:", "sip:")


def read_event(fields: Mapping[str, str], now: datetime) -> PhoneEvent:
    """One event of one call.

    Twilio itself takes every call that comes in, to ask what to do with it: whether a person took it is
    known from the line it dialled (`ParentCallSid`) or from the end of its `<Dial>` (`DialCallStatus`).

    Raises:
        NotReadable

    """
    is_leg = bool(fields.get("ParentCallSid"))
    call_id, status = _call_and_status(fields)
    direction = _direction(fields)
    theirs, ours = fields.get("From", ""), fields.get("To", "")
    if direction is CallDirection.OUT:
        theirs, ours = ours, theirs
    at = _moment(fields.get("Timestamp"), now)
    was_taken = _was_taken_by_a_person(fields, status, is_leg=is_leg)
    return PhoneEvent(
        provider=PROVIDER,
        provider_id=call_id,
        kind=_kind(status, was_taken=was_taken),
        at=at,
        direction=direction,
        number=theirs[:LONGEST_NUMBER],
        extension=own_end(ours),
        answered_at=_answered_at(fields, at) if was_taken else None,
        is_leg=is_leg,
    )


def _call_and_status(fields: Mapping[str, str]) -> tuple[str, str]:
    call_id = fields.get("ParentCallSid") or fields.get("CallSid", "")
    status = fields.get("DialCallStatus") or fields.get("CallStatus", "")
    if not call_id or len(call_id) > LONGEST_NUMBER or status not in RING | ANSWER | HANGUP:
        raise NotReadable("no event of a call")
    return call_id, status


def _direction(fields: Mapping[str, str]) -> CallDirection:
    """Who calls: a softphone of ours reaches Twilio as an incoming call, too."""
    is_ours = fields.get("From", "").startswith(SOFTPHONES)
    is_incoming = fields.get("Direction", "inbound") == "inbound"
    return CallDirection.IN if is_incoming and not is_ours else CallDirection.OUT


def _was_taken_by_a_person(fields: Mapping[str, str], status: str, *, is_leg: bool) -> bool:
    says_so = is_leg or "DialCallStatus" in fields or fields.get("Direction", "").startswith("outbound")
    return says_so and (status in ANSWER or (status == "completed" and _seconds(fields) > 0))


def _kind(status: str, *, was_taken: bool) -> PhoneEventKind:
    if status in HANGUP:
        return PhoneEventKind.HANGUP
    return PhoneEventKind.ANSWER if was_taken else PhoneEventKind.RING


def _answered_at(fields: Mapping[str, str], at: datetime) -> datetime:
    """When people began to speak, reckoned from the end of the call."""
    return at - timedelta(seconds=_seconds(fields))


def _seconds(fields: Mapping[str, str]) -> int:
    told = fields.get("DialCallDuration") or fields.get("CallDuration") or "0"
    return min(int(told), 86_400) if told.isdecimal() else 0


def _moment(told: str | None, now: datetime) -> datetime:
    """As Twilio writes it (RFC 2822); the end of a <Dial> tells no time, and comes at once."""
    try:
        at = parsedate_to_datetime(told or "")
    except ValueError:
        return now
    return at if at.tzinfo else now
