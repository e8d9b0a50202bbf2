"""Where addresses stand openly on a page: links, text, metadata, forms."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import unquote

from discount_broker.discovery.extract.emails.addresses import ADDRESS
from discount_broker.discovery.extract.pages.page import (
    SEPARATOR,
    Document,
    Line,
    inner_text,
    is_hidden,
    squeeze,
)
from discount_broker.discovery.extract.vocabulary import words

MOST_IN_A_LINE = 300
MOST_SIGNS = 20_000
MOST_MAILS = 3_000
HIDING = words("hidden hide d-none invisible nospam no-spam displaynone display-none visually-hidden")
MARKED = re.compile(r"prop(?:erty)?\s?=\s?['\"]?(?:schema:|og:|business:contact_data:)?email")
MARKED_PATHS = (
    "//*[@itemprop='email' or @property='email' or @property='schema:email' or @property='og:email' "
    "or @property='business:contact_data:email']"
)
MAIL_FORM = re.compile(r"action\s?=\s?['\"]?\s?mailto:", re.IGNORECASE)
MAILTO = ("mailto", "Mailto", "MailTo", "MAILTO")
NEAR = 40
TURNED_STYLE = re.compile(r"([.#][\w-]{1,60})[^{}]{0,100}\{[^{}]{0,300}bidi-override")


@dataclass(frozen=True)
class Sighting:
    """Something that may be an address, and where it was seen."""

    raw: str
    source: str
    certainty: float
    snippet: str


def around_mail(markup: str) -> str:
    """The surroundings of each `mail` in the source: nearly all hiding places are named after it."""
    pieces: list[str] = []
    place = markup.find("mail")
    while place >= 0 and len(pieces) < MOST_MAILS:
        pieces.append(markup[max(0, place - NEAR) : place + NEAR])
        place = markup.find("mail", place + 4)
    return "\n".join(pieces)


def in_links(document: Document) -> Iterator[Sighting]:
    for anchor in document.anchors:
        if anchor.href.startswith(MAILTO):
            yield from _of_mailto(anchor.href[6:].lstrip(":"), anchor.text)


def in_forms(document: Document, marks: str) -> Iterator[Sighting]:
    """Forms that write a mail."""
    for form in document.tree.iter("form") if MAIL_FORM.search(marks) else ():
        action = (form.get("action") or "").strip()
        if action.startswith(MAILTO):
            yield from _of_mailto(action[6:].lstrip(":"), "")


def _of_mailto(rest: str, text: str) -> Iterator[Sighting]:
    target, _, query = html.unescape(unquote(rest[:2000])).partition("?")
    if not target.strip() and (to := re.search(r"(?:^|&)to=([^&]+)", query)):
        target = to.group(1)
    for one in re.split(r"[,;]", target)[:20]:
        plain = re.sub(r"\s?[(\[]\s?(?:at|@)\s?[)\]]\s?", "@", one)
        found = ADDRESS.search(plain.strip().lstrip("/"))
        yield Sighting(found.group() if found else plain.strip(), "mailto", 0.9, text)


def in_text(document: Document) -> Iterator[Sighting]:
    """Addresses as they are read; over several elements only where none stands in one of them."""
    text = document.text
    if "@" not in text and "＠" not in text:
        return
    number, counted, last = 0, 0, -1
    for found in islice(re.finditer("[@＠]", text), MOST_SIGNS):
        number, counted = number + text.count("\n", counted, found.start()), found.start()
        if number != last:
            yield from _in_line(document.lines[number])
        last = number


def _in_line(line: Line) -> Iterator[Sighting]:
    whole = line.separated.replace("＠", "@")
    alone = [found.group() for found in islice(ADDRESS.finditer(whole), MOST_IN_A_LINE)]
    for address in alone:
        yield Sighting(address, "text", 0.85, _around(line.text, address))
    if SEPARATOR not in whole:
        return
    if _joined(whole.replace(SEPARATOR, ""), alone):
        shown = _without_hidden(line, whole)
        yield from (
            Sighting(address, "text", 0.75, _around(line.text, address)) for address in _joined(shown, alone)
        )


def _joined(text: str, known: list[str]) -> list[str]:
    """Addresses in a text, without those that hold one known before."""
    found = [found.group() for found in islice(ADDRESS.finditer(squeeze(text)), MOST_IN_A_LINE)]
    return [address for address in found if not any(one in address for one in known)]


def _without_hidden(line: Line, whole: str) -> str:
    """The line as one text, without the pieces that a cloak puts in and hides again."""
    block = line.element.getparent() if line.element.getparent() is not None else line.element
    for element in islice(block.iter(), 60):
        text = element.text if isinstance(element.tag, str) else None
        if (
            text
            and len(text) < 60
            and (is_hidden(element) or HIDING & set((element.get("class") or "").split()))
        ):
            whole = whole.replace(f"{SEPARATOR}{text}{SEPARATOR}", "")
    return whole.replace(SEPARATOR, "")


def reversed_text(document: Document) -> Iterator[Sighting]:
    """Text that a style sheet turns round, and the page's own host written from its end."""
    turned = f"{document.host[::-1]}@"
    if len(turned) > 4 and turned in document.text:
        for found in islice(re.finditer(re.escape(turned) + r"([\w.+-]{1,64})", document.text), 50):
            yield Sighting(found.group()[::-1], "obfuscated", 0.8, found.group()[::-1])
    if "bidi-override" not in document.html:
        return
    for element in islice(_turned_elements(document), 200):
        for found in ADDRESS.finditer(inner_text(element)[:1000][::-1]):
            yield Sighting(found.group(), "obfuscated", 0.8, found.group())


def _turned_elements(document: Document) -> Iterator[Any]:
    for element in document.tree.xpath("//*[contains(@style, 'bidi-override')]"):
        yield element
    names = {found.group(1) for found in islice(TURNED_STYLE.finditer(document.html), 20)}
    for element in document.tree.xpath("//*[@class or @id]") if names else ():
        own = {f".{name}" for name in (element.get("class") or "").split()} | {f"#{element.get('id')}"}
        if own & names:
            yield element


def in_microdata(document: Document, marks: str) -> Iterator[Sighting]:
    for element in document.tree.xpath(MARKED_PATHS) if MARKED.search(marks) else ():
        shown = inner_text(element)
        yield Sighting(element.get("content") or element.get("href") or shown, "microdata", 0.85, shown[:80])


def _around(text: str, address: str) -> str:
    place = text.find(address)
    return text[max(0, place - 60) : place + len(address) + 40].strip() if place >= 0 else text[:100]
