"""Whether a page says that its product can be bought: the buttons that buy, and the words of stock."""

import re
from functools import lru_cache
from itertools import islice
from typing import Any

from discount_broker.discovery.extract.pages.page import Document, inner_text
from discount_broker.discovery.extract.products.boxes import is_elsewhere
from discount_broker.discovery.extract.products.reading import Availability
from discount_broker.discovery.extract.products.shown_prices import PriceReader
from discount_broker.discovery.extract.products.shown_words import (
    BUY,
    BUY_CODE,
    BUY_WORDS,
    GONE,
    LATER,
    THERE,
)

MOST_BUTTONS = 24
MOST_WORDS = 1000
LONGEST_BUTTON = 60
PLAIN_BUY_WORDS = tuple(word for word in BUY_WORDS if word.isascii())
PUSHED = frozenset({"submit", "button", "image"})


class Button:
    """A control that buys."""

    def __init__(self, element: Any, line: int | None) -> None:
        self.element, self.line = element, line
        # A button is called after what it opens: `popup`, `compare`.
        self.is_elsewhere = is_elsewhere(element.getparent())


def find_words_to_buy(text: str) -> list[int]:
    """Where short lines of a folded text invite to buy."""
    words = tuple([word for word in (PLAIN_BUY_WORDS if text.isascii() else BUY_WORDS) if word in text])
    if not words:
        return []
    # An expression of the few words that are there takes a fraction of the time.
    matches = islice(_any_of(words).finditer(text), MOST_WORDS)
    return [match.start() for match in matches if _line_length(text, *match.span()) <= LONGEST_BUTTON][
        :MOST_BUTTONS
    ]


@lru_cache(maxsize=256)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)))


def _line_length(text: str, start: int, end: int) -> int:
    """How long the line around a place is, as far as anybody asks."""
    before, after = text[max(0, start - LONGEST_BUTTON) : start], text[end : end + LONGEST_BUTTON]
    return len(before.rpartition("\n")[2]) + end - start + len(after.partition("\n")[0])


def find_buttons(document: Document, reader: PriceReader, places: list[int]) -> list[Button]:
    """The controls that buy, by their words or by their code."""
    found = [
        Button(document.lines[line].element, line) for line in dict.fromkeys(map(reader.line_of, places))
    ]
    known = {button.element for button in found}
    for element in document.tree.iter("button", "input"):
        if len(found) >= MOST_BUTTONS:
            break
        if element not in known and _buys(element):
            found.append(Button(element, None))
    return found


def _buys(element: Any) -> bool:
    if element.tag == "input" and element.get("type") not in PUSHED:
        return False
    code = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('name') or ''}".lower()
    said = (
        f"{element.get('value') or ''} {element.get('title') or ''} {element.get('aria-label') or ''}".lower()
    )
    return bool(
        (len(said) < 90 and BUY.search(said))
        or (BUY_CODE.search(code) and len(inner_text(element)) < LONGEST_BUTTON)
    )


def find_availability(lines: list[str], *, is_offered: bool) -> Availability | None:
    """What the lines beside a product say of its stock, in their order; else what is offered is there."""
    for text in lines:
        if len(text) >= 90:
            continue
        if GONE.search(text):
            return Availability.OUT_OF_STOCK
        if THERE.search(text):
            return Availability.IN_STOCK
        if LATER.search(text) and len(text) < 40:
            return Availability.PREORDER
    return Availability.IN_STOCK if is_offered else None


def is_gone(lines: list[str]) -> bool:
    """The lines beside a heading say that it cannot be bought now."""
    return any(len(text) < 90 and GONE.search(text) for text in lines)
