"""Phone numbers of a page in E.164, told from sizes, dates and article numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import phonenumbers

from discount_broker.discovery.extract import json_ld
from discount_broker.discovery.extract.page import SEPARATOR, Document, inner_text, open_document

COUNTRY_OF_SUFFIX = {"uk": "GB", "su": "RU", "рф": "RU", "xn--p1ai": "RU", "com": "", "eu": ""}
COUNTRY_OF_LANGUAGE = {
    "ru": "RU", "uk": "UA", "be": "BY", "kk": "KZ", "de": "DE", "fr": "FR", "es": "ES", "it": "IT",
    "pl": "PL", "cs": "CZ", "nl": "NL", "en": "US", "bg": "BG", "pt": "PT", "lt": "LT", "lv": "LV",
    "et": "EE", "tr": "TR",
}  # fmt: skip
NUMBER = re.compile(r"(?<![\w.,/@#№-])(?:\+|00)?\(?\d(?:[\s().\-–—‑/\u00a0]{0,3}\d){5,14}(?![\w%])")
PHONE_WORD = re.compile(
    r"тел|phone|call|звон|факс|fax|mobil|моб|whats|viber|\bт\.|^t[:.]|tel|ruf|горяч|contact|"
    r"контакт|hotline|toll|free|cell|office",
    re.IGNORECASE,
)
NOT_PHONE = re.compile(
    r"инн|огрн|кпп|бик|р/с|к/с|расч[её]тн|корр|окпо|арт(?:икул|\.)|sku|isbn|ean|gtin|iban|"
    r"konto|ust|vat|код\s*товара|номер\s*заказа|item|"
    r"model|модель|лиценз|license|свидетельств|окато|оквэд|hrb|siret|rcs|abn\b|order|part\s*(?:no|number)|№",
    re.IGNORECASE,
)
DATE = re.compile(r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$|^(?:19|20)\d\d\s*[-–—]\s*(?:19|20)\d\d$")


@dataclass(frozen=True)
class FoundPhone:
    number: str
    """E.164."""
    confidence: float
    snippet: str


def find_phones(html: str, page_url: str) -> list[FoundPhone]:
    """The numbers a reader could call, the surest first."""
    document = open_document(html, page_url)
    country = country_of(document)
    best: dict[str, FoundPhone] = {}
    for raw, certainty, snippet in _candidates(document):
        number = _e164(raw, country)
        if number and (number not in best or best[number].confidence < certainty):
            best[number] = FoundPhone(number, certainty, snippet[:160])
    return sorted(best.values(), key=lambda phone: -phone.confidence)


def country_of(document: Document) -> str:
    """The country whose numbers a page writes without a code: by its domain, else by its language."""
    suffix = document.host.rpartition(".")[2].lower()
    if suffix in COUNTRY_OF_SUFFIX:
        return COUNTRY_OF_SUFFIX[suffix] or COUNTRY_OF_LANGUAGE.get(document.language, "US")
    if suffix.upper() in phonenumbers.SUPPORTED_REGIONS:
        return suffix.upper()
    return COUNTRY_OF_LANGUAGE.get(document.language, "US")


def _candidates(document: Document) -> Iterator[tuple[str, float, str]]:
    for anchor in document.anchors:
        if anchor.href.lower().startswith(("tel:", "callto:", "phone:")):
            yield unquote(anchor.href.partition(":")[2]).lstrip("/"), 0.95, anchor.text
    for element in document.having("telephone", "//*[@itemprop='telephone']"):
        yield element.get("content") or inner_text(element), 0.9, inner_text(element)[:80]
    for node in json_ld.read_nodes(document):
        if isinstance(phone := node.get("telephone"), str):
            yield phone, 0.85, ""
    yield from _in_text(document)


def _in_text(document: Document) -> Iterator[tuple[str, float, str]]:
    before = ""
    for line in document.lines:
        text = line.separated.replace(SEPARATOR, "")[:5000] or line.text
        for found in NUMBER.finditer(text):
            lead = text[max(0, found.start() - 40) : found.start()] or before[-40:]
            certainty = _certainty(found.group(), lead, text)
            if certainty:
                yield found.group(), certainty, text[max(0, found.start() - 50) : found.end() + 20].strip()
        before = line.text


def _certainty(raw: str, lead: str, line: str) -> float:
    """How much a run of digits looks like a number to call; 0 when it is something else."""
    digits = re.sub(r"\D", "", raw)
    words = NOT_PHONE.search(lead[-25:])
    if DATE.match(raw.strip()) or words or len(digits) < 7 or len(set(digits)) < 3:
        return 0.0
    grouped = bool(re.search(r"[\s()\-–—‑.]", raw.strip()))
    if PHONE_WORD.search(lead):
        return 0.8
    if raw.startswith("+") or (raw.startswith(("8", "7", "(")) and grouped):
        return 0.75
    return 0.6 if grouped and (len(line) < 60 or "(" in raw) and len(digits) >= 9 else 0.0


def _e164(raw: str, country: str) -> str | None:
    raw = re.sub(r"[–—‑]", "-", raw)
    for text, region in _readings(raw, country):
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return None


def _readings(raw: str, country: str) -> Iterator[tuple[str, str]]:
    yield raw, country
    digits = re.sub(r"\D", "", raw)
    # Links often leave the plus out, and Russian pages write 8 where +7 is meant.
    if not raw.strip().startswith("+") and len(digits) >= 11:
        yield f"+{digits}", country
    if digits.startswith("8") and len(digits) == 11:
        yield f"+7{digits[1:]}", "RU"
    # A number with its trunk zero on a page in Russian is Ukrainian or Belarusian: Russian ones have none.
    if digits.startswith("0") and len(digits) == 10 and country in ("RU", "BY"):
        yield f"+375{digits[1:]}" if country == "BY" else f"+38{digits}", country
