"""A product as it is offered somewhere, and the keys by which the catalogue finds it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from discount_broker.discovery.extract.products.gtin import read_gtin
from discount_broker.discovery.extract.rivals.nouns import languages_of
from discount_broker.discovery.extract.rivals.spelling import CYRILLIC, fold, sound
from discount_broker.discovery.extract.rivals.titles import (
    CYRILLIC_TWINS,
    NO_WORDS,
    Title,
    is_model,
    read_title,
)
from discount_broker.discovery.extract.rivals.words import BRANDS, KNOWN_BRANDS

LEGAL = re.compile(
    r"\b(?:gmbh|inc|ltd|llc|co|corp|corporation|company|ag|sa|srl|oy|ab|ооо|зао|оао|ао|ип|тм|tm)\b"
)
YEAR = re.compile(r"(?:19|20)\d\d")
LONGEST = 400
"""Characters of a brand or a model that are looked at."""


@dataclass(frozen=True)
class Goods:
    """A product as a shop or a feed describes it."""

    id: str
    title: str
    brand: str | None = None
    model: str | None = None
    gtin: str | None = None
    price: Decimal | None = None
    currency: str | None = None


class Side(NamedTuple):
    """A product with its title taken apart."""

    goods: Goods
    title: Title
    brand: str
    model: str
    gtin: str | None


def side_of(goods: Goods) -> Side:
    return Side(
        goods, read_title(goods.title), brand_key(goods.brand), model_key(goods.model), read_gtin(goods.gtin)
    )


def brand_key(brand: str | None) -> str:
    """A brand as it is looked up: `Bosch GmbH` and `BOSCH®` are `bosch`."""
    key = re.sub(r"[\W_]+", "", LEGAL.sub(" ", fold((brand or "")[:LONGEST])))[:80]
    return BRANDS.get(key, key)


def model_key(model: str | None) -> str:
    """A model as it is looked up: `WH-1000XM4` and `wh 1000 xm4` are `wh1000xm4`."""
    key = re.sub(r"[\W_]+", "", fold((model or "")[:LONGEST]))[:80]
    mixed = re.search(r"[a-z0-9]", key) and CYRILLIC.search(key)
    return key.translate(CYRILLIC_TWINS) if mixed else key


def title_key(title: str) -> str:
    """The one token of a title by which other titles of the same product are found.

    A model number when there is one (letters and digits, no measure), else a long number, else a word:
    a name before what every shop calls such things, Latin before Cyrillic, which is often translated.
    """
    pieces = [piece for piece in read_title(title).tokens if piece not in NO_WORDS]
    models = [piece for piece in pieces if is_model(piece) and len(piece) >= 3]
    numbers = [p for p in pieces if p.isdigit() and len(p) >= 4 and not YEAR.fullmatch(p)]
    words = [piece for piece in pieces if piece.isalpha()]
    names = [word for word in words if not languages_of(word)]
    latin = [name for name in names if name.isascii() and len(name) > 3]
    chosen = models or numbers or latin or names or words or pieces
    return max(chosen, key=lambda piece: (len(piece), piece), default="")[:80]


def brands_differ(own: Side, other: Side) -> bool:
    """Both name a brand, and neither names the other's."""
    named = [KNOWN_BRANDS.intersection(side.title.tokens) for side in (own, other)]
    if all(named) and not named[0] & named[1] and not (own.brand and other.brand):
        return True
    if own.brand and other.brand:
        return not (_says(other, own.brand) or _says(own, other.brand))
    for one, another, strange in ((own, other, named[1]), (other, own, named[0])):
        if one.brand and not _says(another, one.brand) and strange - set(one.title.tokens):
            return True
    return False


def is_number_of_model(model: str) -> bool:
    """Whether a model is one that nobody else has."""
    return len(model) >= 3 and bool(re.search(r"\d", model))


def _says(side: Side, brand: str) -> bool:
    if side.brand and (brand in side.brand or side.brand in brand or sound(brand) == sound(side.brand)):
        return True
    title = side.title
    if brand in title.runs or brand in side.model:
        return True
    heard = sound(brand)
    return len(heard) > 1 and any(sound(token) == heard for token in title.tokens if token.isalpha())
