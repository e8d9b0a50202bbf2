"""Reading the outbox and the stop list."""

from discount_broker.messaging.queries.fates import (
    WayRecord,
    count_unknown,
    list_forms_that_failed,
    list_unknown,
    list_ways,
)
from discount_broker.messaging.queries.figures import (
    count_letters_sent,
    count_receipts,
    is_any_overdue,
    last_sent_at,
)
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
    is_stopped_for_good,
    is_suppressed,
    list_holds,
    list_policy_domains,
    own_sender_key,
    search_suppressions,
)
from discount_broker.messaging.queries.sweeps import find_broken_sweep, list_broken_sweeps
from discount_broker.messaging.queries.texting import TextShare, share_undelivered

__all__ = [
    "PATIENCE",
    "TextShare",
    "WayRecord",
    "count_deliveries",
    "count_letters_sent",
    "count_receipts",
    "count_suppressions",
    "count_unknown",
    "find_broken_sweep",
    "find_delivery_for",
    "find_hold",
    "find_suppression",
    "get_delivery",
    "held_until",
    "is_any_overdue",
    "is_stopped_for_good",
    "is_suppressed",
    "last_sent_at",
    "list_broken_sweeps",
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
