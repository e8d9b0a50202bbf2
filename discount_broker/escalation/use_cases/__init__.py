"""What operators do, and what wakes by itself on the desk."""

from discount_broker.escalation.use_cases.calling import log_call
from discount_broker.escalation.use_cases.cases import close_case, snooze_case
from discount_broker.escalation.use_cases.claiming import claim_case, claim_next, release_case, wake_queue
from discount_broker.escalation.use_cases.doors import note_outcome, note_sent_by_hand
from discount_broker.escalation.use_cases.reviewing import open_reviews, settle_review
from discount_broker.escalation.use_cases.waking import open_due_cases, settle_promise, wake_promises

__all__ = [
    "claim_case",
    "claim_next",
    "close_case",
    "log_call",
    "note_outcome",
    "note_sent_by_hand",
    "open_due_cases",
    "open_reviews",
    "release_case",
    "settle_promise",
    "settle_review",
    "snooze_case",
    "wake_promises",
    "wake_queue",
]
