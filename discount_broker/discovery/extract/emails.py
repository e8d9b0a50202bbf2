"""E-mail addresses of a page, the likeliest to read an order first."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from discount_broker.discovery.extract import email_scripts, email_sources, json_ld
from discount_broker.discovery.extract.addresses import (
    FREE_MAIL,
    STUDIO,
    has_known_suffix,
    is_own,
    is_real,
    rot13,
    same_name,
    tidy,
)
from discount_broker.discovery.extract.email_sources import Sighting
from discount_broker.discovery.extract.page import Document, open_document
from discount_broker.discovery.extract.vocabulary import words

GOOD_LOCAL = re.compile(
    r"^(?:sales?|zakaz\w*|orders?|shop|store|magazin|opt|b2b|verkauf|bestellung|vente|ventas|"
    r"commande|prodazh\w*|client\w*|"
    r"manager\w*|internet-?magazin|im|eshop|online)\b"
)
FAIR_LOCAL = re.compile(
    r"^(?:info|hello|hallo|contact\w*|kontakt\w*|contacto|mail|office|support|help|service|"
    r"kundenservice|customer[\w.-]*|"
    r"enquir\w+|inquir\w+|post|ask|care|welcome|team)\b"
)
POOR_LOCAL = re.compile(
    r"^(?:abuse|postmaster|hostmaster|webmaster|web|no-?reply|do-?not-?reply|noreply|privacy|"
    r"datenschutz|dpo|dsgvo|gdpr|legal|"
    r"security|jobs?|hr|careers?|karriere|bewerbung|press[e]?|pr|media|invoice|buh\w*|billing|"
    r"dev\w*|rabota|vacancy|resume|"
    r"reklama|marketing|seo|complaints?|unsubscribe|donations?|investor\w*|redaktion|newsletter)\b"
)
COMMON_ENDINGS = words("ru com org net de at uk ch fr info su ua by kz pl it es nl eu")
CONTACT_PAGE = re.compile(
    r"contact|kontakt|contatt|kontakty|impressum|imprint|about|rekvizit|feedback|o-nas|o-kompanii",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FoundEmail:
    address: str
    source: str
    """mailto, text, jsonld, microdata, cfemail, obfuscated or script."""
    confidence: float
    snippet: str


def find_emails(html: str, page_url: str) -> list[FoundEmail]:
    """The addresses a reader could find, the best for an order first."""
    document = open_document(html, page_url)
    best: dict[str, FoundEmail] = {}
    for sighting in _sightings(document):
        for found in _judged(sighting, document):
            known = best.get(found.address)
            if known is None or known.confidence < found.confidence:
                best[found.address] = replace(
                    found, snippet=found.snippet or (known.snippet if known else "")
                )
    kept = _without_glued(best)
    return sorted(kept, key=lambda email: -email.confidence)


def _sightings(document: Document) -> Iterator[Sighting]:
    yield from email_sources.in_links(document)
    yield from email_sources.in_cloudflare(document)
    yield from email_sources.in_text(document)
    yield from email_sources.in_microdata(document)
    yield from json_ld.emails(document)
    yield from email_sources.in_words(document)
    yield from email_sources.reversed_text(document)
    yield from email_sources.in_attributes(document)
    yield from email_scripts.in_scripts(document)
    yield from email_scripts.in_script_links(document)


def _judged(sighting: Sighting, document: Document) -> Iterator[FoundEmail]:
    address = tidy(sighting.raw)
    if address is None:
        return
    turned = rot13(address)
    domain, turned_domain = (one.rpartition("@")[2] for one in (address, turned))
    is_turned = is_own(turned_domain, document.host) or (
        not is_own(domain, document.host)
        and _is_gibberish(domain, document.host)
        and is_real(turned, document.host)
    )
    if is_turned and address.isascii():
        address, sighting = turned, replace(sighting, source="obfuscated")
    if is_real(address, document.host) and not _is_handle(sighting, address):
        yield FoundEmail(
            address, sighting.source, _confidence(address, sighting, document), sighting.snippet[:160]
        )


def _is_gibberish(domain: str, host: str) -> bool:
    """The ending exists seldom or nowhere, and ROT13 makes it a known one: `eh`, `pbz`, `bet`."""
    ending = domain.rpartition(".")[2]
    if rot13(ending) not in COMMON_ENDINGS:
        return False
    return not has_known_suffix(domain, host) or not re.search(r"[aeiou]", domain.rpartition(".")[0][:6])


def _is_handle(sighting: Sighting, address: str) -> bool:
    """`@name@server`: somebody in a federated network, not a mailbox."""
    return f"@{address}" in sighting.snippet.lower() and sighting.source == "text"


def _without_glued(found: dict[str, FoundEmail]) -> Iterable[FoundEmail]:
    """Without addresses that are another one with the words or digits beside it stuck to it."""
    for address, email in found.items():
        others = (other for other in found if other != address and other in address)
        glued = any(
            re.fullmatch(r".*[\d.)-]", address[: address.index(other)]) or address.endswith(other)
            for other in others
        )
        if not glued or email.source in ("mailto", "cfemail"):
            yield email


def _confidence(address: str, sighting: Sighting, document: Document) -> float:
    local, _, domain = address.rpartition("@")
    score = sighting.certainty - 0.25
    if is_own(domain, document.host):
        score += 0.25
    elif same_name(domain, document.host):
        score += 0.18
    elif domain in FREE_MAIL:
        score += 0.08 if CONTACT_PAGE.search(document.url) else 0.02
    score += _purpose(local)
    if sighting.source != "mailto" and STUDIO.search(sighting.snippet) and not is_own(domain, document.host):
        score -= 0.4
    return round(min(max(score, 0.02), 0.99), 2)


def _purpose(local: str) -> float:
    if GOOD_LOCAL.match(local):
        return 0.09
    if FAIR_LOCAL.match(local):
        return 0.06
    return -0.3 if POOR_LOCAL.match(local) else 0.0
