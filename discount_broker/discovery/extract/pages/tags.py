"""Tags that never end: the parser compares each attribute with all before it, so their number is bounded."""

import re
from collections.abc import Iterator

WINDOW = 4_000
"""Characters without the beginning of a tag that make a tag worth a look."""

TAG = re.compile("<[a-zA-Z]")
PART = r"""(?>[^\s<>=]++|\s++|=\s*+(?>"[^"]*+"|'[^']*+')?+|<(?![a-zA-Z]))"""
ENDLESS = re.compile(rf"(<[a-zA-Z]{PART}{{6000}}){PART}*+")


def cut_endless_tags(markup: str) -> str:
    """The markup, its tags without what comes after some two thousand attributes."""
    kept, done = [], 0
    for start in _before_gaps(markup):
        if found := ENDLESS.match(markup, start):
            kept.append(markup[done : found.end(1)])
            done = found.end()
    return "".join([*kept, markup[done:]]) if kept else markup


def _before_gaps(markup: str) -> Iterator[int]:
    """Where the tags begin after which no other begins for long."""
    filled = None
    for place in range(0, len(markup), WINDOW):
        if TAG.search(markup, place, place + WINDOW + 1):
            filled = place
        elif filled is not None:
            yield [found.start() for found in TAG.finditer(markup, filled, filled + WINDOW + 1)][-1]
            filled = None
