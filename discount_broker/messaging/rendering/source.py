"""A read template written out as leads edit it: tags of whole lines stand on lines of their own. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from discount_broker.messaging.rendering.reading import BEGINS, ENDS

TAG: Final = re.compile(f"{BEGINS}([^{ENDS}]*){ENDS}")
ROW_OF: Final = re.compile(r"  [^\n:]*: \{\{ ([\w.]+) \}\}\n")


@dataclass
class Way:
    """A tag, and what stands between it and the next one of its kind."""

    tag: str
    within: list["Part"] = field(default_factory=list)


@dataclass
class Ways:
    """All ways of one question, or the one of a list."""

    ways: list[Way]
    end: str = ""


Part = str | Ways


def source_of(read: str) -> str:
    """The text as it is edited; filled, it gives what was read."""
    tokens = iter(TAG.split(read.strip("\n")))
    parts, _ = _parts(tokens)
    written = _Writer()
    written.add(_simpler(parts))
    return re.sub(r"\n{3,}", "\n\n", written.text).strip("\n") + "\n"


def _parts(tokens: Iterator[str]) -> tuple[list[Part], str]:
    """What stands up to the next tag that ends or goes on, and that tag."""
    parts: list[Part] = [next(tokens, "")]
    for tag in tokens:
        if not tag.startswith(("if", "for")):
            return parts, tag
        parts += [_ways(tag, tokens), next(tokens, "")]
    return parts, ""


def _ways(tag: str, tokens: Iterator[str]) -> Ways:
    ways = Ways([])
    while not tag.startswith("end"):
        within, following = _parts(tokens)
        ways.ways.append(Way(tag, within))
        tag = following
    ways.end = tag
    return ways


def _simpler(parts: list[Part]) -> list[Part]:
    """Without questions that a row answers by itself, by going where it has no value."""
    simple: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            simple.append(part)
            continue
        for way in part.ways:
            way.within = _simpler(way.within)
        _chain(part)
        first = part.ways[0]
        row = ROW_OF.fullmatch(_flat(first.within))
        if row and len(part.ways) == 1 and first.tag == f"if {row[1]}":
            simple += first.within
        else:
            simple.append(part)
    return simple


def _chain(ways: Ways) -> None:
    """Make a question that is all there is on the last way one of the chain."""
    last = ways.ways[-1]
    asked = [part for part in last.within if part != ""]
    if last.tag == "else" and len(asked) == 1 and isinstance(asked[0], Ways) and asked[0].end == "endif":
        first, *others = asked[0].ways
        ways.ways[-1:] = [Way(f"el{first.tag}", first.within), *others]


def _flat(parts: list[Part]) -> str:
    return "".join(part if isinstance(part, str) else "\x00" for part in parts)


def _has_lines(ways: Ways) -> bool:
    return any(
        "\n" in part if isinstance(part, str) else _has_lines(part)
        for way in ways.ways
        for part in way.within
    )


class _Writer:
    """Writes tags on lines of their own where that changes nothing, else within the line."""

    def __init__(self) -> None:
        self.text = ""
        self.begins_line = True
        """Whether what is filled would begin a line here."""

    def add(self, parts: list[Part]) -> None:
        for part in parts:
            if isinstance(part, str):
                self._put(part)
            else:
                self._put_ways(part)

    def _put(self, text: str) -> None:
        if text:
            self.text += text
            self.begins_line = text.endswith("\n")

    def _put_ways(self, ways: Ways) -> None:
        is_in_line = not _has_lines(ways)
        for way in ways.ways:
            self._tag(way.tag, is_in_line=is_in_line)
            self.add(way.within)
        self._tag(ways.end, is_in_line=is_in_line)
        if is_in_line:
            self.begins_line = False

    def _tag(self, words: str, *, is_in_line: bool) -> None:
        self.text += f"{{% {words} %}}"
        if self.begins_line and not is_in_line:
            self.text += "\n"
