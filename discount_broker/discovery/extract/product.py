"""The product of a page: what its metadata says, then what the page shows."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from discount_broker.discovery.extract import structured
from discount_broker.discovery.extract.likeness import is_list, likeness
from discount_broker.discovery.extract.page import Document, open_document
from discount_broker.discovery.extract.phones import country_of
from discount_broker.discovery.extract.reading import Availability, Facts, ProductReading
from discount_broker.discovery.extract.shown_product import Shown
from discount_broker.discovery.extract.vocabulary import words
from discount_broker.kernel.urls import host_of, registrable_domain

__all__ = ["Availability", "ProductReading", "is_marketplace", "read_product", "why_not_product"]

FIELDS = (
    "title",
    "price",
    "currency",
    "old_price",
    "brand",
    "model",
    "sku",
    "gtin",
    "image",
    "availability",
    "category",
)
MARKETPLACES = words(
    "ozon.ru wildberries.ru wb.ru market.yandex.ru yandex.ru megamarket.ru aliexpress.com "
    "aliexpress.ru amazon.com amazon.de amazon.co.uk amazon.fr amazon.it amazon.es ebay.com "
    "ebay.de ebay.co.uk etsy.com avito.ru youla.ru joom.com temu.com lamoda.ru kaspi.kz "
    "rozetka.com.ua prom.ua allegro.pl walmart.com geizhals.at geizhals.de idealo.de price.ru "
    "e-katalog.ru kufar.by olx.ua"
)
CURRENCY_OF_COUNTRY = {
    "RU": "RUB", "UA": "UAH", "BY": "BYN", "KZ": "KZT", "GB": "GBP", "US": "USD", "CH": "CHF", "PL": "PLN",
    "CZ": "CZK", "HU": "HUF", "SE": "SEK", "NO": "NOK", "DK": "DKK", "RO": "RON", "BG": "BGN", "TR": "TRY",
    "CA": "CAD", "AU": "AUD", "IL": "ILS", "IN": "INR",
    **dict.fromkeys(words("DE AT FR ES IT NL BE FI IE PT GR SK SI LT LV EE LU HR"), "EUR"),
}  # fmt: skip


def read_product(html: str, page_url: str, *, ignore_metadata: bool = False) -> ProductReading | None:
    """The product that the page is about; None for a page that is about none, or about many."""
    document = open_document(html, page_url)
    shown = _shown(document)
    told = [] if ignore_metadata else structured.read_facts(document)
    sureness = likeness(shown, told)
    if not sureness:
        return None
    reading = _merged([*told, shown.facts()])
    if reading is None:
        return None
    if reading.get("price") is not None and not reading.get("currency"):
        reading["currency"] = shown.currency or currency_of(document)
    return ProductReading(**{**reading, "confidence": round(min(sureness, 0.99), 2)})


def is_marketplace(page_url: str) -> bool:
    """Whether many sellers sell under this name, none of whom it lets us write to."""
    return registrable_domain(page_url) in MARKETPLACES or host_of(page_url) in MARKETPLACES


def why_not_product(html: str, page_url: str) -> str:
    """Why nothing was read: `marketplace`, `needs_script`, `listing` or `not_product`."""
    if is_marketplace(page_url):
        return "marketplace"
    document = open_document(html, page_url)
    if len(document.text) < 400 and document.tree.find(".//script") is not None:
        return "needs_script"
    return "listing" if is_list(_shown(document)) or structured.is_listing(document) else "not_product"


@lru_cache(maxsize=2)
def _shown(document: Document) -> Shown:
    return Shown(document)


def currency_of(document: Document) -> str | None:
    """The money of the page's country, for prices that name none."""
    return CURRENCY_OF_COUNTRY.get(country_of(document)) if document.host.count(".") else None


def _merged(facts: list[Facts]) -> dict[str, Any] | None:
    """Each field from the first part of the page that gives it."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in FIELDS:
        for part in facts:
            value = getattr(part, name)
            if (
                value is not None
                and value != ()
                and not (name == "old_price" and _is_no_reduction(value, values.get("price")))
            ):
                values[name], sources[name] = value, part.source
                break
    if not values.get("title"):
        return None
    return {**values, "sources": sources}


def _is_no_reduction(old: Decimal, price: Decimal | None) -> bool:
    return price is None or old <= price
