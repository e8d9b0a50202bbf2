"""What other slices do to cases and promises."""

from discount_broker.escalation.operations.cases import open_case, settle_case, take_refusal
from discount_broker.escalation.operations.promises import (
    make_promise,
    settle,
    settle_promises_of,
    withdraw_promises_of,
)
from discount_broker.escalation.operations.queue import free, requeue

__all__ = [
    "free",
    "make_promise",
    "open_case",
    "requeue",
    "settle",
    "settle_case",
    "settle_promises_of",
    "take_refusal",
    "withdraw_promises_of",
]
