"""serper.dev, web results."""

from discount_broker.adapters.search.service import (
    Reply,
    Service,
    Unavailable,
    hits_of,
    rows_in,
    shortened,
    unavailable,
)
from discount_broker.discovery.ports import SearchHit, SearchUnavailable

PLACE = "https://google.serper.dev/search"
REASONS = {
    401: Unavailable.KEY_REFUSED,
    403: Unavailable.KEY_REFUSED,
    429: Unavailable.RATE_LIMITED,
}


class SerperSearch:
    """Web search rather than `/shopping`, whose links lead to pages of the engine instead of to shops."""

    def __init__(self, key: str, url: str = PLACE) -> None:
        self._service = Service(url or PLACE, {"X-API-KEY": key})

    def search(self, query: str, *, language: str, country: str | None) -> list[SearchHit]:
        asked = {"q": shortened(query), "hl": language, "num": 20}
        reply = self._service.post(asked | ({"gl": country.lower()} if country else {}))
        if reply.status != 200:
            raise unavailable(_why(reply))
        return hits_of(rows_in(reply.json(), "organic"), url="link", text="snippet")


def _why(reply: Reply) -> Unavailable:
    """400 is a bad query, or credits that are used up: only the message tells."""
    if reply.status != 400:
        return REASONS.get(reply.status, Unavailable.FAULTY)
    try:
        message = str(reply.json().get("message", ""))
    except SearchUnavailable:
        message = ""
    return Unavailable.QUOTA_SPENT if "credit" in message.lower() else Unavailable.QUERY_REFUSED
