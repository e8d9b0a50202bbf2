"""Reading product pages, shops and feeds; searching the web for rivals."""

from discount_broker.discovery.use_cases.crawling import discover_contacts, requeue_lost
from discount_broker.discovery.use_cases.feeds import load_feed
from discount_broker.discovery.use_cases.given_feeds import read_feed, ring_for_feeds
from discount_broker.discovery.use_cases.reading import read_product
from discount_broker.discovery.use_cases.rivals import find_rivals, requeue_lost_searches
from discount_broker.discovery.use_cases.surveying import survey

__all__ = [
    "discover_contacts",
    "find_rivals",
    "load_feed",
    "read_feed",
    "read_product",
    "requeue_lost",
    "requeue_lost_searches",
    "ring_for_feeds",
    "survey",
]
