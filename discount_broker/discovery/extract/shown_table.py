"""What a page says of its product beside name and price: maker, numbers, path of categories, picture."""

import re
from typing import Any

from discount_broker.discovery.extract.page import Document, inner_text
from discount_broker.discovery.extract.paths import path
from discount_broker.discovery.extract.shown_title import words_of

BREADCRUMBS = path("//*[@class[contains(., 'readcrumb') or contains(., 'readCrumb')]]")
BREADCRUMB_IDS = path("//*[@id[contains(., 'readcrumb')]]")
PICTURES_AFTER = path("following::img[position() <= 25]")
PICTURES_BEFORE = path("preceding::img[position() <= 12]")
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
LABELS = {
    field: re.compile(
        rf"^(?:{'|'.join(names.split()).replace('_', ' ')})\s*{COLONS[field]}\s*(?P<value>[^\n]{{1,60}})$",
        re.MULTILINE,
    )
    for field, names in NAMES.items()
}


def labelled(field: str, text: str, folded: str) -> str | None:
    """The value that stands behind a label, on its line or on the next."""
    for found in LABELS[field].finditer(folded):
        value = text[found.start("value") : found.end("value")].strip()
        if value and not value.endswith(":"):
            return value
    return None


def find_breadcrumbs(document: Document) -> tuple[str, ...] | None:
    """The path of categories, without the way home."""
    if "readcrumb" not in document.html and "readCrumb" not in document.html:
        return None
    boxes = [*BREADCRUMBS(document.tree)[:5], *BREADCRUMB_IDS(document.tree)[:2]]
    for box in boxes:
        anchors = [anchor for anchor, _ in zip(box.iter("a"), range(12), strict=False)]
        names = tuple(text for anchor in anchors if (text := inner_text(anchor)) and len(text) < 80)
        if len(names) > 1:
            return names[1:9]
    return None


def find_image(document: Document, heading: Any, title: str) -> str | None:
    """The picture nearest to the heading that is no trimming; one described by the product's name first."""
    best: tuple[float, str] | None = None
    pictures = [
        *enumerate(PICTURES_AFTER(heading)),
        *enumerate(reversed(PICTURES_BEFORE(heading))),
    ]
    for place, picture in pictures:
        source = picture.get("data-src") or picture.get("src") or ""
        marks = source + (picture.get("class") or "")
        if not source or source.startswith("data:") or TRIMMING.search(marks):
            continue
        weight = 2 * _shared(picture.get("alt") or "", title) - place / 12 + 0.5 * bool(GALLERY.search(marks))
        if best is None or weight > best[0]:
            best = weight, source
    return document.resolve(best[1]) if best else None


def _shared(first: str, second: str) -> float:
    """The share of words of the shorter text that stand in the other."""
    one, other = words_of(first), words_of(second)
    return len(one & other) / max(1, min(len(one), len(other)))
