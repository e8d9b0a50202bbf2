"""Reading crawls, and finding who else sells a product."""

from discount_broker.discovery.queries.crawls import (
    find_open_crawl,
    is_being_crawled,
    latest_crawl,
    list_waiting_crawls,
)
from discount_broker.discovery.queries.rivals import (
    Rival,
    find_rival_search,
    goods_of,
    list_rivals,
    list_waiting_searches,
)

__all__ = [
    "Rival",
    "find_open_crawl",
    "find_rival_search",
    "goods_of",
    "is_being_crawled",
    "latest_crawl",
    "list_rivals",
    "list_waiting_crawls",
    "list_waiting_searches",
]
