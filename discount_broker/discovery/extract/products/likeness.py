"""How sure it is that a page sells one product: signs with weights, the cheap ones first.

The weights are those of a logistic regression over labelled pages of shops, learned on some sites and
checked on others, and rounded.
"""

import math
import re
from collections import Counter
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from discount_broker.discovery.extract.pages.page import Document
from discount_broker.discovery.extract.products.boxes import signature
from discount_broker.discovery.extract.products.reading import Facts
from discount_broker.discovery.extract.products.shown_product import Shown
from discount_broker.discovery.extract.products.shown_stock import is_gone
from discount_broker.kernel.urls import TRACKING

Signs = dict[str, float]
"""How strongly each sign stands, from 0 (not at all) to 1, or to 2 for those that add up."""

WEIGHTS = {
    "metadata": 1.2, "metadata price": 0.7, "open graph": 0.6, "metadata alone": 2.5,
    "product path": 2.4, "numbered path": 2.0, "long slug": 1.0, "list path": -0.7, "front page": -1.3,
    "nothing to buy": -1.0, "article": -3.0,
    "few sums": 0.6, "many sums": -0.4, "specifics": 0.9, "list controls": -1.0,
    "sum at heading": 0.7, "buy near": 0.4, "gone": 0.2, "title repeated": 0.5,
    "own page": -4.0, "own path": -3.0,
    "price": 0.3, "named price": 0.7, "own price": 0.9, "few buttons": 1.0, "alike buttons": -0.5,
    "number of article": 0.6, "maker": 0.7, "stock": 0.9, "former price": 0.3,
}  # fmt: skip
MOST_TOLD = WEIGHTS["metadata"] + WEIGHTS["metadata price"] + WEIGHTS["open graph"]
LITTLE_TEXT = 400
"""Characters; a page with fewer shows nothing until its script has run, and only its metadata can speak."""
BIAS = -3.2
"""From nothing on, a page is taken for a product's."""
HOPES = {False: (1.3, 1.0, 0.6), True: (4.0, 3.4, 2.8)}
"""What the signs not yet looked for may add where it is a product; on pages without a sum, and with one."""
OWN_PAGE = re.compile(
    r"(?:ваша |моя |my |your |shopping )?(?:корзина|cart|basket|bag|warenkorb|panier|carrito)|checkout|"
    r"оформление заказа|kasse|log ?in|sign in|вход|регистрация|anmelden|register|избранное|wishlist|"
    r"доставка(?: и оплата)?|оплата(?: и доставка)?|(?:delivery|shipping)(?: \w+)?|versand\w*|livraison|"
    r"контакты|contacts?(?: us)?|kontakt|about(?: us)?|о (?:нас|компании|магазине)|faq|impressum|agb"
)
"""Headings of pages that every shop has for itself."""
OWN_PATH = re.compile(
    r"/(?:delivery|shipping|dostavka\w*|oplata\w*|payments?|versand\w*|contacts?(?:-us)?|kontakty?|about(?:-us)?|"
    r"o-?(?:nas|kompanii|magazine)|faq|impressum|agb|cart|basket|checkout|login|account)(?:\.\w+)?/?$",
    re.IGNORECASE,
)
PRODUCT_PATH = re.compile(
    r"/(?:products?|p|pr|dp|pdp|item|items|itm|tovar|tovary|goods|good|pd|prod|artikel|produkt|produit|"
    r"producto|prodotto|produto|details?|sku)[/_.-]|[?&](?:product|item|art|sku|prod)\w*=|"
    r"/catalog/.+/.+/.+",
    re.IGNORECASE,
)
NUMBERED_PATH = re.compile(r"[-_/.][a-z]{0,4}\d{4,}[a-z]{0,3}(?:[/.]|$)|\.html?$", re.IGNORECASE)
LIST_PATH = re.compile(
    r"/(?:collections?|category|categories|c|cat|browse|departments?|search|brands?|tag|topic|"
    r"blog|news|articles?|shop|s)(?:/[^/]*)?/?$|"
    r"/(?:collections|category|sub-categories|browse|departments|topic|blog|news|nachrichten|help|about|contact\w*|sendfriend)/"
    r"(?!.*/products?/)|\.c\d+|/c-?\d+",
    re.IGNORECASE,
)
ARTICLE_MARKS = ("article:published_time", '"NewsArticle"', '"BlogPosting"', 'content="article"')
"""By which news and blogs call their pages, so that others show them as such."""
METADATA_MARKS = ("ld+json", "itemscope", "typeof=")
"""One of them stands in every page whose metadata may name a product."""
LIST_CONTROLS = (
    *("sort by", "sort:", "сортиров", "sortieren", "sortuj", "trier par", "ordenar", "ordina per"),
    *("per page", "items per", "item per", "показать по", "показать ещё", "показать еще"),
    *(" results", "товаров найдено", "filter by", "load more", "refine"),
)
SPECIFICS = (
    *(
        "характеристик",
        "описание",
        "отзывы",
        "количество",
        "артикул",
        "код товара",
        "в избранное",
        "гарантия",
    ),
    *("specification", "description", "details", "reviews", "quantity", "qty", "sku", "item no", "item #"),
    *("wishlist", "wish list", "rating", "warranty", "technische daten", "beschreibung", "artikelnummer"),
    *("art.-nr", "art.nr", "menge", "wunschzettel", "merkzettel"),
    *("caractéristiques", "descrizione", "descripción"),
)
LONGEST_PATH = 2000


def may_be_product(shown: Shown, *, ignore_metadata: bool = False) -> bool:
    """Whether the dear signs can still decide: most pages are told from a product's by the cheap ones."""
    has_sums = bool(shown.reader.sums)
    cheap = BIAS + _sum(_path_signs(shown.document)) + HOPES[has_sums][0] + 0.5 * has_sums
    for look in (_number_signs, _sum_signs):
        # Less than nothing by more than what rounding makes of it.
        missing = -0.001 - cheap - _sum(look(shown))
        if missing > 0 and (ignore_metadata or missing > _most_told(shown)):
            return False
    return True


@lru_cache(maxsize=2)
def _most_told(shown: Shown) -> float:
    """The most that the metadata may add, as far as the page holds any."""
    markup = shown.document.html
    if not any(mark in markup for mark in METADATA_MARKS):
        return WEIGHTS["open graph"]
    return MOST_TOLD + WEIGHTS["metadata alone"] * _is_unwritten(shown)


def _is_unwritten(shown: Shown) -> bool:
    return len(shown.document.text) < LITTLE_TEXT


def likeness(shown: Shown, told: list[Facts]) -> float:
    """How sure it is that the page sells one product, from 0 to 1; 0 for one that does not."""
    signs = _told_signs(told)
    signs["metadata alone"] = signs["metadata price"] and _is_unwritten(shown)
    weight = BIAS + _sum(signs) + _sum(_path_signs(shown.document)) + _sum(_sum_signs(shown))
    hopes = HOPES[bool(shown.reader.sums)]
    more = 0.5 * bool(shown.reader.sums and shown.words_to_buy)
    for look, hope in zip((_word_signs, _heading_signs, _box_signs), hopes, strict=True):
        if weight + hope + more < 0:
            return 0.0
        weight += _sum(look(shown))
    return 1 / (1 + math.exp(-weight)) if weight > 0 else 0.0


def _sum(signs: Signs) -> float:
    return sum(WEIGHTS[name] * value for name, value in signs.items())


def _told_signs(told: list[Facts]) -> Signs:
    named = [facts for facts in told if facts.title and facts.source != "opengraph"]
    return {
        "metadata": bool(named),
        "metadata price": any(facts.price for facts in named),
        "open graph": any(facts.title for facts in told if facts.source == "opengraph"),
    }


def _path_signs(document: Document) -> Signs:
    try:
        parts = urlsplit(document.url[:LONGEST_PATH])
    except ValueError:
        return {}
    path = unquote(parts.path)
    asked = [pair for pair in parts.query.split("&") if pair and not TRACKING.match(pair.partition("=")[0])]
    is_front = path.strip("/") in ("", "index.html", "index.php") and not asked
    return {
        "front page": is_front,
        "product path": bool(PRODUCT_PATH.search(f"{path}?{parts.query}")),
        "numbered path": bool(NUMBERED_PATH.search(path)),
        "own path": bool(OWN_PATH.search(path)),
        "list path": bool(LIST_PATH.search(path)),
        "long slug": path.rstrip("/").rpartition("/")[2].count("-") >= 3,
    }


@lru_cache(maxsize=2)
def _sum_signs(shown: Shown) -> Signs:
    number, markup, address = len(shown.reader.sums), shown.document.html, shown.document.url[:LONGEST_PATH]
    return {
        **_number_signs(shown),
        "nothing to buy": not (number or PRODUCT_PATH.search(address) or shown.words_to_buy),
        "article": any(mark in markup for mark in ARTICLE_MARKS),
    }


def _number_signs(shown: Shown) -> Signs:
    number = len(shown.reader.sums)
    return {"few sums": 0 < number <= 8, "many sums": number > 30}


def _word_signs(shown: Shown) -> Signs:
    text = shown.reader.text
    return {
        "specifics": min(sum([word in text for word in SPECIFICS]), 6) / 3,
        "list controls": any(word in text for word in LIST_CONTROLS),
    }


def _heading_signs(shown: Shown) -> Signs:
    """What stands within reach of the heading."""
    reader, line, heading = shown.reader, shown.line, shown.heading
    return {
        "sum at heading": any(0 <= reader.line_of(one.start) - line < 12 for one in reader.sums),
        "buy near": any(0 <= reader.line_of(place) - line < 40 for place in shown.words_to_buy),
        "gone": is_gone(shown.near_lines[:30]),
        "title repeated": heading is not None and shown.document.text.count(heading.text) > 1,
        "number of article": "sku" in shown.labels,
        "maker": "brand" in shown.labels,
        "own page": heading is not None and bool(OWN_PAGE.fullmatch(heading.text.lower())),
    }


def _box_signs(shown: Shown) -> Signs:
    """What the boxes around the price and the buttons tell."""
    price = shown.price
    buttons = Counter(signature(one.element) for one in shown.buttons if not one.is_elsewhere)
    is_own = price is not None and price.twins <= 2 and not price.is_elsewhere
    return {
        "price": price is not None,
        "named price": price is not None and price.is_named,
        "own price": price is not None and is_own and 0 <= price.place - shown.line < 50,
        "few buttons": 0 < buttons.total() <= 3,
        "alike buttons": max(buttons.values(), default=0) >= 3,
        "stock": shown.availability is not None,
        "former price": shown.old_price is not None,
    }


def is_list(shown: Shown) -> bool:
    """Prices in six or more boxes of one kind that no word sets aside as other products."""
    main = [price for price in shown.prices if price.twins >= 6 and not price.is_elsewhere]
    return len({price.amount for price in main}) > 4 or len(main) > 8
