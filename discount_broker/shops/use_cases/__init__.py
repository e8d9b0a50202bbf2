"""What operators and shops correct in the catalogue, and what lists bring into it."""

from discount_broker.shops.use_cases.correcting import (
    Description,
    add_door,
    describe_shop,
    prefer_door,
    restore_door,
)
from discount_broker.shops.use_cases.importing import ImportReport, import_companies
from discount_broker.shops.use_cases.telling import (
    prefer_own_door,
    set_budget,
    set_feed,
    set_hours,
    tell_door,
    want_checks,
)

__all__ = [
    "Description",
    "ImportReport",
    "add_door",
    "describe_shop",
    "import_companies",
    "prefer_door",
    "prefer_own_door",
    "restore_door",
    "set_budget",
    "set_feed",
    "set_hours",
    "tell_door",
    "want_checks",
]
