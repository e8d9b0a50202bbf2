"""What other slices do to the outbox and the stop list."""

from discount_broker.messaging.operations.queueing import (
    Envelope,
    cancel_by_hand,
    cancel_queued,
    queue_delivery,
    reword_queued,
)
from discount_broker.messaging.operations.receipts import (
    draw_fate,
    note_policy,
    note_receipt,
)
from discount_broker.messaging.operations.stopping import (
    allow,
    release,
    suppress,
    withhold,
)

__all__ = [
    "Envelope",
    "allow",
    "cancel_by_hand",
    "cancel_queued",
    "draw_fate",
    "note_policy",
    "note_receipt",
    "queue_delivery",
    "release",
    "reword_queued",
    "suppress",
    "withhold",
]
