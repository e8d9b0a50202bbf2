"""What can be seen of a form at a glance, counted once for all the rules."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from discount_broker.discovery.extract.forms.controls import Control, Labels, bare_controls
from discount_broker.discovery.extract.forms.layout import Layout, layout_of
from discount_broker.discovery.extract.forms.once import Once
from discount_broker.discovery.extract.forms.words import concepts_of
from discount_broker.discovery.extract.pages.page import Document, squeeze

TEXT_OF: Callable[[Any], Any] = etree.XPath("string()", smart_strings=False)
SCRIPT_ONLY = re.compile(r"(?:javascript:|#|about:)|$", re.IGNORECASE)
HANDLED = re.compile(r"ajax|js-|wpcf7|t-form|elementor-form|webform|hs-form", re.IGNORECASE)
UNREAD = frozenset({"script", "style", "select", "noscript", "template", "textarea", "form"})
MOST_STEPS = 40
ENOUGH = 120
"""Characters before a form that are read as its heading."""


@dataclass(frozen=True, eq=False)
class Traits:
    """A form with its controls and its words."""

    element: Any
    document: Document
    labels: Labels
    index: int = 0
    count: int = 1
    """How many forms the page has."""

    @Once
    def bare(self) -> list[Control]:
        return bare_controls(self.element, self.labels)

    @Once
    def layout(self) -> Layout:
        return layout_of(self.element, self.labels)

    @property
    def controls(self) -> tuple[Control, ...]:
        return self.layout.controls

    @Once
    def types(self) -> Counter[str]:
        return Counter(control.type for control in self.controls)

    @Once
    def asked(self) -> list[Control]:
        """What a person fills or chooses."""
        return [control for control in self.controls if control.type != "hidden" and not control.is_button][
            :60
        ]

    @Once
    def typed(self) -> list[Control]:
        return [control for control in self.asked if control.is_typed and not control.is_trap]

    @Once
    def asks_for(self) -> frozenset[str]:
        """What the fields to type in speak of, by type, name or label."""
        found: set[str] = set()
        for control in self.typed:
            found |= concepts_of(control.code.lower()) | concepts_of(control.said.lower())
            if control.type in ("email", "tel"):
                found.add("email" if control.type == "email" else "phone")
        return frozenset(found)

    @Once
    def has_message(self) -> bool:
        return any(control.type == "textarea" and not control.is_trap for control in self.asked)

    @Once
    def method(self) -> str:
        method = (self.element.get("method") or "get").strip().lower()
        return method if method in ("get", "post", "dialog") else "get"

    @Once
    def action(self) -> str:
        return squeeze(self.element.get("action") or "")

    @Once
    def code(self) -> str:
        """What the author calls the form."""
        keys = ("id", "name", "class", "role", "data-form", "aria-label", "onsubmit")
        return " ".join(part for key in keys if (part := self.element.get(key)))[:300]

    @Once
    def buttons(self) -> list[str]:
        """What is written on the buttons."""
        said = []
        for control in self.controls:
            if control.is_button:
                own = TEXT_OF(control.element) if control.element.tag == "button" else control.get("value")
                words = squeeze(f"{own or ''} {control.get('alt')} {control.get('title')}")
                said.append(words[:60] or control.get("aria-label")[:60])
        return [text for text in said if text][:6]

    @Once
    def heading(self) -> str:
        """The words before the form, the nearest first."""
        said, length = [], 0
        for text in _texts_before(self.element):
            if words := squeeze(text[-ENOUGH:]):
                said.append(words)
                length += len(words)
                if length > ENOUGH:
                    break
        return " ".join(said)[:200]

    @Once
    def boxes(self) -> str:
        """What the elements around the form are called."""
        said, element = [], self.element.getparent()
        for _ in range(3):
            if element is None or element.tag in ("body", "html"):
                break
            said += [element.get("id") or "", element.get("class") or ""]
            element = element.getparent()
        return " ".join(part for part in said if part)[:200]

    @Once
    def place(self) -> str:
        """Path and query of the page's address."""
        try:
            parts = urlsplit(self.document.url)
        except ValueError:
            return ""
        return f"{parts.path} {parts.query}"[:200]

    @Once
    def target(self) -> str:
        """Where the form is sent, without the scheme; on another site with its host."""
        return re.sub(r"^(?:https?:)?//", "", self.action, flags=re.IGNORECASE)[:160]

    @Once
    def needs_script(self) -> bool:
        """No server would take the form as it stands: it names no place to go or its fields have no names."""
        unnamed = bool(self.typed) and not any(control.name for control in self.typed)
        if unnamed or not SCRIPT_ONLY.match(self.action):
            return unnamed
        handled = self.element.get("onsubmit") or HANDLED.search(self.code)
        reachable = self.has_message or bool({"email", "phone"} & self.asks_for)
        return bool((handled or self.method == "get") and reachable)


def _texts_before(element: Any) -> Iterator[str]:
    """Pieces of text before an element, going backwards through the page for some steps."""
    for _ in range(MOST_STEPS):
        previous = element.getprevious()
        if previous is None:
            element = element.getparent()
            if element is None or element.tag == "body":
                return
        else:
            texts, element = _down_the_end(previous)
            yield from texts
        if element.tag not in UNREAD and element.text:
            yield element.text


def _down_the_end(element: Any) -> tuple[list[str], Any]:
    """The last element within one, and what stands behind each on the way to it."""
    texts = [element.tail] if element.tail else []
    for _ in range(MOST_STEPS):
        if element.tag in UNREAD or not len(element):
            break
        element = element[-1]
        if element.tail:
            texts.append(element.tail)
    return texts, element
