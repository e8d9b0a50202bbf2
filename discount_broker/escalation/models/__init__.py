"""What the desk works with: cases and their queue, calls, promises, clocks, texts and reviews."""

from discount_broker.escalation.models.calls import Call, PhoneCall, call_case
from discount_broker.escalation.models.cases import EscalationCase
from discount_broker.escalation.models.clocks import CaseClock, ClockPolicy
from discount_broker.escalation.models.promises import Promise
from discount_broker.escalation.models.queue import Presence, QueueEntry, SavedFilter
from discount_broker.escalation.models.reviews import LeadReview, Review
from discount_broker.escalation.models.texts import DeskText

__all__ = [
    "Call",
    "CaseClock",
    "ClockPolicy",
    "DeskText",
    "EscalationCase",
    "LeadReview",
    "PhoneCall",
    "Presence",
    "Promise",
    "QueueEntry",
    "Review",
    "SavedFilter",
    "call_case",
]
