"""Reading the outbox and the stop list."""

from discount_broker.messaging.queries.fates import WayRecord, list_forms_that_failed, list_unknown, list_ways
from discount_broker.messaging.queries.outbox import (
    PATIENCE,
    count_deliveries,
    find_delivery_for,
    get_delivery,
    list_stuck,
    oldest_due_at,
    ping,
)
from discount_broker.messaging.queries.stopping import (
    count_suppressions,
    find_hold,
    find_suppression,
    held_until,
    is_suppressed,
    list_holds,
    list_policy_domains,
    own_sender_key,
    search_suppressions,
)
from discount_broker.messaging.queries.texting import TextShare, share_undelivered

__all__ = [
    "PATIENCE",
    "TextShare",
    "WayRecord",
    "count_deliveries",
    "count_suppressions",
    "find_delivery_for",
    "find_hold",
    "find_suppression",
    "get_delivery",
    "held_until",
    "is_suppressed",
    "list_forms_that_failed",
    "list_holds",
    "list_policy_domains",
    "list_stuck",
    "list_unknown",
    "list_ways",
    "oldest_due_at",
    "own_sender_key",
    "ping",
    "search_suppressions",
    "share_undelivered",
]
