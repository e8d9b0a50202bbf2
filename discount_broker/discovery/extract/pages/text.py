"""What a reader sees of a page or of a part of it: lines of text, without scripts and styles."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple, Protocol, cast

from lxml import etree

from discount_broker.discovery.extract.vocabulary import words

UNSEEN = words("script style noscript template head svg iframe object textarea option")
INLINE = words(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp "
    "small span strike strong sub sup time tt u var wbr nobr cufon"
)
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
SEPARATOR, BREAK = "\ufdd0", "\ufdd1"
"""Characters that no text may hold (Unicode, 23.7): where an element meets another, and a new line."""

# Walking the tree in Python costs more than parsing it, so the walk is left to libxslt.
READING = etree.XSLT(
    etree.XML(
        f"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
          <xsl:output method="text"/>
          <xsl:template match="text()">{SEPARATOR}<xsl:value-of select="."/></xsl:template>
          <xsl:template match="*">{BREAK}<xsl:apply-templates/>{BREAK}</xsl:template>
          <xsl:template match="{"|".join(sorted(INLINE))}"><xsl:apply-templates/></xsl:template>
          <xsl:template match="{"|".join(sorted(UNSEEN))}">
            <xsl:for-each select=".//text()">{SEPARATOR}</xsl:for-each>
          </xsl:template>
        </xsl:stylesheet>"""
    )
)
TEXTS = etree.XPath("//text()")
NTH_TEXT = "/descendant::text()[{}]"
"""With the number written out libxml2 stops there; a variable would make it gather all texts first."""
FEW = 70
"""Texts asked for one by one before all are fetched: thousands of objects cost more than a few walks."""
LINES = re.compile(f"[^\\s{SEPARATOR}{BREAK}][^{BREAK}]*")


def _visible(text: str) -> str:
    if not text.isascii():
        # Looking for one character after another costs a tenth of one look for all of them.
        for character in INVISIBLE:
            text = text.replace(character, "")
    return text


def squeeze(text: str) -> str:
    """Blanks of all kinds as one blank, none at the ends, nothing invisible."""
    return " ".join(_visible(text).split())


class Line(Protocol):
    """A run of text that no block element interrupts."""

    @property
    def text(self) -> str: ...

    @property
    def separated(self) -> str:
        """The same with SEPARATOR wherever an element begins or ends within it."""
        ...

    @property
    def element(self) -> Any:
        """The element that its first words stand in."""
        ...


class PageLine:
    """A line of a whole page."""

    __slots__ = ("_page", "separated", "start", "text")

    def __init__(self, text: str, separated: str, page: "PageText", start: int) -> None:
        self.text, self.separated = text, separated
        self._page, self.start = page, start

    @property
    def element(self) -> Any:
        return self._page.element_at(self.start)


class PartLine(NamedTuple):
    """A line of a part of a page."""

    text: str
    separated: str
    element: Any


class PageText:
    """The text of a whole page, made in one go; the elements behind it are looked up when asked for."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree
        self._raw = _visible(str(READING(tree)))
        self._lines = [
            PageLine(
                " ".join((line := found.group()).replace(SEPARATOR, "").split()), line, self, found.start()
            )
            for found in LINES.finditer(self._raw)
        ]
        self.lines: list[Line] = [*self._lines]
        self._asked = 0

    @cached_property
    def text(self) -> str:
        return "\n".join([line.text for line in self.lines])

    def line_at(self, place: int) -> Line:
        """The line in which a place of `text` lies."""
        return self.lines[bisect_right(self._starts, place) - 1]

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(line.text) + 1 for line in self.lines[:-1]), initial=0))

    @cached_property
    def _marks(self) -> list[int]:
        return [found.start() for found in re.finditer(SEPARATOR, self._raw)]

    @cached_property
    def _texts(self) -> list[Any]:
        return cast("list[Any]", TEXTS(self._tree))

    def element_of(self, place: int) -> Any:
        """The element that a character of `text` stands in."""
        number = bisect_right(self._starts, place) - 1
        line = self._lines[number]
        before, start = line.text[: place + 1 - self._starts[number]], line.start
        letters = len(before.replace(" ", ""))
        for piece in line.separated.split(SEPARATOR):
            letters -= len("".join(piece.split()))
            if letters <= 0:
                break
            start += len(piece) + 1
        return self.element_at(start)

    def element_at(self, start: int) -> Any:
        """The element whose text stands at a place of what was read from the tree."""
        text = self._text_at(bisect_right(self._marks, start) - 1)
        parent = text.getparent()
        return parent.getparent() if text.is_tail else parent

    def _text_at(self, number: int) -> Any:
        # A page that holds our separator is counted wrong: it misleads about itself alone.
        self._asked += 1
        if self._asked <= FEW and (found := self._tree.xpath(NTH_TEXT.format(number + 1))):
            return found[0]
        return self._texts[min(number, len(self._texts) - 1)]


def inner_text(element: Any) -> str:
    """What an element says, on one line, without scripts."""
    if not len(element):
        return squeeze(element.text or "")
    if next(element.iter("script", "style"), None) is None:
        return squeeze("".join(element.itertext()))
    return " ".join(line.text for line in lines_of(element))


def is_hidden(element: Any) -> bool:
    """The element is marked, in its own markup, as one that nobody sees."""
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and HIDDEN_STYLE.search(style))


def lines_of(root: Any) -> Iterator[Line]:
    """The lines of a part of a page."""
    parts: list[str] = []
    first = root
    for element, text, breaks in _pieces(root):
        if breaks and parts:
            if line := squeeze("".join(parts)):
                yield PartLine(line, SEPARATOR.join(parts), first)
            parts = []
        if text:
            if not parts:
                first = element
            parts.append(text)
    if line := squeeze("".join(parts)):
        yield PartLine(line, SEPARATOR.join(parts), first)


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
