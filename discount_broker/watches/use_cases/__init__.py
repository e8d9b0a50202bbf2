"""What buyers who wait ask for, and what a worker does for them."""

from discount_broker.watches.use_cases.reading import read_watched_page, ring_due_pages
from discount_broker.watches.use_cases.watching import (
    WatchWish,
    begin_watch,
    confirm_watch,
    renew_watch,
    repeat_request,
    stop_watch,
)

__all__ = [
    "WatchWish",
    "begin_watch",
    "confirm_watch",
    "read_watched_page",
    "renew_watch",
    "repeat_request",
    "ring_due_pages",
    "stop_watch",
]
