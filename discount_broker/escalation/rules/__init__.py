"""What stands first in the queue, what calls must say, when promises are kept. Pure."""

from discount_broker.escalation.rules.calls import (
    ENDING_OF_RESULT,
    LONGEST_CALL,
    TRY_AGAIN_AFTER,
    CallReport,
    check_call,
    minutes_between,
    next_action_after,
)
from discount_broker.escalation.rules.promises import (
    CLAIM_WAITS,
    PROMISE_GRACE,
    WARN_BEFORE,
    Doubt,
    DoubtKind,
    doubts_about,
    key_of,
    may_be_checked_at,
    recipient_of,
    settling_event,
    side_of,
)
from discount_broker.escalation.rules.queue import CLAIM_LASTS, CaseFacts, Place, place_of, rank_of

__all__ = [
    "CLAIM_LASTS",
    "CLAIM_WAITS",
    "ENDING_OF_RESULT",
    "LONGEST_CALL",
    "PROMISE_GRACE",
    "TRY_AGAIN_AFTER",
    "WARN_BEFORE",
    "CallReport",
    "CaseFacts",
    "Doubt",
    "DoubtKind",
    "Place",
    "check_call",
    "doubts_about",
    "key_of",
    "may_be_checked_at",
    "minutes_between",
    "next_action_after",
    "place_of",
    "rank_of",
    "recipient_of",
    "settling_event",
    "side_of",
]
