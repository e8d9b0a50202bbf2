"""The product of a page: what its metadata says, then what the page shows."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from discount_broker.discovery.extract import structured
from discount_broker.discovery.extract.page import Document, open_document
from discount_broker.discovery.extract.reading import Availability, Facts, ProductReading
from discount_broker.discovery.extract.shown_product import Shown
from discount_broker.kernel.urls import registrable_domain

__all__ = ["Availability", "ProductReading", "read_product", "why_not_product"]

FIELDS = ("title", "price", "currency", "old_price", "brand", "model", "sku", "gtin", "image", "availability", "category")
MARKETPLACES = frozenset(
    "ozon.ru wildberries.ru wb.ru market.yandex.ru yandex.ru megamarket.ru aliexpress.com aliexpress.ru amazon.com amazon.de amazon.co.uk"
    " amazon.fr amazon.it amazon.es ebay.com ebay.de ebay.co.uk etsy.com avito.ru youla.ru joom.com temu.com lamoda.ru kaspi.kz"
    " rozetka.com.ua prom.ua allegro.pl walmart.com geizhals.at geizhals.de idealo.de price.ru e-katalog.ru kufar.by olx.ua".split()
)
PRODUCT_PATH = re.compile(
    r"/(?:products?|p|dp|item|items|tovar|tovary|goods|good|pd|prod|artikel|produkt|produit|producto|prodotto|detail|details)[/_.-]|"
    r"[-_/.]p?\d{4,}(?:\.html?|/)?$|\.html?$|product_id=|/catalog/.+/.+/.+",
    re.IGNORECASE,
)
LIST_PATH = re.compile(
    r"/(?:collections?|category|categories|c|cat|browse|departments?|search|brands?|tag|topic|blog|news|articles?|shop|s)(?:/[^/]*)?/?$|"
    r"/(?:collections|category|sub-categories|browse|departments|topic)/(?!.*/products?/)|\.c\d+|/c-?\d+",
    re.IGNORECASE,
)
LIST_CONTROLS = re.compile(r"sort by|сортиров|sortieren|trier par|ordenar|sort:|per page|показать (?:по|ещё|еще)|items? per|results|товаров найдено|filter by|load more", re.IGNORECASE)
SPECIFICS = re.compile(
    r"характеристик|описание|specification|description|details|отзывы|reviews|technische daten|beschreibung|produktdetails|quantity|количество|"
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
    reading = _merged([*told, _shown_facts(shown, told)], document)
    return None if reading is None else ProductReading(**{**reading, "confidence": round(min(likeness, 0.99), 2)})


def why_not_product(html: str, page_url: str) -> str:
    """Why nothing was read: `marketplace`, `needs_script`, `listing` or `not_product`."""
    document = open_document(html, page_url)
    if registrable_domain(page_url) in MARKETPLACES or document.host in MARKETPLACES:
        return "marketplace"
    if len(document.text) < 400 and document.tree.find(".//script") is not None:
        return "needs_script"
    return "listing" if _is_many(_shown(document)) or structured.is_listing(document) else "not_product"


@lru_cache(maxsize=2)
def _shown(document: Document) -> Shown:
    return Shown(document)


def _likeness(shown: Shown, told: list[Facts], document: Document) -> float:
    """How sure it is that the page sells one product, from 0 to 1."""
    weight = _told_weight(told) + _shown_weight(shown) + _path_weight(document)
    return 1 / (1 + 2.718 ** -(weight - 2.2))


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
    weight -= 1.6 * _is_many(shown)
    return weight - 0.8 * bool(LIST_CONTROLS.search(shown.document.text))


def _is_many(shown: Shown) -> bool:
    """Prices in six or more boxes of one kind that no word sets aside as other products, or a crowd of them anywhere."""
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


def _shown_facts(shown: Shown, told: list[Facts]) -> Facts:
    """What the page shows; with metadata at hand only what it may lack is looked for."""
    return shown.facts()


def _merged(facts: list[Facts], document: Document) -> dict[str, Any] | None:
    """Each field from the first part of the page that gives it; a price and its currency from the same part."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in FIELDS:
        for part in facts:
            value = getattr(part, name)
            if value is not None and value != () and not (name == "old_price" and _is_no_reduction(value, values.get("price"))):
                values[name], sources[name] = value, part.source
                break
    if not values.get("title"):
        return None
    return {**values, "sources": sources}


def _is_no_reduction(old: Decimal, price: Decimal | None) -> bool:
    return price is None or old <= price
