"""What a shop calls itself on its own pages."""

from discount_broker.discovery.extract.pages.page import Document, open_document, squeeze
from discount_broker.discovery.extract.products.json_ld import read_nodes, types_of

LONGEST = 60
OWNERS = ("organization", "store", "business", "website")
"""Ends of the type names of whoever runs a page: `OnlineStore`, `LocalBusiness`, …"""
METAS = (
    "//meta[@property='og:site_name']/@content",
    "//meta[@name='application-name']/@content",
    "//meta[@name='apple-mobile-web-app-title']/@content",
)


def find_site_name(html: str, page_url: str) -> str:
    """The name of the shop; empty where the page does not say it."""
    document = open_document(html, page_url)
    for name in (*_from_metas(document), *_from_owners(document)):
        tidy = squeeze(name)
        if 1 < len(tidy) <= LONGEST and "://" not in tidy:
            return tidy
    return ""


def _from_metas(document: Document) -> list[str]:
    return [str(value) for path in METAS for value in document.tree.xpath(path)]


def _from_owners(document: Document) -> list[str]:
    """Names in JSON-LD of whoever runs the page; a maker or an author is no shop."""
    return [
        node["name"]
        for node in read_nodes(document)
        if any(kind.endswith(OWNERS) for kind in types_of(node))
        and isinstance(node.get("name"), str)
        and _is_at_home(node, document)
    ]


def _is_at_home(node: dict[str, object], document: Document) -> bool:
    """Whether the node speaks of this site, by its address."""
    url = node.get("url")
    return isinstance(url, str) and document.host in url
