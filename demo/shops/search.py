"""The search engine of the demo town: finds the pages of its shops, and answers as SearXNG does."""

import re
from dataclasses import dataclass

from flask import Response, jsonify, request

from demo.shops.directory import SHOPS, Listing, Shop

PATH = "/search"
MOST_HITS = 20
NOT_TELLING = {"купить", "buy"}


@dataclass(frozen=True)
class Hit:
    shop: Shop
    listing: Listing
    likeness: float
    """Share of the words of the query that the page says."""


def answer() -> tuple[Response, int] | Response:
    """What `GET /search?q=…&format=json` gives; other formats are switched off, as in a new SearXNG."""
    query = request.args.get("q", "").strip()
    if not query:
        return jsonify(error="No query"), 400
    if request.args.get("format") != "json":
        return Response("<!doctype html><title>403 Forbidden</title>", 403)
    port = request.host.rpartition(":")[2]
    results = [_result(hit, port, place) for place, hit in enumerate(find(query), 1)]
    return jsonify(
        query=query,
        results=results,
        answers=[],
        corrections=[],
        infoboxes=[],
        suggestions=[],
        unresponsive_engines=[],
    )


def find(query: str) -> list[Hit]:
    """The pages that say most of the words, best first."""
    wanted = set(_words(query)) - NOT_TELLING or {""}
    hits = [
        Hit(shop, listing, len(wanted & _said(shop, listing)) / len(wanted))
        for shop in SHOPS.values()
        for listing in shop.listings
    ]
    good = [hit for hit in hits if hit.likeness > 0.5]
    return sorted(good, key=lambda hit: -hit.likeness)[:MOST_HITS]


def _said(shop: Shop, listing: Listing) -> set[str]:
    product = listing.product
    return set(_words(f"{listing.title} {product.brand} {product.model} {product.gtin} {shop.name}"))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold()) or [""]


def _result(hit: Hit, port: str, place: int) -> dict[str, object]:
    url = f"http://{hit.shop.host}:{port}{hit.listing.path}"
    return {
        "url": url,
        "title": f"{hit.listing.title} – {hit.shop.name}",
        "content": hit.shop.tagline,
        "engine": "town",
        "engines": ["town"],
        "positions": [place],
        "score": hit.likeness,
        "category": "general",
        "template": "default.html",
    }
