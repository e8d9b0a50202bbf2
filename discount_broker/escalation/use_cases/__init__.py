"""What operators do, and what wakes by itself on the desk."""

from discount_broker.escalation.use_cases.bulk import close_cases, snooze_shop
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
from discount_broker.escalation.use_cases.clocks import change_clock, watch_clocks, wind_clocks
from discount_broker.escalation.use_cases.doors import go_on_with_cases_of, note_outcome
from discount_broker.escalation.use_cases.filters import delete_filter, save_filter
from discount_broker.escalation.use_cases.flagging import flag_case
from discount_broker.escalation.use_cases.lead_reviews import decide, read_review
from discount_broker.escalation.use_cases.presence import forget_presence, note_presence
from discount_broker.escalation.use_cases.promises import (
    PromiseGiven,
    add_promise,
    move_promise,
    report_call,
    settle_promise,
    withdraw_promise,
)
from discount_broker.escalation.use_cases.requeueing import requeue_merged, requeue_shop
from discount_broker.escalation.use_cases.reviewing import open_reviews, settle_review
from discount_broker.escalation.use_cases.waking import open_due_cases
from discount_broker.escalation.use_cases.waking_promises import wake_promises

__all__ = [
    "PromiseGiven",
    "add_promise",
    "change_clock",
    "claim_case",
    "claim_next",
    "claim_shop",
    "close_case",
    "close_cases",
    "decide",
    "delete_filter",
    "flag_case",
    "forget_presence",
    "go_on_with_cases_of",
    "log_call",
    "move_promise",
    "note_outcome",
    "note_presence",
    "open_due_cases",
    "open_reviews",
    "prolong_claim",
    "read_review",
    "release_case",
    "release_shop",
    "report_call",
    "requeue_merged",
    "requeue_shop",
    "save_filter",
    "settle_promise",
    "settle_review",
    "snooze_case",
    "snooze_shop",
    "wake_promises",
    "wake_queue",
    "watch_clocks",
    "wind_clocks",
    "withdraw_promise",
]
