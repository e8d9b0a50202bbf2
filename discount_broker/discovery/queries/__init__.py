"""Reading crawls, and finding who else sells a product."""

from discount_broker.discovery.queries.crawls import (
    find_open_crawl,
    is_being_crawled,
    latest_crawl,
    list_waiting_crawls,
)
from discount_broker.discovery.queries.rivals import Rival, list_rivals

__all__ = [
    "Rival",
    "find_open_crawl",
    "is_being_crawled",
    "latest_crawl",
    "list_rivals",
    "list_waiting_crawls",
]
