"""What other slices do to cases and promises."""

from discount_broker.escalation.operations.cases import open_case, settle_case, take_refusal
from discount_broker.escalation.operations.clocks import wind
from discount_broker.escalation.operations.promises import (
    go_on,
    keep_by_call,
    keep_by_letter,
    make_promise,
    may_be_settled,
    settle,
    settle_promises_of,
    tell_made,
    withdraw,
    withdraw_promises_of,
)
from discount_broker.escalation.operations.queue import free, requeue

__all__ = [
    "free",
    "go_on",
    "keep_by_call",
    "keep_by_letter",
    "make_promise",
    "may_be_settled",
    "open_case",
    "requeue",
    "settle",
    "settle_case",
    "settle_promises_of",
    "take_refusal",
    "tell_made",
    "wind",
    "withdraw",
    "withdraw_promises_of",
]
