"""Microdata and RDFa Lite as nodes of the same shape that JSON-LD has."""

from typing import Any

from discount_broker.discovery.extract.json_ld import Node
from discount_broker.discovery.extract.page import Document, inner_text

MOST_ITEMS = 500
SYNTAXES = (("itemscope", "itemtype", "itemprop"), ("typeof", "typeof", "property"))
VALUE_ATTRIBUTES = {
    "meta": "content", "link": "href", "a": "href", "area": "href", "img": "src", "source": "src",
    "time": "datetime", "data": "value", "meter": "value", "object": "data", "iframe": "src",
}  # fmt: skip


def read_nodes(document: Document) -> list[Node]:
    """All items of the page, outer before inner; an item that is a value stands in its owner too."""
    nodes: list[Node] = []
    for scope, kind, prop in SYNTAXES:
        nodes += _items(document, scope, kind, prop)
    return nodes


def _items(document: Document, scope: str, kind: str, prop: str) -> list[Node]:
    elements = document.having(scope, f"//*[@{scope}]")[:MOST_ITEMS]
    if not elements:
        return []
    nodes = {element: _empty(element, kind) for element in elements}
    for element in document.tree.xpath(f"//*[@{prop}]")[: MOST_ITEMS * 20]:
        owner = next((above for above in element.iterancestors() if above in nodes), None)
        if owner is None:
            continue
        value = nodes.get(element) or _value(element, document)
        for name in (element.get(prop) or "").split():
            _add(nodes[owner], name.rpartition(":")[2], value)
    return list(nodes.values())


def _empty(element: Any, kind: str) -> Node:
    types = (element.get(kind) or "").split()
    return {
        "@type": [name.rstrip("/").rpartition("/")[2].rpartition(":")[2] for name in types],
        "@element": element,
    }


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
    return inner_text(element)[:2000]
