"""Sending what is in the outbox, hearing what became of it, and holding it back."""

from discount_broker.messaging.use_cases.delivering import (
    claim,
    deliver,
    requeue_lost,
    resolve_unknown,
)
from discount_broker.messaging.use_cases.receipts import take_receipt
from discount_broker.messaging.use_cases.sweeping import note_broken_sweep, note_whole_sweep

__all__ = [
    "claim",
    "deliver",
    "note_broken_sweep",
    "note_whole_sweep",
    "requeue_lost",
    "resolve_unknown",
    "take_receipt",
]
