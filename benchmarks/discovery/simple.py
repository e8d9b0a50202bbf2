"""What a page gives up to a bare parse and one regular expression: the least a reader should beat."""

import re
from collections.abc import Iterator
from typing import Any

import phonenumbers
from lxml import etree, html

from benchmarks.discovery.corpus import Page
from benchmarks.discovery.ours import Answer

EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
PHONE = re.compile(r"(?:\+7|\b8)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}\b")
MESSENGER = re.compile(
    r"(?P<whatsapp>(?:wa\.me/|whatsapp\.com/send/?\?phone=)\+?)(?P<number>\d+)"
    r"|(?P<telegram>t\.me/)(?P<name>[A-Za-z0-9_]+)"
    r"|(?P<viber>viber://(?:chat|add)\?number=(?:\+|%2B)?)(?P<contact>\d+)"
)
REGION = "RU"
"""Where the pages with phones come from."""
UNSEEN = ("script", "style", "noscript", "template", "head")
DOORS = ("mailto:", "tel:")


def bare_parse(raw: bytes) -> Any:
    """A tree of the same bytes, and nothing else: no reader that needs a tree can be faster."""
    return html.document_fromstring(raw)


def rendered(page: Page) -> str:
    """The text of a page, roughly as a reader sees it, and where its links for mail and phones lead."""
    try:
        tree = html.document_fromstring(page.html.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:
        return ""
    etree.strip_elements(tree, *UNSEEN, etree.Comment, with_tail=False)
    links = [str(href) for each in tree.iter("a") if (href := each.get("href", "")).startswith(DOORS)]
    doors = (link.partition(":")[2].partition("?")[0] for link in links)
    return "\n".join((" ".join(map(str, tree.itertext())), *doors))


def emails(page: Page) -> Answer:
    return {"emails": _ranked(EMAIL.findall(rendered(page)))}


def phones(page: Page) -> Answer:
    found = (re.sub(r"\D", "", text) for text in PHONE.findall(rendered(page)))
    return {"phones": [{"number": f"+7{digits[1:]}"} for digits in dict.fromkeys(found)]}


def matched_phones(page: Page) -> Answer:
    """The matcher that comes with `phonenumbers`, over the rendered text."""
    matches = phonenumbers.PhoneNumberMatcher(rendered(page), REGION)
    numbers = (
        phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164) for match in matches
    )
    return {"phones": [{"number": number} for number in dict.fromkeys(numbers)]}


def messengers(page: Page) -> Answer:
    return {"messengers": [{"kind": kind, "handle": handle} for kind, handle in _accounts(page.html)]}


def _accounts(markup: str) -> Iterator[tuple[str, str]]:
    for match in MESSENGER.finditer(markup):
        kind = next(name for name in ("whatsapp", "telegram", "viber") if match[name])
        yield kind, next(filter(None, (match["number"], match["name"], match["contact"])))


def _ranked(addresses: list[str]) -> list[Answer]:
    """In the order of the page: the first is the best guess of one who cannot tell them apart."""
    unique = dict.fromkeys(address.lower() for address in addresses)
    return [{"address": address, "confidence": 1 / place} for place, address in enumerate(unique, 1)]
