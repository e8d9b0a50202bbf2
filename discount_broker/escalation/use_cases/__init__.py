"""What operators do, and what wakes by itself on the desk."""

from discount_broker.escalation.use_cases.calling import log_call
from discount_broker.escalation.use_cases.cases import close_case, snooze_case
from discount_broker.escalation.use_cases.claiming import (
    claim_case,
    claim_next,
    claim_shop,
    prolong_claim,
    release_case,
    release_shop,
    wake_queue,
)
from discount_broker.escalation.use_cases.doors import note_outcome, note_sent_by_hand
from discount_broker.escalation.use_cases.flagging import flag_case
from discount_broker.escalation.use_cases.lead_reviews import decide, read_review
from discount_broker.escalation.use_cases.promises import (
    PromiseGiven,
    add_promise,
    move_promise,
    report_call,
    settle_promise,
    withdraw_promise,
)
from discount_broker.escalation.use_cases.reviewing import open_reviews, settle_review
from discount_broker.escalation.use_cases.waking import open_due_cases
from discount_broker.escalation.use_cases.waking_promises import wake_promises

__all__ = [
    "PromiseGiven",
    "add_promise",
    "claim_case",
    "claim_next",
    "close_case",
    "decide",
    "flag_case",
    "log_call",
    "move_promise",
    "note_outcome",
    "note_sent_by_hand",
    "open_due_cases",
    "open_reviews",
    "read_review",
    "release_case",
    "report_call",
    "settle_promise",
    "settle_review",
    "snooze_case",
    "wake_promises",
    "wake_queue",
    "withdraw_promise",
]
