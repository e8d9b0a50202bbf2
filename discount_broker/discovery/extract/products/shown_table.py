"""What a page says of its product beside name and price: maker, numbers, path of categories, picture."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from discount_broker.discovery.extract.pages.page import Document, inner_text
from discount_broker.discovery.extract.products.boxes import with_class
from discount_broker.discovery.extract.products.paths import path
from discount_broker.discovery.extract.products.shown_title import words_of

BREADCRUMBS = re.compile("read[Cc]rumb")
BREADCRUMB_IDS = path("//*[@id[contains(., 'readcrumb')]]")
MOST_AFTER, MOST_BEFORE = 25, 12
TRIMMING = re.compile(r"logo|icon|sprite|pixel|flag|blank", re.IGNORECASE)
GALLERY = re.compile(r"product|gallery|main|zoom|catalog|iblock", re.IGNORECASE)
NAMES = {
    "brand": "brand бренд производитель marke hersteller manufacturer марка торговая_марка "
    "marque marca vendor",
    "model": r"model(?:_(?:no|number|name|nr))?\.? модель modell mpn herstellernummer "
    r"manufacturer_part_number hersteller-?nr\.? part_number",
    "sku": r"sku артикул арт\.? код(?:_товара)? item(?:_(?:no|number|#))?\.? "
    r"art(?:ikel)?\.?-?(?:nr|nummer)\.? product_code référence ref\.? stock_code",
    "gtin": "ean gtin upc штрих-?код barcode isbn(?:-?13)?",
}
COLONS = {"brand": "[:：]?", "model": "[:：#]", "sku": "[:：#№]", "gtin": "[:：]?"}
LABEL = "|".join(
    rf"(?P<{field}>{'|'.join(names.split()).replace('_', ' ')})\s*{COLONS[field]}"
    for field, names in NAMES.items()
)
LABELLED = re.compile(rf"^(?:{LABEL})\s*(?P<value>[^\n]{{1,60}})$", re.MULTILINE)
"""One expression for all: each scan of the text costs the same."""


def find_labels(text: str) -> Iterator[tuple[str, int, int, int]]:
    """Labels of a folded text: the field, where the label stands, and where its value begins and ends."""
    for found in LABELLED.finditer(text):
        yield _field(found), found.start(), *found.span("value")


def _field(found: re.Match[str]) -> str:
    return next(field for field in NAMES if found.start(field) >= 0)


def read_labels(text: str, folded: str) -> dict[str, str]:
    """The first value of each field."""
    values: dict[str, str] = {}
    for field, _, start, end in find_labels(folded):
        value = text[start:end].strip()
        if value and not value.endswith(":"):
            values.setdefault(field, value)
    return values


def find_breadcrumbs(document: Document) -> tuple[str, ...] | None:
    """The path of categories, without the way home."""
    if "readcrumb" not in document.html and "readCrumb" not in document.html:
        return None
    boxes = list(islice(with_class(document, BREADCRUMBS), 5)) or BREADCRUMB_IDS(document.tree)[:5]
    for box in boxes:
        anchors = [anchor for anchor, _ in zip(box.iter("a"), range(12), strict=False)]
        names = tuple(text for anchor in anchors if (text := inner_text(anchor)) and len(text) < 80)
        if len(names) > 1:
            return names[1:9]
    return None


def find_image(document: Document, heading: Any, title: str) -> str | None:
    """The picture nearest to the heading that is no trimming; one described by the product's name first."""
    weighed = [
        (
            2 * _shared(picture.get("alt") or "", title) - place / 12 + 0.5 * bool(GALLERY.search(marks)),
            source,
        )
        for place, picture in _near(document, heading)
        if (source := picture.get("data-src") or picture.get("src") or "")
        and not source.startswith("data:")
        and not TRIMMING.search(marks := source[:500] + (picture.get("class") or "")[:500])
    ]
    return document.resolve(max(weighed)[1]) if weighed else None


def _near(document: Document, heading: Any) -> list[tuple[int, Any]]:
    """The pictures after and before the heading, with how many pictures lie between."""
    before: list[Any] = []
    after: list[Any] | None = None
    for element in document.tree.iter("img", heading.tag):
        if element is heading:
            after = []
        elif element.tag == "img":
            (before if after is None else after).append(element)
        if after is not None and len(after) >= MOST_AFTER:
            break
    return [*enumerate(after or []), *enumerate(before[: -MOST_BEFORE - 1 : -1])]


def _shared(first: str, second: str) -> float:
    """The share of words of the shorter text that stand in the other."""
    one, other = words_of(first), words_of(second)
    return len(one & other) / max(1, min(len(one), len(other)))
