"""Reading what happened at a shop."""

from discount_broker.scorecards.queries.cards import (
    all_cards,
    find_scorecard,
    forecast_of,
    get_public_card,
    list_cards_due,
    list_good_cards,
)
from discount_broker.scorecards.queries.dealings import list_dealings, list_dealings_of, list_promises_over_of
from discount_broker.scorecards.queries.doors import DoorRecord, list_door_records, list_requests_put_to
from discount_broker.scorecards.queries.replies import (
    count_unread,
    get_reply,
    list_replies,
    list_unread,
)

__all__ = [
    "DoorRecord",
    "all_cards",
    "count_unread",
    "find_scorecard",
    "forecast_of",
    "get_public_card",
    "get_reply",
    "list_cards_due",
    "list_dealings",
    "list_dealings_of",
    "list_door_records",
    "list_good_cards",
    "list_promises_over_of",
    "list_replies",
    "list_requests_put_to",
    "list_unread",
]
