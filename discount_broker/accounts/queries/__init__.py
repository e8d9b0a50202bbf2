"""Reading buyers, operators and the trail of their changes."""

from discount_broker.accounts.queries.buyers import find_buyer, find_buyer_by_email, get_buyer
from discount_broker.accounts.queries.operators import (
    find_operator,
    find_operator_by_email,
    list_operators,
    operator_names,
)
from discount_broker.accounts.queries.trail import list_changes_since, newest_change

__all__ = [
    "find_buyer",
    "find_buyer_by_email",
    "find_operator",
    "find_operator_by_email",
    "get_buyer",
    "list_changes_since",
    "list_operators",
    "newest_change",
    "operator_names",
]
