"""Whether two shops sell the same thing: by article number, by brand and model, by title."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from discount_broker.discovery.extract.gtin import read_gtin
from discount_broker.discovery.extract.vocabulary import words

UNIT = re.compile(
    r"^(?:\d+(?:x\d+)*)(?:mm|cm|m|km|g|kg|mg|ml|cl|l|oz|lb|lbs|ft|in|inch|zoll|gb|tb|mb|gbit|"
    r"hz|khz|mhz|ghz|w|kw|v|kv|a|ah|mah|nm|rpm|db|p|k|px|mp|dpi|"
    r"bit|pcs|pc|pack|st|stk|er|tlg|мм|см|м|г|гр|кг|мг|мл|л|шт|гб|тб|мб|гц|вт|квт|в|а|ач|мач|"
    r"мп|дюйм\w*|cd|fps|sqm|xl|x|х)$"
)
GENERIC = words(
    "the a an of and for with in on to by und mit für der die das ein eine zu von im et de la "
    "le les des pour avec du en del los las con para el и в на с для из от по к the new neu "
    "новый новая новое original оригинал black white red blue green grey gray silver gold "
    "schwarz weiß weiss rot blau grün grau silber noir blanc черный чёрный белый красный "
    "синий зеленый зелёный серый серебристый золотой купить цена buy price sale online shop "
    "магазин set комплект набор size color цвет размер"
)
LEGAL = re.compile(
    r"\b(?:gmbh|inc|ltd|llc|co|corp|corporation|company|ag|sa|srl|oy|ab|ооо|зао|оао|ао|ип|тм|tm)\b"
)
CYRILLIC_TWINS = str.maketrans("авекмнорстухё", "abekmhopctyxe")
CYRILLIC = re.compile(r"[а-яё]")
MEASURES = (
    *("gb", "tb", "гб", "тб", "ml", "мл", "l", "л", "kg", "кг", "g", "г"),
    *("cm", "см", "mm", "мм", "w", "вт", "шт", "zoll"),
)
SAME_FROM = 0.62


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


@dataclass(frozen=True)
class Match:
    id: str
    same: bool
    score: float
    why: str
    """gtin, brand+model or title: what decided."""


def match_products(product: Goods, candidates: Sequence[Goods]) -> list[Match]:
    """Each candidate judged, in the order given."""
    return [_match(product, candidate) for candidate in candidates]


def fold(text: str | None) -> str:
    """Lower case, without accents and marks; what looks the same is the same."""
    plain = unicodedata.normalize("NFKD", (text or "").casefold().replace("й", "и\u200b"))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("и\u200b", "й")
    return re.sub(r"[®™©]", " ", kept)


def tokens(title: str | None) -> list[str]:
    """Words and numbers of a title, folded; `2,5` and `2.5` are one."""
    text = re.sub(r"(?<=\d)[.,](?=\d)", "_", fold(title))
    text = re.sub(r"(?<=\d)\s*[x×х*]\s*(?=\d)", "x", text)
    text = re.sub(
        r"(?<=\d)\s+(?=(?:mm|cm|g|kg|ml|l|gb|tb|hz|w|v|mah|мм|см|м|г|кг|мл|л|гб|тб|гц|вт|в|мач|шт|"
        r"zoll|inch)\b)",
        "",
        text,
    )
    return [_latin(token) for token in re.findall(r"\w+", text) if token.strip("_")]


def _latin(token: str) -> str:
    """A token that mixes alphabets or holds a digit is a model written with look-alike letters."""
    mixed = re.search(r"[a-z0-9]", token) and CYRILLIC.search(token) and not UNIT.match(token)
    return token.translate(CYRILLIC_TWINS) if mixed else token


def brand_key(brand: str | None) -> str:
    """A brand as it is looked up: `Bosch GmbH` and `BOSCH®` are `bosch`."""
    return re.sub(r"[\W_]+", "", LEGAL.sub(" ", fold(brand)))[:80]


def model_key(model: str | None) -> str:
    """A model as it is looked up: `WH-1000XM4` and `wh 1000 xm4` are `wh1000xm4`."""
    return _latin(re.sub(r"[\W_]+", "", fold(model)))[:80]


def title_key(title: str) -> str:
    """The one token of a title by which other titles of the same product are found.

    A model number when there is one (letters and digits, no measure), else a long number, else a word.
    """
    words = [token for token in tokens(title) if token not in GENERIC]
    models = [word for word in words if _is_model(word)]
    numbers = [
        word
        for word in words
        if word.isdigit() and len(word) >= 4 and not re.fullmatch(r"(?:19|20)\d\d", word)
    ]
    plain = [word for word in words if word.isalpha()]
    chosen = models or numbers or plain or words
    return max(chosen, key=lambda word: (len(word), word), default="")[:80]


def _is_model(token: str) -> bool:
    return (
        len(token) >= 3
        and bool(re.search(r"\d", token) and re.search(r"[^\W\d_]", token))
        and not UNIT.match(token)
    )


def _match(product: Goods, candidate: Goods) -> Match:
    own, other = read_gtin(product.gtin), read_gtin(candidate.gtin)
    if own and other:
        same = own.zfill(14) == other.zfill(14)
        return Match(candidate.id, same, 1.0 if same else 0.02, "gtin")
    if _same_brand_and_model(product, candidate):
        score = 0.95 if not _conflict(product, candidate) else 0.4
        return Match(candidate.id, score > SAME_FROM, score, "brand+model")
    score = round(_title_score(product, candidate), 2)
    return Match(candidate.id, score >= SAME_FROM, score, "title")


def _same_brand_and_model(product: Goods, candidate: Goods) -> bool:
    """The model of one is that of the other, or stands in its title; brands agree where both are named."""
    if _brands_differ(product, candidate):
        return False
    first, second = model_key(product.model), model_key(candidate.model)
    if len(first) >= 3 and len(second) >= 3:
        return first == second and bool(re.search(r"\d", first) or len(first) > 5)
    named = first or second
    title = candidate.title if first else product.title
    pieces = tokens(title)
    runs = {"".join(pieces[start : start + length]) for start in range(len(pieces)) for length in (1, 2, 3)}
    return (
        len(named) >= 4
        and bool(re.search(r"\d", named))
        and named in runs
        and _brand_agrees(product, candidate)
    )


def _brands_differ(product: Goods, candidate: Goods) -> bool:
    first, second = brand_key(product.brand), brand_key(candidate.brand)
    return bool(first and second and first not in second and second not in first)


def _brand_agrees(product: Goods, candidate: Goods) -> bool:
    brand = brand_key(product.brand or candidate.brand)
    return not brand or all(
        brand in (brand_key(goods.brand), *tokens(goods.title)) or brand in "".join(tokens(goods.title))
        for goods in (product, candidate)
    )


def _conflict(product: Goods, candidate: Goods) -> bool:
    """Each title names a measure that the other does not: 128 GB against 256 GB, 1 l against 5 l."""
    return any(
        first and second and not first & second
        for first, second in zip(*(_measures(goods.title) for goods in (product, candidate)), strict=True)
    )


def _measures(title: str) -> list[set[str]]:
    found = tokens(title)
    return [{token for token in found if re.fullmatch(rf"\d[\d_x]*{unit}", token)} for unit in MEASURES]


def _title_score(product: Goods, candidate: Goods) -> float:
    one, other = tokens(product.title), tokens(candidate.title)
    first, second = set(_joined_as(one, other)), set(_joined_as(other, one))
    if not first or not second or _brands_differ(product, candidate):
        return 0.0
    shared = sum(map(_weight, first & second))
    lesser, greater = sorted((sum(map(_weight, first)), sum(map(_weight, second))))
    score = 0.55 * shared / (lesser or 1) + 0.45 * shared / (greater or 1)
    models = [{token for token in found if _is_model(token) and len(token) > 3} for found in (first, second)]
    if all(models) and not models[0] & models[1]:
        score *= 0.5
    elif all(models):
        score += 0.12
    if _conflict(product, candidate) or _numbers_differ(first, second):
        score *= 0.5
    return min(score * _price_factor(product, candidate), 0.99)


def _numbers_differ(first: set[str], second: set[str]) -> bool:
    """Each names a number that the other does not: `DHR 202` against `DHR 242`."""
    numbers = [{token for token in found if token.isdigit() and len(token) > 1} for found in (first, second)]
    return bool(numbers[0] - numbers[1] and numbers[1] - numbers[0])


def _joined_as(pieces: list[str], model: list[str]) -> list[str]:
    """Join neighbours that the other title writes as one: `GSR 12V` where it says `GSR12V`."""
    whole, joined, place = set(model), list[str](), 0
    while place < len(pieces):
        lengths = (n for n in (3, 2) if "".join(pieces[place : place + n]) in whole)
        length = next(lengths, 1)
        joined.append("".join(pieces[place : place + length]))
        place += length
    return joined


def _weight(token: str) -> float:
    if token in GENERIC:
        return 0.2
    if _is_model(token):
        return 3.0
    return 1.5 if re.search(r"\d", token) else 1.0


def _price_factor(product: Goods, candidate: Goods) -> float:
    """The same thing seldom costs three times as much next door."""
    if not product.price or not candidate.price or product.currency != candidate.currency:
        return 1.0
    ratio = max(product.price, candidate.price) / min(product.price, candidate.price)
    return 1.0 if ratio < 2 else 0.85 if ratio < 3 else 0.6
