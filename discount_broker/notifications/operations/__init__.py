"""Telling buyers and staff: messages are put into the outbox, never sent from here."""

from discount_broker.notifications.operations.preferring import (
    set_way,
    stop_more_than_asked,
    stop_texts_of,
)
from discount_broker.notifications.operations.telling import (
    compose,
    drop_news,
    is_for_later,
    note_told,
    note_told_with,
    notify,
    send_due_news_of,
)
from discount_broker.notifications.operations.texting import may_ring_at, move_texts, text

__all__ = [
    "compose",
    "drop_news",
    "is_for_later",
    "may_ring_at",
    "move_texts",
    "note_told",
    "note_told_with",
    "notify",
    "send_due_news_of",
    "set_way",
    "stop_more_than_asked",
    "stop_texts_of",
    "text",
]
