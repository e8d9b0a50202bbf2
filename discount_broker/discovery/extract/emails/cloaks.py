"""Addresses in the attributes that mail cloaks of shop systems leave for their scripts."""

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote

from discount_broker.discovery.extract.emails.addresses import ADDRESS, has_known_suffix, rot13
from discount_broker.discovery.extract.emails.expressions import of_base64
from discount_broker.discovery.extract.emails.scripts import in_code
from discount_broker.discovery.extract.emails.sources import Sighting
from discount_broker.discovery.extract.pages.page import Document, inner_text, is_hidden

MOST_CLOAKS = 300
NAMED_MAIL = re.compile(r"data-(?!cfemail)[\w-]{0,20}mail")
ON_CLICK = re.compile(r"(?:location|open\(|onclick|\.href)[^<>]{0,20}mailto:", re.IGNORECASE)
CRYPTED = re.compile(
    r"(?:Un|De)?Crypt(?:ed)?(?:Mailto|X)?\w{0,10}\(\s?['\"]([^'\"]{5,300})['\"]", re.IGNORECASE
)
CRYPT_RANGES = ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A))
SCRIPTED = ("javascript:", "Javascript:", "JavaScript:", "JAVASCRIPT:")
PAIRS = re.compile(r"^(?:\d[^\d]|\d\d)+$")
USERS = ("data-user", "data-name", "data-login", "data-local", "data-u", "data-username", "data-part1")
HOSTS = ("data-domain", "data-host", "data-d", "data-website", "data-server", "data-part2")
ENDINGS = ("data-tld", "data-zone", "data-ext", "data-part3")
SPLIT_MARK = re.compile(r"data-(?:host|user|website|server|name|u|d)\b")
SPLIT = "//*[@data-domain or @data-host or @data-website or @data-server or (@data-d and @data-u)]"
NAMED_AFTER_MAIL = "//@*[starts-with(name(), 'data-') and contains(name(), 'mail')]"
AT_PICTURE = re.compile(r"^(?:@|\(?at\)?|\[at\]|собака)$", re.IGNORECASE)
LOCAL_END = re.compile(r"([\w.+-]{1,64})\s?$")
DOMAIN_START = re.compile(r"^\s?([\w-]{1,63}(?:\.[\w-]{1,63}){1,4})")


def in_cloaks(document: Document, marks: str) -> Iterator[Sighting]:
    """Every known cloak; the page is walked only for those whose mark it holds."""
    if "cfemail" in marks or "email-protection#" in marks:
        yield from _cloudflare(document)
    if "hidden-mail" in marks:
        yield from _joomla(document)
    if NAMED_MAIL.search(marks):
        yield from _in_attributes(document)
    if "data-domain" in document.html or SPLIT_MARK.search(marks):
        yield from _split(document)
    is_pressed = "onclick" in marks or "location" in marks or "open(" in marks
    yield from _in_handlers(document, has_handlers=is_pressed and bool(ON_CLICK.search(marks)))
    if _has_picture(document.html) or "alt='@'" in marks:
        yield from _pictured(document)


def _cloudflare(document: Document) -> Iterator[Sighting]:
    for element in islice(document.tree.xpath("//*[@data-cfemail]"), MOST_CLOAKS):
        yield _of_cloudflare(element.get("data-cfemail"))
    for anchor in document.anchors:
        if "/cdn-cgi/l/email-protection#" in anchor.href:
            yield _of_cloudflare(anchor.href.rpartition("#")[2])


def _of_cloudflare(code: str) -> Sighting:
    try:
        raw = bytes.fromhex(code.strip()[:600])
        address = bytes(byte ^ raw[0] for byte in raw[1:]).decode("utf-8", "replace") if raw else ""
    except ValueError:
        address = ""
    return Sighting(html.unescape(address).partition("?")[0], "cfemail", 0.9, "")


def _joomla(document: Document) -> Iterator[Sighting]:
    """`<joomla-hidden-mail first="…" last="…">`, both parts in base64."""
    for element in islice(document.tree.iter("joomla-hidden-mail"), MOST_CLOAKS):
        first, last = (of_base64(element.get(part) or "") for part in ("first", "last"))
        if first and last:
            yield Sighting(f"{first}@{last}", "obfuscated", 0.85, "")


def _in_attributes(document: Document) -> Iterator[Sighting]:
    """`data-email` and its like: plain, in base64, turned round or moved by thirteen letters."""
    for value in islice(document.tree.xpath(NAMED_AFTER_MAIL), MOST_CLOAKS):
        element, name = value.getparent(), value.attrname
        if name == "data-cfemail" or is_hidden(element) or element.tag in ("input", "textarea"):
            continue
        if name == "data-mailto-token":
            yield from _decrypted(unquote(value[:600]), element.get("data-mailto-vector") or "")
        elif address := _uncloaked(value, document.host):
            yield Sighting(address, "obfuscated", 0.7, inner_text(element)[:80])


def _uncloaked(value: str, host: str) -> str:
    value = unquote(value.strip()[:400]).removeprefix("mailto:").replace("[at]", "@").replace("(at)", "@")
    if "@" not in value:
        value = of_base64(value).removeprefix("mailto:")
    for reading in (value, rot13(value), value[::-1]):
        found = ADDRESS.fullmatch(reading)
        if found and has_known_suffix(found.group(2), host):
            return reading
    return ""


def _split(document: Document) -> Iterator[Sighting]:
    """Name and host in attributes of their own, joined by the page's script or its style sheet."""
    for element in islice(document.tree.xpath(SPLIT), MOST_CLOAKS):
        name, host, ending = (_first(element, names) for names in (USERS, HOSTS, ENDINGS))
        domain = f"{host}.{ending}" if ending and "." not in host else host
        if not name or "." not in domain or is_hidden(element):
            continue
        plain, turned = f"{name}@{domain}", f"{name[::-1]}@{domain[::-1]}"
        is_turned = not has_known_suffix(domain, document.host)
        yield Sighting(turned if is_turned else plain, "obfuscated", 0.7, inner_text(element)[:80])


def _first(element: Any, names: tuple[str, ...]) -> str:
    return next((value.strip() for name in names if (value := element.get(name))), "")


def _in_handlers(document: Document, *, has_handlers: bool) -> Iterator[Sighting]:
    """Addresses that links and buttons put together when they are pressed."""
    links = [anchor.href for anchor in document.anchors]
    codes = [link[11:] for link in links if link.startswith(SCRIPTED)]
    if has_handlers:
        codes += document.tree.xpath("//@onclick | //@onmouseover")
    for code in (unquote(written[:3000]) for written in codes[:MOST_CLOAKS]):
        if crypted := CRYPTED.search(code):
            yield from _decrypted(crypted.group(1), "")
        elif "mail" in code.lower() or "@" in code:
            yield from in_code(f"location={code}" if code.startswith(("'", '"')) else code)


def _decrypted(text: str, offset: str) -> Iterator[Sighting]:
    """Letters moved along by a few places, by one number for all or each by its own."""
    if PAIRS.match(text) and len(text) % 2 == 0:
        moves = zip(text[::2], text[1::2], strict=True)
        yield Sighting(
            "".join(chr(max(32, ord(letter) - int(by))) for by, letter in moves), "script", 0.8, ""
        )
        return
    by_hand = int(offset) if re.fullmatch(r"-?\d{1,2}", offset) else None
    for by in range(-25, 26) if by_hand is None else (by_hand, -by_hand):
        moved = "".join(_moved(letter, by) for letter in text)
        if by and moved.startswith("mailto:"):
            yield Sighting(moved.removeprefix("mailto:").partition("?")[0], "script", 0.85, "")
    plain = "".join(chr(max(32, ord(letter) - 1)) for letter in text)
    if plain.startswith("mailto:"):
        yield Sighting(plain.removeprefix("mailto:").partition("?")[0], "script", 0.85, "")


def _moved(letter: str, offset: int) -> str:
    code = ord(letter)
    for low, high in CRYPT_RANGES:
        if low <= code <= high:
            return chr(low + (code - low + offset) % (high - low + 1))
    return letter


def _has_picture(markup: str) -> bool:
    """`alt="@"` stands in the page: going from sign to sign takes a tenth of looking for all of it."""
    place = markup.find("@")
    while place >= 0 and not markup.startswith('alt="@"', place - 5):
        place = markup.find("@", place + 1)
    return place >= 0


def _pictured(document: Document) -> Iterator[Sighting]:
    """A picture in place of the sign: `info<img alt="@">shop.de`."""
    for element in islice(document.tree.xpath("//img[@alt]"), 1000):
        if not AT_PICTURE.match((element.get("alt") or "").strip()):
            continue
        before, parent = element.getprevious(), element.getparent()
        said = (before.tail if before is not None else parent.text if parent is not None else "") or ""
        local, domain = LOCAL_END.search(said[-80:]), DOMAIN_START.match((element.tail or "")[:200])
        if local and domain:
            yield Sighting(f"{local.group(1)}@{domain.group(1)}", "obfuscated", 0.75, said[-60:])
