"""What an entry of a company list comes to: a shop and its doors, and what is wrong with the rest. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from discount_broker.kernel.errors import Refused
from discount_broker.kernel.urls import find_link, registrable_domain
from discount_broker.shops.extract.directory import BadEntry, Entry
from discount_broker.shops.extract.spelling import normal_value
from discount_broker.shops.status import ContactKind

FOR_BUYERS = re.compile(
    r"^(?:info|hello|hi|contact(?:us)?|kontakt|mail|office|team|sales|shop|store|order|zakaz|opt|sale|help"
    r"|support|service|servis|care|customer|client|kunden|verkauf|vertrieb|bestell|vente|ventas|ask|post"
    r"|biuro|sklep|obchod|magazin)\w*(?:[.-](?:service|care|support))?@"
    r"|/(?:contact|kontakt|contatti|contacto|feedback|support|obratnaya|svyaz)",
    re.IGNORECASE,
)
"""Addresses and pages for whoever wants to buy something, or has."""
NOT_FOR_BUYERS = re.compile(
    r"privac|datenschutz|data.?protect|gdpr|dsgvo|rgpd|ccpa|lopd|lgpd|dsar|opt-?out|betroffen|auskunft"
    r"|(?:^|[._/-])(?:dpo|dsb|sar|fdpo)(?=[@._/-]|$)|personal.?data|persdat|personuppgift|osobni|donnees"
    r"|gegevens|privatezza|data.?(?:request|subject|rights)|legal|compliance|abuse|security|no-?reply"
    r"|webmaster|postmaster|delete|loesch",
    re.IGNORECASE,
)
"""Those for whoever asks about their own data, and for machines."""
FAMILIAR, UNCLEAR, FOREIGN = 0.3, 0.2, 0.1
"""What a list is worth: less than a page of the shop, and little where it names an office of another kind."""
DOMAIN = re.compile(r"(?:[a-z0-9_-]+\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)")
WRONG = {
    "email_invalid": "is no e-mail address",
    "phone_unclear": "is no phone number we can read",
    "link_missing": "is no web link",
    "link_not_web": "is no web link",
    "link_too_long": "is too long for a link",
}


@dataclass(frozen=True)
class ListedDoor:
    kind: ContactKind
    value: str
    confidence: float
    source: str
    """The page the list names, or nothing."""


@dataclass
class Company:
    """All that a list says of one domain."""

    domain: str
    home_url: str
    name: str
    country: str | None
    language: str | None
    doors: dict[tuple[ContactKind, str], ListedDoor] = field(default_factory=dict)


def read_company(
    entry: Entry, country_of: Callable[[str], str | None]
) -> tuple[Company | None, list[BadEntry]]:
    """The company of an entry, None without a site; and what could not be used of it.

    `country_of` guesses the country of a domain where the list names none.
    """
    try:
        home_url, domain = _home(entry.site)
    except Refused:
        return None, [BadEntry(entry.where, f"{_shown(entry.site)} is no site")]
    country = entry.country or country_of(domain)
    company = Company(domain, home_url, entry.name, country, entry.language or None)
    bad = []
    for kind, text in _ways(entry):
        try:
            value = normal_value(kind, text, country)
        except Refused as refused:
            bad.append(BadEntry(entry.where, f"{_shown(text)} {WRONG.get(refused.code, 'cannot be used')}"))
            continue
        company.doors.setdefault(
            (kind, value), ListedDoor(kind, value, _confidence(kind, value), entry.source)
        )
    return company, bad


def _home(site: str) -> tuple[str, str]:
    link = find_link(site)
    domain = registrable_domain(link)
    if not DOMAIN.fullmatch(domain):
        raise Refused("link_missing")
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}/", domain


def _ways(entry: Entry) -> Iterator[tuple[ContactKind, str]]:
    for kind, texts in (
        (ContactKind.EMAIL, entry.emails),
        (ContactKind.PHONE, entry.phones),
        (ContactKind.FORM, entry.forms),
    ):
        for text in texts:
            yield kind, text


def _confidence(kind: ContactKind, value: str) -> float:
    if kind is ContactKind.PHONE:
        return FAMILIAR
    if NOT_FOR_BUYERS.search(value):
        return FOREIGN
    return FAMILIAR if FOR_BUYERS.search(value) else UNCLEAR


def _shown(text: str) -> str:
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"
