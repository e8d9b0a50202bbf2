"""Servers that answer as search services do: their shapes, their errors, their traps."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from discount_broker.adapters.search import BraveSearch, SearxngSearch, SerperSearch, YandexSearch
from discount_broker.discovery.ports import SearchEngine
from tests.fakes import Answer, Asked

Found = Sequence[tuple[str, str, str]]
"""Link, title and text of each hit."""
KEY = "a-key-that-nobody-may-see"
FOLDER = "b1gfolder"


@dataclass(frozen=True)
class Engine:
    """One engine: how it is made, what its service says, and what it was asked."""

    make: Callable[[str], SearchEngine]
    path: str
    finds: Callable[[Found], Answer]
    """The answer with these hits; none of them is an answer too."""
    query_of: Callable[[Asked], str]
    key_header: str = ""
    refusals: tuple[tuple[Answer, str, bool], ...] = ()
    """Answers of a service that does not search; the reason kept; whether asking again is no use."""


def as_json(value: object, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(json.dumps(value).encode(), status, "application/json", named)


def _asked_json(asked: Asked) -> dict[str, object]:
    read: dict[str, object] = json.loads(asked.body)
    return read


def _searxng(found: Found) -> Answer:
    results = [
        {
            "url": url,
            "title": title,
            "content": text,
            "engine": "some",
            "engines": ["some"],
            "parsed_url": ["https", "x", "/", "", "", ""],
            "positions": [1],
            "score": 1.0,
            "category": "general",
            "template": "default.html",
            "publishedDate": None,
        }
        for url, title, text in found
    ]
    return as_json(
        {
            "query": "x",
            "results": results,
            "answers": [],
            "corrections": [],
            "infoboxes": [],
            "suggestions": ["y"],
            "unresponsive_engines": [["google", "Suspended: CAPTCHA"]] if found else [],
        }
    )


def _brave(found: Found) -> Answer:
    results = [
        {
            "title": title,
            "url": url,
            "description": text,
            "age": "2 days ago",
            "thumbnail": {"src": "https://img.example/1.jpg"},
            "extra_snippets": [],
        }
        for url, title, text in found
    ]
    body: dict[str, object] = {"type": "search", "query": {"original": "x"}}
    return as_json(body | ({"web": {"type": "search", "results": results}} if found else {}))


def _serper(found: Found) -> Answer:
    organic = [
        {"title": title, "link": url, "snippet": text, "position": place}
        for place, (url, title, text) in enumerate(found, 1)
    ]
    return as_json({"searchParameters": {"q": "x", "engine": "google"}, "organic": organic})


def in_raw_data(xml: str) -> Answer:
    return as_json({"rawData": base64.b64encode(xml.encode()).decode()})


def yandex_error(code: int) -> Answer:
    return in_raw_data(
        '<?xml version="1.0" encoding="utf-8"?><yandexsearch version="1.0"><request/>'
        f'<response date="20300114T090000"><error code="{code}">words</error></response></yandexsearch>'
    )


def _yandex(found: Found) -> Answer:
    if not found:
        return yandex_error(15)
    groups = "".join(
        f'<group><categ attr="d" name="x"/><doccount>1</doccount><doc id="Z1"><url>{escape(url)}</url>'
        f"<domain>x</domain><title>{_marked(title)}</title>"
        f"<passages><passage>{_marked(text)}</passage></passages><mime-type>text/html</mime-type>"
        "<properties><lang>ru</lang></properties></doc></group>"
        for url, title, text in found
    )
    return in_raw_data(
        '<?xml version="1.0" encoding="utf-8"?><yandexsearch version="1.0"><request/>'
        f'<response date="20300114T090000"><reqid>1</reqid><found priority="all">{len(found)}</found>'
        f'<results><grouping attr="d" mode="deep">{groups}</grouping></results></response></yandexsearch>'
    )


def _marked(text: str) -> str:
    """The first word as one that was searched for."""
    first, _, rest = text.partition(" ")
    return f"<hlword>{escape(first)}</hlword> {escape(rest)}"


def _rate_headers(remaining: str, reset: str) -> dict[str, str]:
    return {
        "X_RateLimit_Limit": "1, 15000",
        "X_RateLimit_Policy": "1;w=1, 15000;w=2592000",
        "X_RateLimit_Remaining": remaining,
        "X_RateLimit_Reset": reset,
    }


def brave_is_busy(remaining: str, reset: str) -> Answer:
    error = {"error": {"code": "RATE_LIMITED", "detail": "Request rate limit exceeded", "status": 429}}
    return as_json(error, 429, **_rate_headers(remaining, reset))


HTML_403 = Answer(b"<!doctype html><title>403 Forbidden</title>", 403)
NO_ENGINE_ANSWERED = as_json(
    {"query": "x", "results": [], "unresponsive_engines": [["brave", "too many requests"]]}
)

ENGINES = {
    "searxng": Engine(
        make=lambda place: SearxngSearch(f"http://{place}/"),
        path="/search",
        finds=_searxng,
        query_of=lambda asked: parse_qs(urlsplit(asked.url).query)["q"][0],
        refusals=(
            (HTML_403, "engine_format_off", True),
            (NO_ENGINE_ANSWERED, "engine_sources_silent", False),
            (as_json({"error": "No query"}, 400), "engine_query_refused", True),
            (Answer(b"Too Many Requests", 429), "engine_rate_limited", False),
            (as_json({"error": "search error"}, 500), "engine_faulty", False),
        ),
    ),
    "brave": Engine(
        make=lambda place: BraveSearch(KEY, f"http://{place}/res/v1/web/search", pause=lambda _: None),
        path="/res/v1/web/search",
        finds=_brave,
        query_of=lambda asked: parse_qs(urlsplit(asked.url).query)["q"][0],
        key_header="x-subscription-token",
        refusals=(
            (as_json({"error": {"code": "SUBSCRIPTION_TOKEN_INVALID"}}, 401), "engine_key_refused", True),
            (as_json({"error": {"code": "VALIDATION"}}, 422), "engine_query_refused", True),
            (brave_is_busy("0, 14000", "600, 1234567"), "engine_rate_limited", False),
            (brave_is_busy("0, 0", "1, 1234567"), "engine_quota_spent", True),
        ),
    ),
    "serper": Engine(
        make=lambda place: SerperSearch(KEY, f"http://{place}/search"),
        path="/search",
        finds=_serper,
        query_of=lambda asked: str(_asked_json(asked)["q"]),
        key_header="x-api-key",
        refusals=(
            (as_json({"message": "Unauthorized."}, 403), "engine_key_refused", True),
            (as_json({"message": "Not enough credits"}, 400), "engine_quota_spent", True),
            (as_json({"message": "Missing query parameter"}, 400), "engine_query_refused", True),
            (Answer(b"<html>Bad Request</html>", 400), "engine_query_refused", True),
            (as_json({"message": "Too many requests"}, 429), "engine_rate_limited", False),
        ),
    ),
    "yandex": Engine(
        make=lambda place: YandexSearch(KEY, FOLDER, f"http://{place}/v2/web/search"),
        path="/v2/web/search",
        finds=_yandex,
        query_of=lambda asked: str(_asked_json(asked)["query"]["queryText"]),  # type: ignore[index]
        key_header="authorization",
        refusals=(
            (as_json({"code": 16, "message": "Unauthenticated"}, 401), "engine_key_refused", True),
            (yandex_error(42), "engine_key_refused", True),
            (yandex_error(32), "engine_quota_spent", True),
            (yandex_error(55), "engine_rate_limited", False),
            (yandex_error(20), "engine_faulty", False),
            (as_json({"rawData": "not base64!"}), "engine_faulty", False),
            (in_raw_data("<broken"), "engine_faulty", False),
            (as_json({}), "engine_faulty", False),
        ),
    ),
}
