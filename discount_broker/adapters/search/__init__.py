"""Search engines behind the port `discovery.ports.SearchEngine`, one module each."""

from discount_broker.adapters.search.brave import BraveSearch
from discount_broker.adapters.search.searxng import SearxngSearch
from discount_broker.adapters.search.serper import SerperSearch
from discount_broker.adapters.search.yandex import YandexSearch

__all__ = ["BraveSearch", "SearxngSearch", "SerperSearch", "YandexSearch"]
