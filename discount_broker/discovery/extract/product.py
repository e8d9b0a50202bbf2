"""The product of a page: what its metadata says, then what the page shows."""

import math
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from discount_broker.discovery.extract import structured
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
PRODUCT_PATH = re.compile(
    r"/(?:products?|p|dp|item|items|tovar|tovary|goods|good|pd|prod|artikel|produkt|produit|"
    r"producto|prodotto|detail|details)[/_.-]|"
    r"[-_/.]p?\d{4,}(?:\.html?|/)?$|\.html?$|product_id=|/catalog/.+/.+/.+",
    re.IGNORECASE,
)
LIST_PATH = re.compile(
    r"/(?:collections?|category|categories|c|cat|browse|departments?|search|brands?|tag|topic|"
    r"blog|news|articles?|shop|s)(?:/[^/]*)?/?$|"
    r"/(?:collections|category|sub-categories|browse|departments|topic)/(?!.*/products?/)|\.c\d+|/c-?\d+",
    re.IGNORECASE,
)
LIST_CONTROLS = re.compile(
    r"sort by|сортиров|sortieren|trier par|ordenar|sort:|per page|показать (?:по|ещё|еще)|"
    r"items? per|results|товаров найдено|filter by|load more",
    re.IGNORECASE,
)
SPECIFICS = re.compile(
    r"характеристик|описание|specification|description|details|отзывы|reviews|"
    r"technische daten|beschreibung|produktdetails|quantity|количество|"
    r"артикул|sku|product details|item no|код товара|artikelnummer|menge",
    re.IGNORECASE,
)


def read_product(html: str, page_url: str, *, ignore_metadata: bool = False) -> ProductReading | None:
    """The product that the page is about; None for a page that is about none, or about many."""
    document = open_document(html, page_url)
    shown = _shown(document)
    told = [] if ignore_metadata else structured.read_facts(document)
    likeness = _likeness(shown, told, document)
    if likeness < 0.5:
        return None
    reading = _merged([*told, shown.facts()])
    if reading is None:
        return None
    if reading.get("price") is not None and not reading.get("currency"):
        reading["currency"] = shown.currency or currency_of(document)
    return ProductReading(**{**reading, "confidence": round(min(likeness, 0.99), 2)})


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
    return "listing" if _is_many(_shown(document)) or structured.is_listing(document) else "not_product"


@lru_cache(maxsize=2)
def _shown(document: Document) -> Shown:
    return Shown(document)


def _likeness(shown: Shown, told: list[Facts], document: Document) -> float:
    """How sure it is that the page sells one product, from 0 to 1."""
    weight = _told_weight(told) + _shown_weight(shown) + _path_weight(document)
    return 1 / (1 + math.exp(2.2 - weight))


def _told_weight(told: list[Facts]) -> float:
    named = [facts for facts in told if facts.title and facts.source != "opengraph"]
    graph = next((facts for facts in told if facts.source == "opengraph"), None)
    weight = 2.2 * bool(named) + 1.0 * any(facts.price for facts in named)
    return weight + (1.2 * bool(graph.title) + 0.6 * bool(graph.price) if graph else 0.0)


def _shown_weight(shown: Shown) -> float:
    price = shown.price
    weight = 0.4 * (shown.heading is not None)
    if price is not None:
        weight += 1.2 + 0.6 * (price.twins <= 2) - 0.8 * (price.twins > 4) - 1.0 * price.is_elsewhere
        weight += 0.6 * (0 <= price.place - shown.title_place < 300)
    own = [place for place, elsewhere in shown.buttons if not elsewhere]
    weight += 1.0 * (0 < len(own) <= 3) + 0.4 * (3 < len(own) <= 6) - 0.6 * (len(own) > 8)
    weight += 0.3 * min(3, len({found.lower() for found in SPECIFICS.findall(shown.document.text)}))
    # Cards of other products stand below the page's own; a list has no price of its own by its heading.
    has_own = (
        price is not None
        and price.twins <= 2
        and not price.is_elsewhere
        and 0 <= price.place - shown.title_place < 200
    )
    weight -= (0.5 if has_own else 1.6) * _is_many(shown)
    return weight - 0.8 * bool(LIST_CONTROLS.search(shown.document.text))


def _is_many(shown: Shown) -> bool:
    """Prices in six or more boxes of one kind that no word sets aside as other products."""
    main = [price for price in shown.prices if price.twins >= 6 and not price.is_elsewhere]
    return len({price.amount for price in main}) > 4 or len(main) > 8


def _path_weight(document: Document) -> float:
    try:
        parts = urlsplit(document.url)
    except ValueError:
        return 0.0
    path = unquote(parts.path)
    if path.strip("/") in ("", "index.html", "index.php") and "=" not in parts.query:
        return -2.5
    weight = 0.7 * bool(PRODUCT_PATH.search(path + "?" + parts.query))
    return weight - 1.2 * bool(LIST_PATH.search(path))


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
