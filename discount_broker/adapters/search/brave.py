"""Brave Search API, web results."""

import time
from collections.abc import Callable, Mapping

from discount_broker.adapters.search.service import (
    Reply,
    Service,
    Unavailable,
    hits_of,
    rows_in,
    shortened,
    unavailable,
)
from discount_broker.discovery.extract.vocabulary import words
from discount_broker.discovery.ports import SearchHit

PLACE = "https://api.search.brave.com/res/v1/web/search"
COUNTRIES = words(
    "AR AU AT BE BR CA CL DK FI FR DE GR HK IN ID IT JP KR MY MX NL NZ NO CN PL PT PH RU SA ZA ES SE CH TW "
    "TR GB US"
)
"""Others are refused with 422; for them the whole world is searched."""
REASONS = {
    401: Unavailable.KEY_REFUSED,
    402: Unavailable.QUOTA_SPENT,
    403: Unavailable.KEY_REFUSED,
    404: Unavailable.FAULTY,
    422: Unavailable.QUERY_REFUSED,
}
LONGEST_PAUSE = 3.0


class BraveSearch:
    def __init__(self, key: str, url: str = PLACE, pause: Callable[[float], None] = time.sleep) -> None:
        self._service = Service(url or PLACE, {"X-Subscription-Token": key})
        self._pause = pause

    def search(self, query: str, *, language: str, country: str | None) -> list[SearchHit]:
        params = {
            "q": shortened(query),
            "country": country if country in COUNTRIES else "ALL",
            "search_lang": language,
            "count": "20",
            "result_filter": "web",
            "text_decorations": "false",
        }
        reply = self._service.get(params)
        wait = _seconds_to_wait(reply)
        if wait is not None:  # the plan allows one query a second, and another worker was quicker
            self._pause(wait)
            reply = self._service.get(params)
        return _read(reply)


def _read(reply: Reply) -> list[SearchHit]:
    if reply.status == 429:
        spent = _figures(reply.headers, "remaining")[1:] == [0]
        raise unavailable(Unavailable.QUOTA_SPENT if spent else Unavailable.RATE_LIMITED)
    if reply.status != 200:
        raise unavailable(REASONS.get(reply.status, Unavailable.FAULTY))
    return hits_of(rows_in(reply.json(), "web", "results"), url="url", text="description")


def _seconds_to_wait(reply: Reply) -> float | None:
    """How soon the query may be put again, where that is soon and the month has some left."""
    if reply.status != 429:
        return None
    remaining, reset = _figures(reply.headers, "remaining"), _figures(reply.headers, "reset")
    is_spent = len(remaining) > 1 and remaining[1] == 0
    if is_spent or not reset or reset[0] > LONGEST_PAUSE:
        return None
    return float(max(reset[0], 1))


def _figures(headers: Mapping[str, str], name: str) -> list[int]:
    """`X-RateLimit-…: 0, 14999`, of this second and of this month."""
    parts = headers.get(f"x-ratelimit-{name}", "").split(",")
    return [int(part) for part in parts if part.strip().isdecimal()]
