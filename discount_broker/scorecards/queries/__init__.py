"""Reading what happened at a shop."""

from discount_broker.scorecards.queries.cards import find_scorecard, forecast_of, list_cards_due
from discount_broker.scorecards.queries.dealings import (
    list_dealings,
    list_dealings_of,
    list_promises_over_of,
)
from discount_broker.scorecards.queries.doors import DoorRecord, list_door_records, list_requests_put_to

__all__ = [
    "DoorRecord",
    "find_scorecard",
    "forecast_of",
    "list_cards_due",
    "list_dealings",
    "list_dealings_of",
    "list_door_records",
    "list_promises_over_of",
    "list_requests_put_to",
]
