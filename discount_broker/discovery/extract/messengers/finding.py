"""The shop's own accounts in messengers; links that share the page are not among them."""

import re
from collections.abc import Iterator
from itertools import islice

from discount_broker.discovery.extract.messengers.links import FoundMessenger, is_messenger, read_link
from discount_broker.discovery.extract.pages.page import Document, open_document
from discount_broker.discovery.extract.phones.finding import numbers_in
from discount_broker.discovery.extract.products import json_ld

__all__ = ["FoundMessenger", "find_messengers", "read_link"]

NAMES = {
    "whatsapp": "whatsapp", "whats app": "whatsapp", "вотсап": "whatsapp", "ватсап": "whatsapp",
    "вацап": "whatsapp", "viber": "viber", "вайбер": "viber", "telegram": "telegram",
    "телеграм": "telegram", "skype": "skype", "скайп": "skype",
}  # fmt: skip
NAME = re.compile("|".join(NAMES), re.IGNORECASE)
BETWEEN = re.compile(r"^(?:[мa]{0,2}[\s/,;&|+·•]{0,4}(?:и|или|and|or|und|oder|et|y)?[\s/,;&|+·•]{0,4})$")
BESIDE = re.compile(
    r"^[мapпчat]{0,4}\W{0,8}(?:(?:есть|в|на|по|номер\w*|тел\w*|number|phone|nr)\b\W{0,4}){0,2}$"
)
CALLED = re.compile(r"^\w{0,3}\s{0,2}:?\s{0,3}@([A-Za-z]\w{4,31})\b")
SKYPE_NAME = re.compile(r"^\w{0,2}\s{0,2}[:–—-]\s{0,8}((?:live:)?[A-Za-z][\w.:-]{5,31})(?![\w@])")
PRINTED = re.compile(r"(?<![\w.@/-])(?:t|wa|vk)\.me/[\w+]{3,64}")
WRITTEN = re.compile(r"\.me/[\w+@%?=&;-]{3,100}")
WRITTEN_HOST = re.compile(r"//((?:www\.)?(?:t|wa|vk|telegram))$")
INSIDE_TAG = re.compile(r"<[a-zA-Z][^<>]*$")
INVITES = re.compile(r"напи[сш]|сообщени|\bчат|write|message", re.IGNORECASE)
MOST_LINKS = 500


def find_messengers(html: str, page_url: str) -> list[FoundMessenger]:
    """Accounts by which the shop can be written to, in document order."""
    document = open_document(html, page_url)
    found: dict[tuple[str, str], FoundMessenger] = {}
    for account in islice(_accounts(document), MOST_LINKS):
        found.setdefault((account.kind, account.handle.lower()), account)
    return list(found.values())


def _accounts(document: Document) -> Iterator[FoundMessenger]:
    linked = {
        anchor.href: anchor
        for anchor in document.anchors
        if ":" in anchor.href[:10] or anchor.href.startswith("//")
        if is_messenger(anchor.href)
    }
    for href, anchor in islice(linked.items(), MOST_LINKS):
        if account := read_link(href, invites=bool(INVITES.search(anchor.text))):
            yield account
    yield from _printed(document)
    if document.html.count(".me/") > len(linked):
        yield from _behind_buttons(document.html)
        yield from _in_metadata(document)


def _behind_buttons(markup: str) -> Iterator[FoundMessenger]:
    """Links in attributes that scripts follow (`onclick`, `data-href`), numbers in the scripts themselves."""
    for found in islice(WRITTEN.finditer(markup), MOST_LINKS):
        before = markup[max(0, found.start() - 500) : found.start()]
        host = WRITTEN_HOST.search(before[-20:])
        if not host or before.rfind("<!--") > before.rfind("-->"):
            continue
        is_number = host.group(1) == "wa"
        if (is_number or INSIDE_TAG.search(before)) and (
            account := read_link(f"https:{host.group()}{found.group()}")
        ):
            yield account


def _in_metadata(document: Document) -> Iterator[FoundMessenger]:
    for node in json_ld.read_nodes(document):
        same = node.get("sameAs")
        for link in (same if isinstance(same, list) else [same])[:50]:
            if isinstance(link, str) and (account := read_link(link)):
                yield account


def _printed(document: Document) -> Iterator[FoundMessenger]:
    """`WhatsApp/Viber: +7 …`, `Telegram: @shop`, `Skype: shop`, `t.me/shop` as plain text."""
    text = document.text
    if ".me/" in text:
        for found in islice(PRINTED.finditer(text), MOST_LINKS):
            if account := read_link(f"https://{found.group()}"):
                yield account
    lowered = text.lower()
    if any(name in lowered for name in NAMES):
        for found in islice(NAME.finditer(text), MOST_LINKS):
            start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
            end = min(end if end >= 0 else len(text), found.end() + 120)
            yield from _named_beside(text[max(start, found.start() - 120) : end], found.group(), document)


def _named_beside(line: str, name: str, document: Document) -> Iterator[FoundMessenger]:
    """What stands right after the name of a messenger, or a number right before it."""
    kind, place = NAMES[name.lower()], line.find(name)
    after = line[place + len(name) :]
    if kind == "telegram" and (called := CALLED.match(after)):
        yield from _read(f"https://t.me/{called.group(1)}")
    elif kind == "skype" and (called := SKYPE_NAME.match(after)):
        yield from _read(f"skype:{called.group(1)}")
    elif kind != "skype":
        for number, start, end in numbers_in(line, document):
            gap = line[end:place] if end <= place else line[place + len(name) : start]
            if BESIDE.match(NAME.sub("", gap)) or BETWEEN.match(NAME.sub("", gap)):
                yield FoundMessenger(kind, number)
                return


def _read(link: str) -> Iterator[FoundMessenger]:
    if account := read_link(link):
        yield account
