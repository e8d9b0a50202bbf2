"""JSON-LD as pages really carry it: lists, graphs, comments, trailing commas, raw line breaks."""

import html
import json
import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Any

from discount_broker.discovery.extract.emails.sources import Sighting
from discount_broker.discovery.extract.pages.page import Document, squeeze

Node = dict[str, Any]
WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|"
    r"/\*\s*\]\]>\s*\*/|\]\]>)\s*\Z"
)
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
LINE_COMMENT = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
BEGINNING = re.compile(r"[\[{]")
MOST_NODES = 5_000
MOST_BLOCKS = 100
MOST_LISTED = 500
LONGEST_TEXT = 5_000
MAIL_KEYS = frozenset(map("".join, product(*({letter, letter.upper()} for letter in "email"))))
"""`email` however it is written: looking each up costs less than folding every key of the page."""


@lru_cache(maxsize=2)
def read_nodes(document: Document) -> list[Node]:
    """All objects of all blocks, outer before inner. Several readers ask: it is read once."""
    if "ld+json" not in document.html:
        return []
    nodes: list[Node] = []
    for script, _ in zip(_blocks(document), range(MOST_BLOCKS), strict=False):
        for value in _values(script):
            _collect(value, nodes)
    return nodes


def _blocks(document: Document) -> Iterator[str]:
    for script in document.tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            yield script.text


def _values(text: str) -> list[Any]:
    text = WRAPPING.sub("", WRAPPING.sub("", text.strip())).strip().rstrip(";")
    for spelling in _spellings(text):
        try:
            return [json.loads(spelling, strict=False)]
        except (ValueError, RecursionError):
            continue
    return _one_after_another(TRAILING_COMMA.sub(r"\1", text))


def _spellings(text: str) -> Iterator[str]:
    """As written, then mended in the ways in which pages break it."""
    yield text
    yield LINE_COMMENT.sub("", TRAILING_COMMA.sub(r"\1", text))
    yield html.unescape(text)


def _one_after_another(text: str) -> list[Any]:
    """Several values in one block, or a whole one before rubbish."""
    decoder, place = json.JSONDecoder(strict=False), 0
    values: list[Any] = []
    while (start := BEGINNING.search(text, place)) and len(values) < 50:
        try:
            value, place = decoder.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            break
        values.append(value)
    return values


def _collect(value: Any, nodes: list[Node]) -> None:
    waiting = deque([value])
    while waiting and len(nodes) < MOST_NODES:
        current = waiting.popleft()
        if isinstance(current, dict):
            nodes.append(current)
            waiting.extend(child for child in current.values() if isinstance(child, dict | list))
        elif isinstance(current, list):
            inside = [child for child in current[:MOST_LISTED] if isinstance(child, dict | list)]
            waiting.extendleft(reversed(inside))


def types_of(node: Node) -> set[str]:
    """The names of the node's types without their vocabulary."""
    kinds = node.get("@type") or node.get("type") or ()
    return {
        str(kind).rpartition("/")[2].rpartition(":")[2].rpartition("#")[2].lower()
        for kind in (kinds[:20] if isinstance(kinds, list) else [kinds])
    }


def text_of(value: Any, depth: int = 5) -> str | None:
    """A text out of whatever stands where a text should: a number, a list, an object with a name."""
    if isinstance(value, str):
        return squeeze(html.unescape(value[:LONGEST_TEXT])) or None
    if isinstance(value, bool) or value is None or depth == 0:
        return None
    if isinstance(value, list):
        return next((text for one in value[:20] if (text := text_of(one, depth - 1))), None)
    if isinstance(value, dict):
        named = (text_of(value.get(key), depth - 1) for key in ("@value", "name", "url", "@id", "value"))
        return next((text for text in named if text), None)
    return _number(value)


def _number(value: float) -> str | None:
    """Numbers of more digits than any text may have are none: turning them into text takes for ever."""
    return str(value) if abs(value) < 10**30 else None


def emails(document: Document) -> Iterator[Sighting]:
    """Addresses that the page's organisation gives of itself."""
    for node in read_nodes(document):
        for key in () if MAIL_KEYS.isdisjoint(node) else [key for key in node if key in MAIL_KEYS]:
            values = node[key] if isinstance(node[key], list) else [node[key]]
            yield from (Sighting(one, "jsonld", 0.85, "") for one in values if isinstance(one, str))
