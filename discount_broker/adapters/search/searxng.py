"""A SearXNG of one's own, by its JSON (`search.formats` must hold `json`)."""

from discount_broker.adapters.search.service import (
    Service,
    Unavailable,
    hits_of,
    rows_in,
    shortened,
    unavailable,
)
from discount_broker.discovery.ports import SearchHit

REASONS = {
    400: Unavailable.QUERY_REFUSED,
    403: Unavailable.FORMAT_OFF,
    429: Unavailable.RATE_LIMITED,
}


class SearxngSearch:
    """`url` is the address of the instance, with or without `/search`."""

    def __init__(self, url: str) -> None:
        # `/` answers with a redirect to `/search`, and redirects are not followed.
        place = url.rstrip("/")
        self._service = Service(place if place.endswith("/search") else f"{place}/search")

    def search(self, query: str, *, language: str, country: str | None) -> list[SearchHit]:
        reply = self._service.get(
            {
                "q": shortened(query),
                "format": "json",
                "categories": "general",
                "language": f"{language}-{country}" if country else language,
                "safesearch": "0",
            }
        )
        if reply.status != 200:
            raise unavailable(REASONS.get(reply.status, Unavailable.FAULTY))
        answer = reply.json()
        hits = hits_of(rows_in(answer, "results"), url="url", text="content")
        if not hits and rows_in(answer, "unresponsive_engines"):
            raise unavailable(Unavailable.SOURCES_SILENT)
        return hits
