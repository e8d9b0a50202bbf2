"""Addresses that a page's script puts together before the reader's eyes."""

import html
import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote

from discount_broker.discovery.extract.emails.addresses import ADDRESS, rot13
from discount_broker.discovery.extract.emails.expressions import evaluate, of_codes, unescaped
from discount_broker.discovery.extract.emails.sources import Sighting
from discount_broker.discovery.extract.pages.page import Document

LONGEST_SCRIPT = 20_000
LONGEST_TOGETHER = 80_000
"""Characters of scripts read on one page."""
MOST_PARTS = 400
AT_SIGN = re.compile(r"@(?!(?:type|context|id|graph|media|import|font-face|keyframes|supports)\b)")
NUMBERED_SIGNS = ("%40", "x40", "0040", "#64", "(64", ",64", ", 64")
WRITES = ("document.write", "innerHTML", "fromCharCode", "cloak", "addy", "znvygb", "mailto", "eval(")
WRITES_MAIL = (
    ".href", "location", ".html(", ".append(", ".text(", ".attr(", "textContent", "innerText", "mail(",
    "Mail(", "spam(",
)  # fmt: skip
"""Ways to write that scripts use for everything: worth a look beside the word mail alone."""
NAMED = re.compile(r"(?<![\w$.'\"-])([A-Za-z_$][\w$]{0,60})\s{0,9}(\+?)=(?![=>])")
WRITE = re.compile(
    r"(?:document\.write(?:ln)?\s{0,3}\(|(?:innerHTML|innerText|textContent|\.href|location)\s{0,3}\+?=(?!=)|"
    r"\.(?:html|append|text)\(|\.attr\(\s?['\"]href['\"]\s?,|setAttribute\(\s?['\"]href['\"]\s?,|eval\(|"
    r"window\.open\(|\breturn\b)"
)
CONTINUED = re.compile(r"(?<=[+,(\[])[ \t]{0,40}\r?\n\s{0,80}|[ \t]{0,40}\r?\n\s{0,80}(?=\+[^+])")
CODE_LIST = re.compile(r"[\[(]\s?((?:['\"]?\d{2,3}['\"]?\s?,\s?){5,400}['\"]?\d{2,3}['\"]?)\s?[\])]")
PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){8,4000}")
TURNED = re.compile(r"znvygb:([\w.+-]{1,64}@[\w.-]{3,190})")
CALL = re.compile(
    r"(?:[Mm]ail|MAIL|[Ee]ml|[Ss]pam)\w{0,20}\s?\(\s?['\"]([\w.+-]{1,64})['\"]\s?,\s?"
    r"['\"]([\w.-]{1,190})['\"](?:\s?,\s?['\"]([a-z]{2,12})['\"])?"
)
PAIRED = re.compile(r"ml\s?=\s?\"((?:[^\"\\]|\\.){5,600})\"\s?,\s?mi\s?=\s?\"((?:[^\"\\]|\\.){5,4000})\"")
TAGS = re.compile(r"<[^<>]{0,300}>")


def in_scripts(document: Document) -> Iterator[Sighting]:
    """What simple inline scripts write: joined literals, character codes, known mail cloaks."""
    left = LONGEST_TOGETHER
    for script in document.tree.iter("script"):
        text = script.text
        if not text or len(text) > LONGEST_SCRIPT or not _may_write(text):
            continue
        if "json" in (script.get("type") or ""):
            continue
        if (left := left - len(text)) < 0:
            return
        yield from in_code(text)


def _may_write(script: str) -> bool:
    """Whether a script holds the sign of an address and any way to write one."""
    if not ("@" in script and AT_SIGN.search(script)) and not _holds_other_sign(script):
        return False
    return any(way in script for way in WRITES) or (
        ("mail" in script or "Mail" in script or "spam(" in script)
        and any(way in script for way in WRITES_MAIL)
    )


def _holds_other_sign(script: str) -> bool:
    if ("64" in script or "40" in script) and any(sign in script for sign in NUMBERED_SIGNS):
        return True
    return "atob(" in script or "ail(" in script or "pam(" in script


def in_code(script: str) -> Iterator[Sighting]:
    """The addresses that a piece of script puts together."""
    for written in _written(CONTINUED.sub("", script)):
        yield from (Sighting(raw, "script", 0.75, "") for raw in islice(_addresses(written), 50))


def _written(script: str) -> Iterator[str]:
    names: dict[str, str] = {}
    for found in islice(NAMED.finditer(script), MOST_PARTS):
        name, plus = found.groups()
        names[name] = ((names.get(name, "") if plus else "") + evaluate(script, found.end(), names))[:4000]
    for found in islice(WRITE.finditer(script), MOST_PARTS):
        yield evaluate(script, found.end(), names)
    if re.search(r"cloak|addy|mailto", script, re.IGNORECASE):
        yield from names.values()
    yield from _known_cloaks(script)


def _known_cloaks(script: str) -> Iterator[str]:
    for found in islice(CODE_LIST.finditer(script), MOST_PARTS):
        yield of_codes(re.findall(r"\d+", found.group(1)))
    for found in islice(PERCENT.finditer(script), MOST_PARTS):
        yield unquote(found.group())
    for found in islice(TURNED.finditer(script), MOST_PARTS):
        yield rot13(found.group(1))
    for found in islice(CALL.finditer(script), MOST_PARTS):
        local, host, ending = found.groups()
        yield f"{local}@{host}.{ending}" if ending and "." not in host else f"{local}@{host}"
    for found in islice(PAIRED.finditer(script), MOST_PARTS):
        yield _picked(unescaped(found.group(1)), unescaped(found.group(2)))


def _picked(letters: str, places: str) -> str:
    """A cloak of WordPress: an alphabet, and the place of each letter in it counted from `0`."""
    chosen = (ord(place) - 48 for place in places)
    return unquote("".join(letters[place] for place in chosen if 0 <= place < len(letters)))


def _addresses(written: str) -> Iterator[str]:
    if "@" not in written and "&" not in written:
        return
    text = html.unescape(written)
    for shown in (text, TAGS.sub("", text)):
        for found in ADDRESS.finditer(shown.replace("mailto:", " ")):
            yield found.group()
