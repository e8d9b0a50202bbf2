"""E-mail addresses of a page, the likeliest to read an order first."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from discount_broker.discovery.extract.emails import at_words, cloaks, scripts, sources
from discount_broker.discovery.extract.emails.addresses import has_known_suffix, is_own, is_real, rot13, tidy
from discount_broker.discovery.extract.emails.ranking import confidence
from discount_broker.discovery.extract.emails.sources import Sighting
from discount_broker.discovery.extract.pages.page import Document, open_document
from discount_broker.discovery.extract.products import json_ld
from discount_broker.discovery.extract.vocabulary import words

COMMON_ENDINGS = words("ru com org net de at uk ch fr info su ua by kz pl it es nl eu")
MOST_SIGHTINGS = 2_000
"""A page with more is no shop's: a directory, or a trap."""


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
    for sighting in islice(_sightings(document), MOST_SIGHTINGS):
        for found in _judged(sighting, document):
            known = best.get(found.address)
            if known is None or known.confidence < found.confidence:
                best[found.address] = replace(
                    found, snippet=found.snippet or (known.snippet if known else "")
                )
    kept = _without_glued(best)
    return sorted(kept, key=lambda email: -email.confidence)


def _sightings(document: Document) -> Iterator[Sighting]:
    marks = sources.around_mail(document.html)
    yield from sources.in_links(document)
    yield from sources.in_text(document)
    yield from sources.in_microdata(document, marks)
    yield from sources.in_forms(document, marks)
    yield from cloaks.in_cloaks(document, marks)
    yield from json_ld.emails(document)
    yield from at_words.in_words(document)
    yield from sources.reversed_text(document)
    yield from scripts.in_scripts(document)


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
            address, sighting.source, confidence(address, sighting, document), sighting.snippet[:160]
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
