"""Reading product pages, shops and feeds."""

from discount_broker.discovery.use_cases.crawling import discover_contacts, requeue_lost
from discount_broker.discovery.use_cases.feeds import load_feed
from discount_broker.discovery.use_cases.reading import read_product
from discount_broker.discovery.use_cases.surveying import survey

__all__ = ["discover_contacts", "load_feed", "read_product", "requeue_lost", "survey"]
