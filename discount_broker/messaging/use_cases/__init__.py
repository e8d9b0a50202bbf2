"""Sending what is in the outbox, hearing what became of it, and holding it back."""

from discount_broker.messaging.use_cases.delivering import (
    claim,
    deliver,
    requeue_lost,
    resolve_unknown,
)
from discount_broker.messaging.use_cases.holding import hold_sending, lift_hold
from discount_broker.messaging.use_cases.receipts import take_receipt

__all__ = [
    "claim",
    "deliver",
    "hold_sending",
    "lift_hold",
    "requeue_lost",
    "resolve_unknown",
    "take_receipt",
]
