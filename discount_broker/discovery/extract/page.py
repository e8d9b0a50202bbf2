"""A page as text: its bytes decoded, its tree, its lines as a reader sees them, its language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree, html
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from discount_broker.discovery.extract.language import language_of
from discount_broker.discovery.extract.vocabulary import words

LONGEST_PAGE = 8_000_000
"""Characters; what lies behind is not read."""

UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "iframe", "object", "textarea", "option"}
)
INLINE = words(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp "
    "small span strike strong sub sup time tt u var wbr nobr cufon"
)
INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
ZERO_WIDTH = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
SEPARATOR = "\ue000"


def decode_page(content: bytes, content_type: str = "") -> str:
    """The text of a page: charset by BOM, header, meta, then by looking at the bytes."""
    bom, content = read_bom(content)[0], _without_bom(content)
    if bom:
        return content.decode(bom, "replace")
    declared = http_content_type_encoding(content_type or None)
    if declared and (text := _decoded(content, declared)) is not None:
        return text
    # Many pages are UTF-8 and still carry the meta tag of the template they were made from.
    if (text := _decoded(content, "utf-8")) is not None:
        named = html_body_declared_encoding(content[:4096])
        return text if not content.isascii() or not named else _decoded(content, named) or text
    named = html_body_declared_encoding(content[:4096])
    if named and named != "utf-8" and (text := _decoded(content, named)) is not None:
        return text
    if declared == "utf-8" or named == "utf-8":
        return _mended(content)
    return content.decode(guess_charset(content), "replace")


def _without_bom(content: bytes) -> bytes:
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        if content.startswith(mark):
            return content[len(mark) :]
    return content


def _decoded(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(charset)
    except (LookupError, ValueError):
        return None


def _mended(content: bytes) -> str:
    """A page that says UTF-8 and is not wholly so: its few wrong bytes replaced, or read as what it is."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return text if broken <= max(8, len(text) // 500) else content.decode(guess_charset(content), "replace")


def guess_charset(content: bytes) -> str:
    """For bytes that are not UTF-8: a Cyrillic charset when whole words of high bytes stand there."""
    sample = content[:200_000]
    words = re.findall(rb"[\xa8\xb8\xc0-\xff]{3,}", sample)
    high = len(re.findall(rb"[\x80-\xff]", sample))
    if not words or sum(map(len, words)) < high / 2:
        return "cp1252"
    # Running text is mostly lower case: the upper half of one charset, the lower half of the other.
    lower = sum(byte >= 0xE0 for word in words for byte in word)
    return "cp1251" if lower * 2 >= sum(map(len, words)) else "koi8-r"


def squeeze(text: str) -> str:
    """Blanks of all kinds as one blank, none at the ends, nothing invisible."""
    return " ".join((text.translate(ZERO_WIDTH) if INVISIBLE.search(text) else text).split())


@dataclass(frozen=True)
class Anchor:
    """A link as a reader meets it."""

    element: Any
    href: str
    """As written, stripped."""
    text: str


@dataclass(frozen=True)
class Line:
    """A run of text that no block element interrupts, and the element it begins in."""

    text: str
    element: Any
    separated: str = ""
    """The same with SEPARATOR wherever an element begins or ends within it."""


@dataclass(frozen=True, eq=False)
class Document:
    """A parsed page; the parts that several readers need are made once."""

    html: str
    url: str
    tree: Any

    @cached_property
    def base_url(self) -> str:
        base = next(iter(self.tree.xpath("//base/@href")), "")
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
    def lines(self) -> list[Line]:
        return list(lines_of(self.tree))

    @cached_property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @cached_property
    def anchors(self) -> list[Anchor]:
        return [
            Anchor(element, squeeze(element.get("href")), inner_text(element)[:300])
            for element in self.tree.iter("a", "area")
            if element.get("href")
        ]

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
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    content = markup[:LONGEST_PAGE].replace("\x00", "").encode("utf-8", "replace")
    try:
        tree = html.document_fromstring(content or b"<html></html>", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        tree = html.document_fromstring(b"<html><body></body></html>")
    return tree


def inner_text(element: Any) -> str:
    """What an element says, on one line, without scripts."""
    if element.find(".//script") is None and element.find(".//style") is None:
        return squeeze("".join(element.itertext()))
    return " ".join(line.text for line in lines_of(element))


def is_hidden(element: Any) -> bool:
    """The element is marked, in its own markup, as one that nobody sees."""
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and HIDDEN_STYLE.search(style))


def lines_of(root: Any) -> Iterator[Line]:
    parts: list[str] = []
    first = root
    for element, text, breaks in _pieces(root):
        if breaks and parts:
            if line := squeeze("".join(parts)):
                yield Line(line, first, SEPARATOR.join(parts))
            parts = []
        if text:
            if not parts:
                first = element
            parts.append(text)
    if line := squeeze("".join(parts)):
        yield Line(line, first, SEPARATOR.join(parts))


def _pieces(root: Any) -> Iterator[tuple[Any, str | None, bool]]:
    """Element, its next piece of text, and whether a new line begins before it."""
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        seen = tag not in UNSEEN or element is root
        if event == "start":
            if not seen:
                walk.skip_subtree()
            yield element, element.text if seen else None, tag not in INLINE and seen
        elif element is not root:
            yield element.getparent(), element.tail, tag not in INLINE and seen


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
