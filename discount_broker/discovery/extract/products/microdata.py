"""Microdata and RDFa Lite as nodes of the same shape that JSON-LD has."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from discount_broker.discovery.extract.pages.page import Document, inner_text
from discount_broker.discovery.extract.products.json_ld import Node
from discount_broker.discovery.extract.products.paths import path

MOST_ITEMS = 500
MOST_VALUES = 5_000
MOST_LEVELS = 200
LONGEST_VALUE = 2_000
NAMES = ("Product", "product", "IndividualProduct", "Book", "Vehicle")
MENTIONS = {
    "itemscope": tuple(f"org/{name}" for name in NAMES),
    "typeof=": tuple(f'typeof="{prefix}{name}' for name in NAMES for prefix in ("", "schema:")),
}
"""Only a page that names such a type is worth a walk; the markup of menus and articles is not."""
SYNTAXES = (("itemscope", "itemtype", "itemprop"), ("typeof", "typeof", "property"))
PATHS = {name: path(f"//*[@{name}]") for name in ("itemscope", "itemprop", "typeof", "property")}
VALUE_ATTRIBUTES = {
    "meta": "content", "link": "href", "a": "href", "area": "href", "img": "src", "source": "src",
    "time": "datetime", "data": "value", "meter": "value", "object": "data", "iframe": "src",
}  # fmt: skip


@lru_cache(maxsize=2)
def read_nodes(document: Document) -> list[Node]:
    """All items of the page, outer before inner; an item that is a value stands in its owner too."""
    markup = document.html
    if not any(mark in markup and any(name in markup for name in names) for mark, names in MENTIONS.items()):
        return []
    return [node for syntax in SYNTAXES for node in _items(document, *syntax)]


def _items(document: Document, scope: str, kind: str, prop: str) -> list[Node]:
    if scope not in document.html:
        return []
    elements = PATHS[scope](document.tree)[:MOST_ITEMS]
    nodes = {element: _empty(element, kind) for element in elements}
    for element in PATHS[prop](document.tree)[:MOST_VALUES] if nodes else ():
        owner = next((above for above in _above(element) if above in nodes), None)
        if owner is not None:
            value = nodes.get(element) or _value(element, document)
            for name in (element.get(prop) or "").split():
                _add(nodes[owner], name.rpartition(":")[2], value)
    return list(nodes.values())


def _above(element: Any) -> Iterator[Any]:
    return (above for above, _ in zip(element.iterancestors(), range(MOST_LEVELS), strict=False))


def _empty(element: Any, kind: str) -> Node:
    types = (element.get(kind) or "").split()
    return {"@type": [name.rstrip("/").rpartition("/")[2].rpartition(":")[2] for name in types[:10]]}


def _add(node: Node, name: str, value: Any) -> None:
    if name not in node:
        node[name] = value
    elif isinstance(node[name], list):
        node[name].append(value)
    else:
        node[name] = [node[name], value]


def _value(element: Any, document: Document) -> str:
    content = element.get("content")
    if content is not None:
        return str(content)
    attribute = VALUE_ATTRIBUTES.get(element.tag)
    if attribute and element.get(attribute):
        value = element.get(attribute)
        return document.resolve(value) if attribute in ("href", "src") else str(value)
    if element.tag == "img":
        return document.resolve(element.get("data-src") or "")
    return inner_text(element)[:LONGEST_VALUE]
