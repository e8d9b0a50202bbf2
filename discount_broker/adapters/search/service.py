"""One call of a search service over HTTP: in time, of bounded size, and to the configured address alone."""

import json
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode, urlsplit

from discount_broker.adapters.fetch_guard import WEB_PORTS, Route, clean_url, system_look_up
from discount_broker.adapters.http_exchange import Ask, Caps, Exchange, make_tls, spell
from discount_broker.discovery.ports import FetchRefused, RefusedWhy, SearchHit, SearchUnavailable
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.urls import clean

logger = logging.getLogger(__name__)
LARGEST = 4_000_000
SECONDS = 12.0
LONGEST_QUERY, MOST_WORDS = 400, 40
"""Brave takes 400 characters and 50 words, Yandex 400 characters and 40 words."""


class Unavailable(StrEnum):
    """Why an engine gave no answer; `RivalSearch.failure` keeps it."""

    UNREACHABLE = "engine_unreachable"
    TOO_SLOW = "engine_too_slow"
    KEY_REFUSED = "engine_key_refused"
    FORMAT_OFF = "engine_format_off"
    """SearXNG answers HTML only: `json` is missing in its `search.formats`."""
    RATE_LIMITED = "engine_rate_limited"
    QUOTA_SPENT = "engine_quota_spent"
    SOURCES_SILENT = "engine_sources_silent"
    """SearXNG found nothing because none of the engines behind it answered."""
    QUERY_REFUSED = "engine_query_refused"
    FAULTY = "engine_faulty"


FINAL = frozenset(
    {Unavailable.KEY_REFUSED, Unavailable.FORMAT_OFF, Unavailable.QUOTA_SPENT, Unavailable.QUERY_REFUSED}
)


def unavailable(why: Unavailable) -> SearchUnavailable:
    return SearchUnavailable(why, is_final=why in FINAL)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> dict[str, Any]:
        """The object it holds.

        Raises:
            SearchUnavailable: it is something else

        """
        try:
            read = json.loads(self.content)
        except (ValueError, RecursionError):
            read = None
        if not isinstance(read, dict):
            raise unavailable(Unavailable.FAULTY)
        return read


class Service:
    """The place of an engine. Redirects are not followed: the key is for this host alone."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None, seconds: float = SECONDS) -> None:
        self._url, self._seconds = url.rstrip("/"), seconds
        self._headers = {"Accept": "application/json", **(headers or {})}
        self._tls = make_tls()

    def get(self, params: Mapping[str, str]) -> Reply:
        return self._talk(Ask("GET", f"{self._url}?{urlencode(params)}", self._headers))

    def post(self, body: Mapping[str, Any]) -> Reply:
        headers = self._headers | {"Content-Type": "application/json"}
        content = json.dumps(body, ensure_ascii=False).encode()
        return self._talk(Ask("POST", self._url, headers, content))

    def _talk(self, ask: Ask) -> Reply:
        """Ask once.

        Raises:
            SearchUnavailable

        """
        deadline = time.monotonic() + self._seconds
        caps = Caps(LARGEST, takes_any_type=True)
        try:
            route = _route(ask.url)
            with Exchange(route, deadline, self._tls) as exchange:
                answer, content = exchange.talk(ask.method, spell(ask), caps)
        except FetchRefused as refused:
            logger.warning("the search engine gave no answer: %s", refused.why)  # its address holds the query
            slow = refused.why is RefusedWhy.TOO_SLOW
            raise unavailable(Unavailable.TOO_SLOW if slow else Unavailable.UNREACHABLE) from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if answer.status >= 300:
            logger.warning("the search engine answered %s", answer.status)
        return Reply(answer.status, headers, content)


def _route(url: str) -> Route:
    """The way to the service; unlike pages of strangers it may lie in a private network."""
    parts = urlsplit(clean_url(url))
    host = parts.hostname or ""
    try:
        addresses = tuple(system_look_up(host))
    except OSError:
        raise FetchRefused(url, RefusedWhy.NAME_UNKNOWN, is_final=False) from None
    return Route(url, host, addresses, parts.port or WEB_PORTS[parts.scheme], parts.scheme == "https")


def shortened(query: str) -> str:
    """The query as long as every engine takes it."""
    words = query.split()[:MOST_WORDS]
    while len(" ".join(words)) > LONGEST_QUERY and len(words) > 1:
        words.pop()
    return " ".join(words)[:LONGEST_QUERY]


def hits_of(rows: Iterable[Any], *, url: str, text: str) -> list[SearchHit]:
    """Hits among the rows of an answer; `url` and `text` name their keys."""
    hits = (hit(row.get(url), row.get("title"), row.get(text)) for row in rows if isinstance(row, Mapping))
    return [found for found in hits if found is not None]


def hit(url: object, title: object, text: object) -> SearchHit | None:
    """One hit, its address in the spelling of the house (IDNA); None where it is no web page."""
    if not isinstance(url, str) or not url.lower().startswith(("http://", "https://")):
        return None
    try:
        return SearchHit(clean(url), _plain(title), _plain(text))
    except (Refused, ValueError):
        return None


def _plain(value: object) -> str:
    return " ".join(value.split())[:1000] if isinstance(value, str) else ""


def rows_in(answer: Mapping[str, Any], *path: str) -> list[Any]:
    """The list at the end of a path of keys; empty where there is none."""
    found: Any = answer
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, list) else []
