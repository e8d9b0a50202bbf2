"""What of a page is there to be seen: much is hidden until a script shows it."""

import re
from typing import Any

from discount_broker.discovery.extract.pages.page import Document, Line, is_hidden
from discount_broker.discovery.extract.vocabulary import words

HIDING = words(
    "hidden hide d-none invisible visually-hidden visuallyhidden sr-only screen-reader-text offscreen"
    " off-screen u-hidden is-hidden display-none w-form-done w-form-fail mfp-hide"
)
"""Classes by which the usual style sheets, which we do not read, hide what carries them."""
WINDOW = re.compile(r"modal|pop-?up|fancybox|remodal|lightbox|successbox|dialog|drawer", re.IGNORECASE)
"""What boxes are called that lie ready until somebody opens them."""
CLIMBED = 12


def is_called_hidden(element: Any) -> bool:
    return not HIDING.isdisjoint((element.get("class") or "").lower().split())


def shown_lines(document: Document) -> list[Line]:
    """The lines without those that the page's own markup hides."""
    known: dict[Any, bool] = {}
    return [line for line in document.lines if not _is_in_the_dark(line.element, known)]


def _is_in_the_dark(element: Any, known: dict[Any, bool]) -> bool:
    if element not in known:
        boxes = [element, *list(element.iterancestors())[:CLIMBED]]
        known[element] = any(is_hidden(box) or is_called_hidden(box) for box in boxes)
    return known[element]


def is_in_a_window(element: Any) -> bool:
    boxes = (element, *list(element.iterancestors())[:CLIMBED])
    return any(WINDOW.search(f"{box.get('class') or ''} {box.get('id') or ''}"[:300]) for box in boxes)
