"""Addresses that a page's script puts together before the reader's eyes."""

import html
import re
from collections.abc import Iterator

from discount_broker.discovery.extract.addresses import ADDRESS
from discount_broker.discovery.extract.email_sources import Sighting
from discount_broker.discovery.extract.page import Document

LONGEST_SCRIPT = 20_000
WRITES = re.compile(r"document\.write|innerHTML|\.href\s*=|mailto|cloak|addy|fromCharCode")
STRING = r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\""
TERM = re.compile(rf"{STRING}|[A-Za-z_$][\w$]*(?:\.fromCharCode\([\d,\sx]*\))?")
CHAR_CODES = re.compile(r"fromCharCode\(([\d,\s]{1,2000})\)")
CODE_LIST = re.compile(r"[\[(]\s*((?:['\"]?\d{2,3}['\"]?\s*,\s*){5,200}['\"]?\d{2,3}['\"]?)\s*[\])]")
STATEMENT = re.compile(
    rf"(?:var\s+|let\s+|const\s+)?([A-Za-z_$][\w$]*)\s*(\+?)=(?!=)\s*((?:{STRING}|[^;\n'\"]){{1,400}})"
)
WRITE = re.compile(
    rf"(?:document\.write(?:ln)?\s*\(|innerHTML\s*\+?=|\.href\s*=)\s*((?:{STRING}|[^;\n'\"]){{1,400}})"
)
TAGS = re.compile(r"<[^>]{0,300}>")
CRYPTED = re.compile(
    r"(?:UnCryptMailto|decryptCharcode|DeCryptMailto)\(\s*['\"](.{5,200}?)['\"]", re.IGNORECASE
)
CRYPT_RANGES = ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A))


def in_scripts(document: Document) -> Iterator[Sighting]:
    """What simple inline scripts write: literals joined by `+`, character codes, known mail cloaks."""
    for script in document.tree.iter("script"):
        text = script.text
        if text and not script.get("src") and len(text) <= LONGEST_SCRIPT and WRITES.search(text):
            for written in _written(text):
                yield from (Sighting(raw, "script", 0.75, "") for raw in _addresses(written))


def in_script_links(document: Document) -> Iterator[Sighting]:
    """`javascript:linkTo_UnCryptMailto('…')` and its like: letters moved along by a few places."""
    for anchor in document.anchors:
        code = (
            anchor.href
            + (anchor.element.get("onclick") or "")
            + (anchor.element.get("data-mailto-token") or "")
        )
        if found := CRYPTED.search(code):
            yield from _uncrypted(html.unescape(found.group(1)))
        if token := anchor.element.get("data-mailto-token"):
            yield from _uncrypted(token)
        if anchor.href.lower().startswith("javascript") or anchor.element.get("onclick"):
            joined = _evaluated(code[:LONGEST_SCRIPT], {})
            yield from (
                Sighting(raw, "script", 0.7, anchor.text) for raw in _addresses(joined) if "mailto" in joined
            )


def _uncrypted(text: str) -> Iterator[Sighting]:
    for offset in range(-13, 14):
        moved = "".join(_moved(letter, offset) for letter in text)
        if offset and moved.startswith("mailto:"):
            yield Sighting(moved.removeprefix("mailto:").partition("?")[0], "script", 0.85, "")


def _moved(letter: str, offset: int) -> str:
    code = ord(letter)
    for low, high in CRYPT_RANGES:
        if low <= code <= high:
            return chr(low + (code - low + offset) % (high - low + 1))
    return letter


def _written(script: str) -> Iterator[str]:
    names: dict[str, str] = {}
    for found in STATEMENT.finditer(script):
        name, plus, expression = found.groups()
        value = _evaluated(expression, names)
        names[name] = ((names.get(name, "") if plus else "") + value)[:4000]
    for found in WRITE.finditer(script):
        yield _evaluated(found.group(1), names)
    yield from names.values() if re.search(r"cloak|addy|mailto", script, re.IGNORECASE) else ()
    for found in (*CHAR_CODES.finditer(script), *CODE_LIST.finditer(script)):
        yield _of_codes(found.group(1))


def _evaluated(expression: str, names: dict[str, str]) -> str:
    """The text of an expression of literals and known names; everything else counts as nothing."""
    parts = []
    for term in TERM.findall(expression):
        if term[0] in "'\"":
            parts.append(_unescaped(term[1:-1]))
        elif "fromCharCode" in term:
            parts.append(_of_codes(term.partition("(")[2].rstrip(")")))
        else:
            parts.append(names.get(term, ""))
    return "".join(parts)


def _unescaped(literal: str) -> str:
    text = re.sub(
        r"\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1) or m.group(2), 16)), literal
    )
    return html.unescape(text.replace("\\", ""))


def _of_codes(codes: str) -> str:
    numbers = [int(code) for code in re.findall(r"\d{1,5}", codes)]
    return html.unescape("".join(chr(number) for number in numbers if 9 <= number < 0x3000))


def _addresses(written: str) -> Iterator[str]:
    text = html.unescape(written)
    for shown in (text, TAGS.sub("", text)):
        for found in ADDRESS.finditer(shown.replace("mailto:", " ")):
            yield found.group()
