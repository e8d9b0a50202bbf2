"""The product of a page: what its metadata says, then what the page shows."""

from functools import lru_cache

from discount_broker.discovery.extract.pages.page import Document, open_document
from discount_broker.discovery.extract.products import structured
from discount_broker.discovery.extract.products.agreement import (
    confidence,
    disagreements,
    merged,
    with_price_of_now,
    with_title_of_heading,
)
from discount_broker.discovery.extract.products.likeness import is_list, likeness, may_be_product
from discount_broker.discovery.extract.products.local_money import money_of_page
from discount_broker.discovery.extract.products.reading import Availability, ProductReading
from discount_broker.discovery.extract.products.shown_product import Shown
from discount_broker.discovery.extract.rivals.not_shops import kind_of_site
from discount_broker.discovery.extract.vocabulary import words
from discount_broker.kernel.urls import host_of, registrable_domain

__all__ = [
    "Availability",
    "ProductReading",
    "is_marketplace",
    "read_product",
    "why_no_shop",
    "why_not_product",
]

MARKETPLACES = words(
    "ozon.ru wildberries.ru wb.ru market.yandex.ru yandex.ru megamarket.ru aliexpress.com "
    "aliexpress.ru amazon.com amazon.de amazon.co.uk amazon.fr amazon.it amazon.es ebay.com "
    "ebay.de ebay.co.uk etsy.com avito.ru youla.ru joom.com temu.com lamoda.ru kaspi.kz "
    "rozetka.com.ua prom.ua allegro.pl walmart.com kufar.by olx.ua"
)
LEAST_TEXT = 400
"""Characters; a page that shows less and has scripts is made by them."""


def read_product(html: str, page_url: str, *, ignore_metadata: bool = False) -> ProductReading | None:
    """The product that the page is about; None for a page that is about none, or about many."""
    document = open_document(html, page_url)
    shown = _shown(document)
    if not may_be_product(shown, ignore_metadata=ignore_metadata):
        return None
    told = [] if ignore_metadata else structured.read_facts(document)
    sureness = likeness(shown, told)
    if not sureness:
        return None
    page = shown.facts(told)
    differ = disagreements([*told, page])
    told = with_title_of_heading(with_price_of_now(told, page, shown.prices), page, document.host)
    values, sources = merged([*told, page])
    if not values.get("title"):
        return None
    if values.get("price") and not values.get("currency"):
        values["currency"] = shown.currency or money_of_page(document)
    return ProductReading(
        **values,
        sources=sources,
        disagreements=differ,
        confidence=confidence(sureness, [*told, page], differ),
    )


def is_marketplace(page_url: str) -> bool:
    """Whether many sellers sell under this name, none of whom it lets us write to."""
    return registrable_domain(page_url) in MARKETPLACES or host_of(page_url) in MARKETPLACES


def why_no_shop(page_url: str) -> str:
    """`marketplace`, `aggregator` for a comparison of prices, empty for a site that may well be a shop."""
    if is_marketplace(page_url):
        return "marketplace"
    return "aggregator" if host_of(page_url) and kind_of_site(page_url) == "comparison" else ""


def why_not_product(html: str, page_url: str) -> str:
    """Why nothing was read: what `why_no_shop` says, `needs_script`, `listing` or `not_product`."""
    if why := why_no_shop(page_url):
        return why
    document = open_document(html, page_url)
    if len(document.text) < LEAST_TEXT and next(document.tree.iter("script"), None) is not None:
        return "needs_script"
    return "listing" if is_list(_shown(document)) or structured.is_listing(document) else "not_product"


@lru_cache(maxsize=2)
def _shown(document: Document) -> Shown:
    return Shown(document)
