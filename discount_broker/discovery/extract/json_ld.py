"""JSON-LD as pages really carry it: lists, graphs, comments, trailing commas, raw line breaks."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from discount_broker.discovery.extract.email_sources import Sighting
from discount_broker.discovery.extract.page import Document, squeeze

Node = dict[str, Any]
WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|"
    r"/\*\s*\]\]>\s*\*/|\]\]>)\s*$"
)
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
LINE_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
MOST_NODES = 5_000


def read_nodes(document: Document) -> list[Node]:
    """All objects of all blocks, outer before inner."""
    nodes: list[Node] = []
    for script in document.tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            for value in _values(script.text):
                _collect(value, nodes)
    return nodes


def _values(text: str) -> list[Any]:
    text = WRAPPING.sub("", WRAPPING.sub("", text)).strip().rstrip(";")
    for attempt in (text, LINE_COMMENT.sub("", TRAILING_COMMA.sub(r"\1", text)), html.unescape(text)):
        try:
            return [json.loads(attempt, strict=False)]
        except (ValueError, RecursionError):
            continue
    return _one_after_another(TRAILING_COMMA.sub(r"\1", text))


def _one_after_another(text: str) -> list[Any]:
    """Several values in one block, or a whole one before rubbish."""
    decoder, place = json.JSONDecoder(strict=False), 0
    values: list[Any] = []
    while (start := re.compile(r"[\[{]").search(text, place)) and len(values) < 50:
        try:
            value, place = decoder.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            break
        values.append(value)
    return values


def _collect(value: Any, nodes: list[Node]) -> None:
    waiting = [value]
    while waiting and len(nodes) < MOST_NODES:
        current = waiting.pop(0)
        if isinstance(current, dict):
            nodes.append(current)
            waiting.extend(child for child in current.values() if isinstance(child, dict | list))
        elif isinstance(current, list):
            waiting[:0] = [child for child in current[:500] if isinstance(child, dict | list)]


def types_of(node: Node) -> set[str]:
    """The names of the node's types without their vocabulary."""
    kinds = node.get("@type") or node.get("type") or ()
    return {
        str(kind).rpartition("/")[2].rpartition(":")[2].lower()
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    }


def text_of(value: Any) -> str | None:
    """A text out of whatever stands where a text should: a number, a list, an object with a name."""
    if isinstance(value, list):
        return next((text for one in value[:20] if (text := text_of(one))), None)
    if isinstance(value, dict):
        return next(
            (text for key in ("@value", "name", "url", "@id", "value") if (text := text_of(value.get(key)))),
            None,
        )
    if isinstance(value, bool) or value is None:
        return None
    return squeeze(html.unescape(str(value))) or None


def emails(document: Document) -> Iterator[Sighting]:
    """Addresses that the page's organisation gives of itself."""
    for node in read_nodes(document):
        for key, value in node.items():
            if key.lower() == "email":
                values = value if isinstance(value, list) else [value]
                yield from (Sighting(one, "jsonld", 0.85, "") for one in values if isinstance(one, str))
