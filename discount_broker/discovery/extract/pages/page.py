"""A page: parsed once, with the parts that several readers need made once."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from discount_broker.discovery.extract.pages.charsets import decode_page, guess_charset
from discount_broker.discovery.extract.pages.language import language_of
from discount_broker.discovery.extract.pages.tags import cut_endless_tags
from discount_broker.discovery.extract.pages.text import (
    SEPARATOR,
    UNSEEN,
    Line,
    PageText,
    inner_text,
    is_hidden,
    lines_of,
    squeeze,
)

__all__ = [
    "SEPARATOR",
    "UNSEEN",
    "Anchor",
    "Document",
    "Line",
    "decode_page",
    "frame_urls",
    "guess_charset",
    "inner_text",
    "is_hidden",
    "lines_of",
    "open_document",
    "refresh_target",
    "squeeze",
]

LONGEST_PAGE = 8_000_000
"""Characters; what lies behind is not read."""


class Anchor:
    """A link as a reader meets it."""

    __slots__ = ("_text", "element", "href")

    def __init__(self, element: Any, href: str) -> None:
        self.element = element
        self.href = href
        """As written, stripped."""
        self._text: str | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = inner_text(self.element)[:300]
        return self._text


@dataclass(frozen=True, eq=False)
class Document:
    """A parsed page; the parts that several readers need are made once."""

    html: str
    url: str
    tree: Any

    @cached_property
    def base_url(self) -> str:
        base = next((element.get("href") or "" for element in self.tree.iter("base")), "")
        return self.resolve_from(self.url, base) or self.url

    def resolve(self, link: str) -> str:
        """The absolute address of a link on this page; empty when it makes no sense."""
        return self.resolve_from(self.base_url, link)

    @staticmethod
    def resolve_from(base: str, link: str) -> str:
        try:
            return urljoin(base, link.strip())
        except ValueError:
            return ""

    def having(self, mark: str, path: str) -> list[Any]:
        """Elements by XPath; the tree is walked only when `mark` stands anywhere in the page."""
        return list(self.tree.xpath(path)) if mark in self.html else []

    @cached_property
    def host(self) -> str:
        try:
            return (urlsplit(self.url).hostname or "").removeprefix("www.")
        except ValueError:
            return ""

    @cached_property
    def page_text(self) -> PageText:
        return PageText(self.tree)

    @property
    def lines(self) -> list[Line]:
        return self.page_text.lines

    @property
    def text(self) -> str:
        """All lines, a line break between two."""
        return self.page_text.text

    def line_at(self, place: int) -> Line:
        """The line in which a place of `text` lies."""
        return self.page_text.line_at(place)

    @cached_property
    def anchors(self) -> list[Anchor]:
        anchors = [
            Anchor(element, href) for element in self.tree.iter("a", "area") if (href := element.get("href"))
        ]
        # No attribute can hold a NUL: all addresses are tidied at once.
        links = squeeze("\0".join([anchor.href for anchor in anchors])).split("\0")
        for anchor, link in zip(anchors, links, strict=False):
            anchor.href = link.strip(" ")
        return anchors

    @cached_property
    def order(self) -> dict[Any, int]:
        """The place of each element in the document."""
        return {element: place for place, element in enumerate(self.tree.iter())}

    @cached_property
    def language(self) -> str:
        return language_of(self.tree, self.text)

    @cached_property
    def title(self) -> str:
        return squeeze(self.tree.xpath("string(//title)"))


@lru_cache(maxsize=2)
def open_document(markup: str, url: str) -> Document:
    """The parsed page. Readers ask for the same page one after another: it is parsed once."""
    return Document(markup, url, parse(markup))


def parse(markup: str) -> Any:
    """The tree of any text at all, an empty page for one that holds no markup."""
    # Elements of lxml.html cost three times as much to walk, and nothing they can do is needed.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    markup = markup[:LONGEST_PAGE]
    content = cut_endless_tags(markup).encode("utf-8", "replace")
    # Among bytes a NUL is found, or not, at once; among characters it is not.
    if b"\0" in content:
        content = cut_endless_tags(markup.replace("\0", "")).encode("utf-8", "replace")
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        tree = None
    return etree.HTML("<html><body></body></html>") if tree is None else tree


def refresh_target(markup: str, page_url: str) -> str | None:
    """Where the page sends its visitor by `<meta http-equiv=refresh>`."""
    document = open_document(markup, page_url)
    for meta in document.tree.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        found = re.match(r"[\s\d.;,]*url\s*=\s*['\"]?([^'\"\s]+)", meta.get("content") or "", re.IGNORECASE)
        if found:
            return document.resolve(found.group(1)) or None
    return None


def frame_urls(markup: str, page_url: str) -> list[str]:
    """Addresses of the frames a page consists of."""
    document = open_document(markup, page_url)
    sources = document.tree.xpath("//frame/@src | //iframe/@src")
    return [
        url for source in sources if (url := document.resolve(source)).startswith(("http://", "https://"))
    ]
