"""What telephone exchanges tell of calls: bytes in, events out, whatever the bytes are. Pure."""

from discount_broker.escalation.inbound.telephony import (
    CallTimes,
    NotAuthentic,
    NotReadable,
    PhoneEvent,
    PhoneEventKind,
    folded,
    number_told,
)

__all__ = [
    "CallTimes",
    "NotAuthentic",
    "NotReadable",
    "PhoneEvent",
    "PhoneEventKind",
    "folded",
    "number_told",
]
