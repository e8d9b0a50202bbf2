"""Searching the web for rivals: what to ask an engine, and which of its hits may be shops."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from discount_broker.discovery.extract.products.finding import is_marketplace
from discount_broker.discovery.extract.products.gtin import read_gtin
from discount_broker.discovery.extract.rivals.matching import Goods, match_products, model_key
from discount_broker.discovery.extract.rivals.not_shops import kind_of_site
from discount_broker.kernel.urls import registrable_domain

BUY = {"ru": "купить", "en": "buy"}
LONGEST_QUERY = 180
MOST_WORDS = 12
"""Engines look for all words: the more there are, the fewer shops say them all."""
NOISE = re.compile(r"[«»\"“”„]|[()\[\]|;]|\s[-–—]\s|,(?=\s)")
DOWNLOAD = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|jpe?g|png|webp|gif|mp4|xml)$", re.IGNORECASE)
READING_MATTER = re.compile(
    r"/(?:blogs?|forums?|news|novosti|articles?|stati|reviews?|otzyvy?|obzory?|wiki|manuals?|"
    r"instruk\w*|questions?|compare|sravnenie|video)(?:/|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Prospect:
    """A hit of the search engine, the best of its domain."""

    url: str
    title: str
    domain: str
    why_not: str = ""
    """Why its page is not worth reading: `marketplace`, `media`, `own_shop`, …; empty where it is."""


def queries_for(product: Goods, language: str) -> list[str]:
    """What to ask, the surest question first; at most two."""
    buy = BUY.get(language, BUY["en"])
    by_title = f"{_telling(product.title)} {buy}"
    number = read_gtin(product.gtin)
    asked = [f"{_named(product)} {buy}"] if _named(product) else [by_title]
    asked.append(number or by_title)
    return list(dict.fromkeys(asked))[:2]


def _named(product: Goods) -> str:
    """Brand and model, where the model is one that nobody else has."""
    brand, model = (product.brand or "").strip(), (product.model or "").strip()
    tells = re.search(r"\d", model) and len(model_key(model)) >= 3
    if not brand or not tells:
        return ""
    is_said = model_key(brand) in model_key(model)
    return (model if is_said else f"{brand} {model}")[:LONGEST_QUERY]


def _telling(title: str) -> str:
    """The title without quotes and brackets, as long as an engine takes it."""
    found = NOISE.sub(" ", title).split()
    text = ""
    for word in found[:MOST_WORDS]:
        if len(text) + len(word) >= LONGEST_QUERY:
            break
        text = f"{text} {word}" if text else word
    return text


def judge_hits(
    product: Goods, hits: Iterable[tuple[str, str]], own_domains: Collection[str]
) -> list[Prospect]:
    """One prospect a domain, those whose titles sound most like the product first.

    `hits` are links and titles as the engine ordered them.
    """
    prospects = [_prospect(url, title, own_domains) for url, title in hits]
    named = [Goods(str(place), one.title or one.url) for place, one in enumerate(prospects)]
    likeness = [match.score for match in match_products(product, named)]
    # Coarse steps: within one the engine's own order counts.
    order = sorted(range(len(prospects)), key=lambda place: -round(likeness[place] * 4))
    best: dict[str, Prospect] = {}
    for place in order:
        one = prospects[place]
        known = best.get(one.domain)
        if known is None or (known.why_not and not one.why_not):
            best[one.domain] = one
    return list(best.values())


def _prospect(url: str, title: str, own_domains: Collection[str]) -> Prospect:
    domain = registrable_domain(url)
    prospect = Prospect(url, title[:300], domain)
    return replace(prospect, why_not=why_no_rival(url, domain, own_domains))


def why_no_rival(url: str, domain: str, own_domains: Collection[str]) -> str:
    """Why a page cannot be a rival's page of the product; empty where it may be one."""
    if domain in own_domains:
        return "own_shop"
    if is_marketplace(url):
        return "marketplace"
    return kind_of_site(url) or _why_no_page(url)


def _why_no_page(url: str) -> str:
    parts = urlsplit(url)
    if DOWNLOAD.search(parts.path):
        return "file"
    if READING_MATTER.search(parts.path):
        return "media"
    return "home_page" if parts.path in ("", "/") and not parts.query else ""


def worth_reading(prospects: Sequence[Prospect], most: int) -> list[Prospect]:
    return [prospect for prospect in prospects if not prospect.why_not][:most]
