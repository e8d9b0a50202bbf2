"""Reading discount requests, one by one and buyer by buyer."""

from discount_broker.discount_requests.queries.buyers import wishes_of_buyer
from discount_broker.discount_requests.queries.requests import (
    News,
    find_request_by_number,
    follow_url,
    get_request,
    list_requests_of,
    list_unplanned,
    list_unread,
    news_of,
    product_seen,
    wish_of,
)

__all__ = [
    "News",
    "find_request_by_number",
    "follow_url",
    "get_request",
    "list_requests_of",
    "list_unplanned",
    "list_unread",
    "news_of",
    "product_seen",
    "wish_of",
    "wishes_of_buyer",
]
