"""Phone numbers of a page in E.164, told from sizes, dates, prices and article numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote

import phonenumbers

from discount_broker.discovery.extract.pages.page import Document, inner_text, open_document
from discount_broker.discovery.extract.phones.numbers import AMERICAN, national_groups, read_number
from discount_broker.discovery.extract.products import json_ld
from discount_broker.discovery.extract.vocabulary import words

COUNTRY_OF_SUFFIX = {"uk": "GB", "su": "RU", "рф": "RU", "xn--p1ai": "RU"}
NO_COUNTRY = words("eu io me tv co cc ai ag sc fm gg to ws im sh la vc")
"""Endings of countries that shops of all countries use, and of no country at all."""
COUNTRY_OF_LANGUAGE = {
    "ru": "RU", "uk": "UA", "be": "BY", "kk": "KZ", "de": "DE", "fr": "FR", "es": "ES", "it": "IT",
    "pl": "PL", "cs": "CZ", "nl": "NL", "en": "US", "bg": "BG", "pt": "PT", "lt": "LT", "lv": "LV",
    "et": "EE", "tr": "TR",
}  # fmt: skip
ALSO_SPEAK = {
    "en": ("GB",), "de": ("AT", "CH"), "fr": ("BE", "CH"), "nl": ("BE",), "ru": ("BY", "KZ"),
    "pt": ("BR",),
}  # fmt: skip
NUMBER = re.compile(r"\d(?<![\w.,/@#№-]\d)(?:[ ().\-–—‑−/]{0,3}\d){5,14}(?![\w%])")
BEFORE_NUMBER = re.compile(r"(?:\+ ?|\b00)?(?:\( ?)?\+?$")
PHONE_WORD = re.compile(
    r"\b(?:тел|моб|факс|(?:по)?звон|горяч|контакт|whats|ватсап|viber|вайбер|phone|call|fax|tel|t[ée]l|tlf|mob|"
    r"cell|hotline|toll|free|office|contact|kontakt|ruf|handy|fon\b|infoli|dial|appel|ll[aá]m|chiam|"
    r"(?:za)?dzwo|sms|кол+-?центр)|(?:^|[\s(|,;])(?:т|p|t|m|f|ph)[.:]\s*$|[\u260e\u2706\U0001f4de\U0001f4f1]",
    re.IGNORECASE,
)
NOT_PHONE = re.compile(
    r"\b(?:инн|огрн\w*|кпп|бик|окпо|окато|оквэд|арт(?:икул\w*)?|код(?: товара)?|модел\w+|"
    r"(?:номер|№) заказа|лиценз\w+|свидетельств\w*|расч[её]тн\w+|корр?\w*|sku|isbn|issn|ean|gtin|upc|mpn|"
    r"iban|bic|konto\w*|ust\w*|vat|uid|nip|regon|krs|siret|siren|rcs|tva|cif|nif|abn|acn|hr[ab]|"
    r"model|licen[sc]e|serial|steuern\w*|(?:item|part|order|product)\s*(?:no|nr|number|code|id|#)|"
    r"[рк]/с)\b|\bitem\W*$",
    re.IGNORECASE,
)
DATE = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$|(?:19|20)\d\d\s*[-–—]\s*(?:19|20)\d\d$|"
    r"(?:[0-3]?\d[./-]){2}(?:19|20)\d\d\b|(?:19|20)\d\d(?:[./-][0-3]?\d){2}\b"
)
NOT_AFTER = re.compile(
    r":\d| ?(?:₽|руб|р\.|€|\$|£|zł|kč|грн|тг\b|тенге|usd\b|eur\b|шт\b|мм\b|см\b|кг\b|mm\b|cm\b|kg\b|×)",
    re.IGNORECASE,
)
RUSSIAN = re.compile(r"^\(?(?:7|8)\)?[\s(.–—‑-]*\d{3,5}\b")
EIGHT_COUNTRIES = ("RU", "KZ", "BY")
"""Where a call within the country begins with 8."""
MARK = re.compile(r"prop(?:erty)?\s?=\s?['\"]?(?:schema:)?telephone")
MARKED = "//*[@itemprop='telephone' or @property='telephone' or @property='schema:telephone']"
LINKED = ("tel:", "Tel:", "TEL:", "callto:", "phone:")
CODES_SHOWN = re.compile(r"\+\(?([1-9]\d{0,2})")
IN_TEXT = 0.8
"""The most that a number in running text is worth; links and metadata are surer."""
MOST_NUMBERS, MOST_LOOKED_AT = 300, 5_000
"""A page with more is no shop's: a directory, a price list, or a trap."""


@dataclass(frozen=True)
class FoundPhone:
    number: str
    """E.164."""
    confidence: float
    snippet: str


def find_phones(html: str, page_url: str) -> list[FoundPhone]:
    """The numbers a reader could call, the surest first."""
    document = open_document(html, page_url)
    regions = _regions(document)
    best: dict[str, FoundPhone] = {}
    for raw, certainty, snippet in islice(_candidates(document, regions), MOST_NUMBERS):
        number = read_number(raw.strip(), regions, is_sure=_is_whole(raw, certainty, regions))
        if number and (number not in best or best[number].confidence < certainty):
            best[number] = FoundPhone(number, certainty, snippet[:160])
    return sorted(best.values(), key=lambda phone: -phone.confidence)


def _is_whole(raw: str, certainty: float, regions: tuple[str, ...]) -> bool:
    """Where a number with its country's code and without the plus may be meant."""
    return certainty > IN_TEXT or (
        certainty == IN_TEXT and regions[0] not in EIGHT_COUNTRIES and raw[0] != "0"
    )


def country_of(document: Document) -> str:
    """The country whose numbers a page writes without a code: by its domain, else by its language."""
    suffix = document.host.rpartition(".")[2].lower()
    if suffix in COUNTRY_OF_SUFFIX:
        return COUNTRY_OF_SUFFIX[suffix]
    if suffix.upper() in phonenumbers.SUPPORTED_REGIONS and suffix not in NO_COUNTRY:
        return suffix.upper()
    return COUNTRY_OF_LANGUAGE.get(document.language, "US")


def _said_country(document: Document) -> str:
    """The country in `<html lang="en-GB">`; templates say it too, so it does not come first."""
    region = (document.tree.get("lang") or "").replace("_", "-").partition("-")[2].upper()
    return region if region in phonenumbers.SUPPORTED_REGIONS else ""


@lru_cache(maxsize=2)
def _regions(document: Document) -> tuple[str, ...]:
    """Whose numbers may stand here without their code, the likeliest first; asked for many times a page."""
    first = country_of(document)
    suffix = document.host.rpartition(".")[2].lower()
    if len(suffix) == 2 and suffix not in NO_COUNTRY:
        return (first,)
    shown = dict.fromkeys(found.group(1) for found in islice(CODES_SHOWN.finditer(document.text), 20))
    others = [
        _said_country(document),
        *(_region_of(code) for code in shown),
        *ALSO_SPEAK.get(document.language, ()),
    ]
    return tuple(dict.fromkeys((first, *filter(None, others))))


def _region_of(code: str) -> str:
    """The country of a code such as `49` or `4930`, where it has one alone."""
    for length in (1, 2, 3):
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code[:length]))
        if regions:
            return regions[0] if regions[0] != "001" else ""
    return ""


def _candidates(document: Document, regions: tuple[str, ...]) -> Iterator[tuple[str, float, str]]:
    for anchor in [anchor for anchor in document.anchors if anchor.href.startswith(LINKED)]:
        yield unquote(anchor.href.partition(":")[2]).lstrip("/"), 0.95, anchor.text
    for element in document.tree.xpath(MARKED) if _is_marked(document.html) else ():
        shown = inner_text(element)
        yield element.get("content") or shown, 0.9, shown[:80]
    for node in json_ld.read_nodes(document):
        if isinstance(phone := node.get("telephone"), str):
            yield phone, 0.85, ""
    yield from _in_text(document.text, regions)


def _is_marked(markup: str) -> bool:
    return "telephone" in markup and MARK.search(markup) is not None


def _in_text(text: str, regions: tuple[str, ...]) -> Iterator[tuple[str, float, str]]:
    place, left = 0, MOST_LOOKED_AT
    while (left := left - 1) and (found := NUMBER.search(text, place)):
        place = found.end()
        start, end = _widened(text, found.start()), found.end()
        if start < 0 or not (certainty := _certainty(text, start, end, regions[0])):
            continue
        raw = text[start:end]
        if len(raw) > 15 and not read_number(raw, regions) and (first := _first_of(raw, regions)):
            raw, place = first, start + len(first)
        if certainty == IN_TEXT or _is_grouped_well(raw, regions):
            yield raw, certainty, _around(text, start, end)


def numbers_in(text: str, document: Document) -> Iterator[tuple[str, int, int]]:
    """Numbers of a short text that is known to speak of phones, each with its place."""
    regions = _regions(document)
    for found in NUMBER.finditer(text):
        start = _widened(text, found.start())
        if start >= 0 and (number := read_number(text[start : found.end()], regions)):
            yield number, start, found.end()


def _widened(text: str, start: int) -> int:
    """Where the number begins with the plus and the bracket before it; -1 inside something else."""
    before = text[max(0, start - 4) : start]
    lead = BEFORE_NUMBER.search(before)
    start -= len(lead.group()) if lead else 0
    return -1 if start and re.match(r"[\w.,/@#№-]", text[start - 1]) else start


def _first_of(raw: str, regions: tuple[str, ...]) -> str | None:
    """The first number where several stand one after another with nothing but blanks between."""
    for gap in re.finditer(r"[ /]+", raw):
        head = raw[: gap.start()].rstrip(".-")
        if len(re.sub(r"\D", "", head)) >= 9 and read_number(head, regions):
            return head
    return None


def _certainty(text: str, start: int, end: int, country: str) -> float:
    """How much a run of digits looks like a number to call; 0 when it is something else."""
    raw = text[start:end]
    digits = re.sub(r"\D", "", raw)
    if DATE.match(raw) or len(digits) < 7 or len(set(digits)) < 3:
        return 0.0
    lead = text[max(0, start - 40) : start]
    same_line = lead.rpartition("\n")[2]
    lead = same_line if same_line.strip() else lead
    said = max((word.end() for word in PHONE_WORD.finditer(lead)), default=0)
    if any(word.end() > max(said, len(lead) - 25) for word in NOT_PHONE.finditer(lead)):
        return 0.0
    if not said and lead.rstrip().endswith(("№", "#")):
        return 0.0
    if raw.startswith("+"):
        return IN_TEXT
    if NOT_AFTER.match(text, end):
        return 0.0
    return IN_TEXT if said else _by_shape(raw, country, text, start, end)


def _by_shape(raw: str, country: str, text: str, start: int, end: int) -> float:
    if not re.search(r"[\s()\-–—‑.]", raw) or sum(map(str.isdigit, raw)) < 8:
        return 0.0
    if AMERICAN.match(raw) or raw.startswith("(") or (country in EIGHT_COUNTRIES and RUSSIAN.match(raw)):
        return 0.75
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    return 0.6 if (line_end if line_end >= 0 else len(text)) - line_start < 60 or "(" in raw else 0.0


def _is_grouped_well(raw: str, regions: tuple[str, ...]) -> bool:
    """Written in groups as its country writes it, or nearly so: the code of the place stands alone."""
    number = read_number(raw, regions)
    if number is None:
        return False
    shown, usual = re.findall(r"\d+", raw), national_groups(number)
    if len(shown) > len(usual) + 2:
        return False
    ends_alike = shown[-1] == usual[-1] and len(shown[-1]) > 2 and number == read_number(raw, regions[:1])
    is_near = raw.startswith("(") or shown[0] in usual[:2] or ends_alike
    return shown == usual or (is_near and len("".join(shown)) > 7)


def _around(text: str, start: int, end: int) -> str:
    begin = max(text.rfind("\n", 0, start) + 1, start - 50)
    stop = text.find("\n", end)
    return text[begin : min(stop if stop >= 0 else len(text), end + 20)].strip()
