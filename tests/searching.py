"""A search engine that finds what it was given; keeps the contract in `tests/contract`."""

from collections.abc import Iterable

from discount_broker.discovery.ports import SearchHit, SearchUnavailable


class FakeSearch:
    """Finds the given links for every query; `asked` tells the queries."""

    def __init__(self, links: Iterable[tuple[str, str]] = ()) -> None:
        self.hits = [SearchHit(url, title) for url, title in links]
        self.asked: list[str] = []
        self.failing_with: SearchUnavailable | None = None

    def search(self, query: str, *, language: str, country: str | None) -> list[SearchHit]:
        self.asked.append(query)
        if self.failing_with is not None:
            raise self.failing_with
        return list(self.hits)
