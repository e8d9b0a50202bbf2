"""What stands first in the queue, what calls must say, when promises are kept. Pure."""

from discount_broker.escalation.rules.calls import (
    ENDING_OF_RESULT,
    LONGEST_CALL,
    TRY_AGAIN_AFTER,
    CallReport,
    check_call,
    next_action_after,
)
from discount_broker.escalation.rules.promises import PROMISE_GRACE, settling_event
from discount_broker.escalation.rules.queue import CLAIM_LASTS, CaseFacts, Place, place_of, rank_of

__all__ = [
    "CLAIM_LASTS",
    "ENDING_OF_RESULT",
    "LONGEST_CALL",
    "PROMISE_GRACE",
    "TRY_AGAIN_AFTER",
    "CallReport",
    "CaseFacts",
    "Place",
    "check_call",
    "next_action_after",
    "place_of",
    "rank_of",
    "settling_event",
]
