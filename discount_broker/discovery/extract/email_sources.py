"""Where addresses stand on a page and how they are disguised there."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from discount_broker.discovery.extract.addresses import ADDRESS
from discount_broker.discovery.extract.page import (
    SEPARATOR,
    Document,
    Line,
    inner_text,
    is_hidden,
    lines_of,
    squeeze,
)

AT = (
    r"(?:\(\s*(?:at|ät|arroba|собака|собачка|@|a)\s*\)|\[\s*(?:at|ät|собака|@|a)\s*\]|"
    r"\{\s*(?:at|собака|@)\s*\}|<\s*at\s*>|\|at\||_at_|＠)"
)
AT_HINT = re.compile(r"[@＠]|[\s(\[{<|_](?:at|ät|arroba|a|собака|собачка)[\s)\]}>|_]", re.IGNORECASE)
BARE_AT = r"(?:\s(?:AT|at|собака|ät)\s)"
DOT = r"(?:\(\s*(?:dot|punkt|точка|\.)\s*\)|\[\s*(?:dot|punkt|точка|\.)\s*\]|\{\s*(?:dot|точка|\.)\s*\})"
BARE_DOT = r"(?:\s(?:DOT|dot|точка|punkt)\s)"
LABEL = r"[^\W_](?:[\w-]{0,40}[^\W_])?"
AT_WORD = re.compile(
    rf"(?<![\w.@])([^\W_][\w.+-]{{0,40}})\s{{0,3}}{AT}\s{{0,3}}"
    rf"({LABEL}(?:\s{{0,3}}(?:\.|{DOT}|{BARE_DOT})\s{{0,3}}{LABEL}){{1,4}})",
    re.IGNORECASE,
)
SPELT_OUT = re.compile(
    rf"(?<![\w.@])([^\W_][\w.+-]{{0,40}}(?:{BARE_DOT}[\w-]{{1,30}}){{0,2}})(?:{BARE_AT}|\s{{0,2}}@\s{{0,2}})"
    rf"({LABEL}(?:(?:{BARE_DOT}|\s{{0,2}}{DOT}\s{{0,2}}){LABEL}){{1,3}})",
    re.IGNORECASE,
)
SPACED_AT = re.compile(
    rf"(?<![\w.@])([^\W_][\w.+-]{{1,40}})\s{{0,2}}@\s{{1,2}}({LABEL}(?:\.{LABEL}){{1,3}})(?!\w)"
)


DIRECTION = re.compile(r"bidi-override|direction:\s?rtl")
SPLIT_NAMES = re.compile(r"data-(?:domain|host|email|mail|name)\b")
SPLIT_ADDRESS = "//*[@data-domain or @data-host or @data-email or @data-mail or @data-name]"


@dataclass(frozen=True)
class Sighting:
    """Something that may be an address, and where it was seen."""

    raw: str
    source: str
    certainty: float
    snippet: str
    element: Any = None


def in_links(document: Document) -> Iterator[Sighting]:
    for anchor in document.anchors:
        scheme, _, rest = anchor.href.partition(":")
        if scheme.lower() == "mailto" or (
            not anchor.href.startswith("/") and anchor.href.lower().startswith("mailto")
        ):
            yield from _of_mailto(rest, anchor.text, anchor.element)


def _of_mailto(rest: str, text: str, element: Any) -> Iterator[Sighting]:
    target, _, query = html.unescape(unquote(rest)).partition("?")
    if not target.strip() and (to := re.search(r"(?:^|&)to=([^&]+)", query)):
        target = to.group(1)
    for one in re.split(r"[,;]", target):
        found = ADDRESS.search(one.strip().lstrip("/"))
        yield Sighting(found.group() if found else one.strip(), "mailto", 0.9, text, element)


def in_cloudflare(document: Document) -> Iterator[Sighting]:
    for element in document.having("data-cfemail", "//*[@data-cfemail]"):
        yield _cloudflare(element.get("data-cfemail"), element)
    for anchor in document.anchors:
        if "/cdn-cgi/l/email-protection#" in anchor.href:
            yield _cloudflare(anchor.href.rpartition("#")[2], anchor.element)


def _cloudflare(code: str, element: Any) -> Sighting:
    try:
        raw = bytes.fromhex(code.strip())
        address = bytes(byte ^ raw[0] for byte in raw[1:]).decode("utf-8", "replace") if raw else ""
    except ValueError:
        address = ""
    return Sighting(html.unescape(address).partition("?")[0], "cfemail", 0.9, "", element)


def in_text(document: Document) -> Iterator[Sighting]:
    """Addresses as they are read; over several elements only where none stands in one of them."""
    for line in document.lines:
        if "@" not in line.text and "＠" not in line.text:
            continue
        whole = line.separated.replace("＠", "@")
        alone = [found.group() for found in ADDRESS.finditer(whole)]
        for address in alone:
            yield Sighting(address, "text", 0.85, _around(line.text, address), line.element)
        joined = squeeze(whole.replace(SEPARATOR, ""))
        for found in ADDRESS.finditer(joined):
            if not any(address in found.group() for address in alone):
                yield Sighting(found.group(), "text", 0.75, _around(joined, found.group()), line.element)


def in_words(document: Document) -> Iterator[Sighting]:
    """`info (at) shop.de`, `info собака shop точка ru`."""
    for line in (*document.lines, *_without_script(document)):
        text = line.text[:3000]
        if len(text) < 7 or not AT_HINT.search(text):
            continue
        for pattern, certainty in ((AT_WORD, 0.8), (SPELT_OUT, 0.7), (SPACED_AT, 0.6)):
            for found in pattern.finditer(text):
                local, domain = (_without_dots(part) for part in found.groups())
                yield Sighting(
                    f"{local}@{domain}", "obfuscated", certainty, _around(text, found.group()), line.element
                )


def _without_script(document: Document) -> Iterator[Line]:
    """What a reader without scripts sees in place of what a script would write."""
    for element in document.tree.iter("noscript"):
        yield from lines_of(element)


def _without_dots(part: str) -> str:
    return re.sub(r"\s+", "", re.sub(rf"{DOT}|{BARE_DOT}", ".", part, flags=re.IGNORECASE))


def reversed_text(document: Document) -> Iterator[Sighting]:
    """Text that a style sheet turns round."""
    for element in document.tree.xpath("//*[@style]") if DIRECTION.search(document.html) else ():
        if not DIRECTION.search(element.get("style")):
            continue
        for found in ADDRESS.finditer(inner_text(element)[::-1]):
            yield Sighting(found.group(), "obfuscated", 0.8, found.group(), element)


def in_attributes(document: Document) -> Iterator[Sighting]:
    """Name and host in attributes of their own, joined by the page's script."""
    for element in document.tree.xpath(SPLIT_ADDRESS) if SPLIT_NAMES.search(document.html) else ():
        whole = element.get("data-email") or element.get("data-mail") or ""
        name = next(
            (
                element.get(key)
                for key in ("data-user", "data-name", "data-login", "data-local")
                if element.get(key)
            ),
            "",
        )
        host = element.get("data-domain") or element.get("data-host") or ""
        if "@" in whole:
            yield Sighting(whole, "obfuscated", 0.7, inner_text(element), element)
        elif name and "." in host and not is_hidden(element):
            yield Sighting(f"{name}@{host}", "obfuscated", 0.7, inner_text(element), element)


def in_microdata(document: Document) -> Iterator[Sighting]:
    for element in document.having(
        "prop", "//*[@itemprop='email' or @property='email' or @property='schema:email']"
    ):
        value = element.get("content") or element.get("href") or inner_text(element)
        yield Sighting(value, "microdata", 0.85, inner_text(element)[:80], element)


def _around(text: str, address: str) -> str:
    place = text.find(address)
    return text[max(0, place - 60) : place + len(address) + 40].strip() if place >= 0 else text[:100]
