"""Yandex Search API v2 (Yandex Cloud): XML, in base64, in JSON."""

import base64
import binascii
from typing import Any

from lxml import etree

from discount_broker.adapters.search.service import (
    Service,
    Unavailable,
    hit,
    shortened,
    unavailable,
)
from discount_broker.discovery.ports import SearchHit

PLACE = "https://searchapi.api.cloud.yandex.net/v2/web/search"
TYPES = {
    "RU": "SEARCH_TYPE_RU",
    "TR": "SEARCH_TYPE_TR",
    "KZ": "SEARCH_TYPE_KK",
    "BY": "SEARCH_TYPE_BE",
    "UZ": "SEARCH_TYPE_UZ",
}
RUSSIA = "225"
NOTHING_FOUND = "15"
REASONS = {
    400: Unavailable.QUERY_REFUSED,
    401: Unavailable.KEY_REFUSED,
    403: Unavailable.KEY_REFUSED,
    429: Unavailable.RATE_LIMITED,
}
REASONS_IN_XML = {
    "1": Unavailable.QUERY_REFUSED,
    "2": Unavailable.QUERY_REFUSED,
    "18": Unavailable.QUERY_REFUSED,
    "32": Unavailable.QUOTA_SPENT,
    "33": Unavailable.KEY_REFUSED,
    "42": Unavailable.KEY_REFUSED,
    "48": Unavailable.QUERY_REFUSED,
    "55": Unavailable.RATE_LIMITED,
    "100": Unavailable.RATE_LIMITED,
}


class YandexSearch:
    def __init__(self, key: str, folder: str, url: str = PLACE) -> None:
        self._service = Service(url or PLACE, {"Authorization": f"Api-Key {key}"})
        self._folder = folder

    def search(self, query: str, *, language: str, country: str | None) -> list[SearchHit]:
        reply = self._service.post(self._body(query, language, country))
        if reply.status != 200:
            raise unavailable(REASONS.get(reply.status, Unavailable.FAULTY))
        return _read(_xml(reply.json().get("rawData")))

    def _body(self, query: str, language: str, country: str | None) -> dict[str, Any]:
        kind = _type_for(language, country)
        body = {
            "query": {
                "searchType": kind,
                "queryText": shortened(query),
                "familyMode": "FAMILY_MODE_NONE",
                "page": "0",
                "fixTypoMode": "FIX_TYPO_MODE_OFF",  # a model number is no slip of the pen
            },
            "sortSpec": {"sortMode": "SORT_MODE_BY_RELEVANCE", "sortOrder": "SORT_ORDER_DESC"},
            # One group a domain: as many different shops as can be.
            "groupSpec": {"groupMode": "GROUP_MODE_DEEP", "groupsOnPage": "30", "docsInGroup": "1"},
            "maxPassages": "1",
            "l10n": "LOCALIZATION_RU" if language == "ru" else "LOCALIZATION_EN",
            "folderId": self._folder,
            "responseFormat": "FORMAT_XML",
        }
        # Regions are refused for other types.
        return body | ({"region": RUSSIA} if kind == "SEARCH_TYPE_RU" and country == "RU" else {})


def _type_for(language: str, country: str | None) -> str:
    fallback = "SEARCH_TYPE_RU" if language == "ru" else "SEARCH_TYPE_COM"
    return TYPES.get(country or "", fallback)


def _xml(raw: object) -> Any:
    # No entities, no network: the answer holds words of strangers.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        content = base64.b64decode(raw if isinstance(raw, str) else "", validate=True)
        return etree.fromstring(content, parser)
    except (binascii.Error, ValueError, etree.XMLSyntaxError):
        raise unavailable(Unavailable.FAULTY) from None


def _read(root: Any) -> list[SearchHit]:
    error = root.find("response/error")
    if error is not None:
        code = error.get("code", "")
        if code == NOTHING_FOUND:
            return []
        raise unavailable(REASONS_IN_XML.get(code, Unavailable.FAULTY))
    hits = (
        hit(_text(doc.find("url")), _text(doc.find("title")), _text(doc.find("passages")))
        for doc in root.iterfind("response/results/grouping/group/doc")
    )
    return [found for found in hits if found is not None]


def _text(element: Any) -> str:
    """All text, for the words that were searched stand in elements of their own."""
    return "" if element is None else "".join(element.itertext())
