"""The words of a message as leads write them: how they are filled, laid out and checked. Pure.

A text is plain: paragraphs between empty lines, items behind `- `, rows behind two spaces (`  Price: …`),
and a link on a line of its own below its label. One text makes both parts of a mail.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final

from jinja2 import Template, TemplateSyntaxError, nodes

from discount_broker.kernel import sandbox
from discount_broker.kernel.sandbox import Flaw, Vocabulary

LONGEST_BODY = 6000
LONGEST_SUBJECT = 500
"""As it is written; what is sent is cut to fewer letters."""
QUOTED: Final = "\ue000"
"""Begins every line that somebody else wrote; facts never hold it, for they are cleaned of such signs."""
FACT: Final = "\ue001"
"""Begins a fact that would else be read as a link or an item, where it stands alone on its line."""
LOOKS_FORMED: Final = re.compile(r"https?://|- ", re.IGNORECASE)  # a filter may write it small
ENVIRONMENT: Final = sandbox.small_environment(keep_trailing_newline=True)
TAG_LINE: Final = re.compile(
    r"^[ \t]*((?:\{%(?:(?!%\}).)*%\}[ \t]*|\{#(?:(?!#\}).)*#\}[ \t]*)+)\n", re.MULTILINE
)
EMPTY_ROW: Final = re.compile(r"^  [^\s:][^\n:]*:[ \t]*(?:\n|\Z)", re.MULTILINE)
ROW: Final = re.compile(r"  ([^\s:][^\n:]*): (.+)")
ADDRESS: Final = re.compile(r"https?://\S+")


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    ITEMS = "items"
    ROWS = "rows"
    QUOTE = "quote"
    CODE = "code"
    BUTTON = "button"
    LINK = "link"


@dataclass
class Block:
    """One piece of a laid-out text."""

    kind: BlockKind
    lines: list[str] = field(default_factory=list)
    rows: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""
    is_first: bool = False
    """Of the buttons: what most people come for."""


def fill(body: str, facts: Mapping[str, object]) -> str:
    """The text with its facts; a line of tags alone leaves no line, and a row without a value goes.

    Raises:
        jinja2.TemplateError: it could not have been kept.

    """
    said = _compiled(body).render(dict(facts))
    return EMPTY_ROW.sub("", said)


@lru_cache(maxsize=256)
def _compiled(body: str) -> Template:
    return ENVIRONMENT.from_string(TAG_LINE.sub(r"\1", body.replace("\r\n", "\n")))


def unquoted(text: str) -> str:
    """The text as it is sent: lines of somebody else stand in a little."""
    return text.replace(QUOTED, "  ").replace(FACT, "")


def as_fact(words: str) -> str:
    """A fact that stays words, however it begins."""
    return f"{FACT}{words}" if LOOKS_FORMED.match(words) else words


def flaws_in(body: str, words: Vocabulary, required: Iterable[str] = ()) -> list[Flaw]:
    """Everything that keeps a text from being kept; what must be said and is not, stands last."""
    flaws = sandbox.flaws_in(body, words)
    if flaws:
        return flaws
    missing = set(required) - always_said(body)
    return [Flaw(0, "required", name) for name in sorted(missing)]


def always_said(body: str) -> frozenset[str]:
    """The names that stand in a text whatever the facts are: outside of conditions, or on every way."""
    try:
        return _said_in(sandbox.parse(body).body)
    except (TemplateSyntaxError, RecursionError):
        return frozenset()


def _said_in(parts: Iterable[nodes.Node]) -> frozenset[str]:
    return frozenset().union(*map(_said_by, parts))


def _said_by(node: nodes.Node) -> frozenset[str]:
    if isinstance(node, nodes.Output):
        return frozenset(name.name for part in node.nodes for name in _names(part))
    if isinstance(node, nodes.If) and node.else_:
        ways = [node.body, *(each.body for each in node.elif_), node.else_]
        return frozenset.intersection(*map(_said_in, ways))
    return frozenset()


def _names(node: nodes.Node) -> Iterator[nodes.Name]:
    if isinstance(node, nodes.Name):
        yield node
    yield from node.find_all(nodes.Name)


def laid_out(text: str) -> list[Block]:
    """A filled text as the pieces of a page."""
    blocks: list[Block] = []
    for paragraph in re.split(r"\n[ \t]*\n", text.strip("\n")):
        blocks += _Paragraph(paragraph).blocks
    for block in blocks:
        block.lines = [line.replace(FACT, "") for line in block.lines]
        block.rows = [(label, value.replace(FACT, "")) for label, value in block.rows]
    first = next((block for block in blocks if block.kind is BlockKind.BUTTON), None)
    if first:
        first.is_first = True
    return blocks


class _Paragraph:
    """Lines without an empty one between them, taken apart by how they begin."""

    def __init__(self, text: str) -> None:
        self.blocks: list[Block] = []
        for line in text.split("\n"):
            self._take(line.rstrip())

    def _take(self, line: str) -> None:
        row = ROW.fullmatch(line)
        if line.startswith(QUOTED):
            self._at(BlockKind.QUOTE).lines.append(line.removeprefix(QUOTED))
        elif line.startswith("    "):
            self.blocks.append(Block(BlockKind.CODE, [line.strip()]))
        elif line.startswith("- "):
            self._at(BlockKind.ITEMS).lines.append(line[2:])
        elif row:
            self._at(BlockKind.ROWS).rows.append((row[1], row[2]))
        elif ADDRESS.fullmatch(line):
            self._link(line)
        elif line.strip():
            self._at(BlockKind.PARAGRAPH).lines.append(line.strip())

    def _link(self, url: str) -> None:
        """An address belongs to the line above it, unless that is a whole sentence."""
        label = self._label()
        if label.endswith(":"):
            self.blocks.append(Block(BlockKind.BUTTON, [label.removesuffix(":")], url=url))
        else:
            self.blocks.append(Block(BlockKind.LINK, [label] if label else [], url=url))

    def _label(self) -> str:
        last = self.blocks[-1] if self.blocks else None
        if last is None or last.kind is not BlockKind.PARAGRAPH or last.lines[-1].endswith((".", "!", "?")):
            return ""
        label = last.lines.pop()
        if not last.lines:
            self.blocks.pop()
        return label

    def _at(self, kind: BlockKind) -> Block:
        if not self.blocks or self.blocks[-1].kind is not kind:
            self.blocks.append(Block(kind))
        return self.blocks[-1]
