"""The controls of a form with the words that stand by each of them."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from discount_broker.discovery.extract.page import Document, inner_text, is_hidden, squeeze

MOST_CONTROLS = 400
CONTROLS = frozenset({"input", "textarea", "select", "button"})
OFF_SCREEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0*)?(?![.\d])|(?:left|"
    r"top|text-indent|margin-left)\s*:\s*-\d{3,}|"
    r"(?:^|;)\s*(?:width|height)\s*:\s*[01]px",
    re.IGNORECASE,
)
CAMEL = re.compile(r"(?<=[a-zа-я])(?=[A-ZА-Я])")


@dataclass(frozen=True, eq=False)
class Control:
    """One control that a form would send, or a button of it."""

    element: Any
    form: Any
    labels: dict[str, str]
    """Texts of the page's `<label for>` elements by id."""

    @property
    def name(self) -> str:
        return (self.element.get("name") or "").strip()

    @cached_property
    def type(self) -> str:
        """The input's type, or the tag's name."""
        if self.element.tag != "input":
            return str(self.element.tag)
        return (self.element.get("type") or "text").strip().lower()

    @cached_property
    def is_button(self) -> bool:
        if self.element.tag == "button":
            return (self.element.get("type") or "submit").strip().lower() in ("submit", "button", "")
        return self.type in ("submit", "image") or (self.type == "button" and bool(self.element.get("value")))

    @cached_property
    def is_typed(self) -> bool:
        """A person writes into it."""
        return self.type in ("text", "email", "tel", "textarea", "url", "number", "search", "date")

    @cached_property
    def is_required(self) -> bool:
        classes = self.element.get("class") or ""
        return (
            self.element.get("required") is not None
            or self.element.get("aria-required") == "true"
            or "required" in classes.lower()
            or "*" in self.label
        )

    @cached_property
    def code(self) -> str:
        """What the page's author calls it: name, id and autocomplete, in words."""
        parts = (
            self.name,
            self.element.get("id"),
            self.element.get("autocomplete"),
            self.element.get("data-name"),
        )
        words = re.sub(r"[\W_]+", " ", CAMEL.sub(" ", " ".join(part for part in parts if part)))
        return words.lower()[:200]

    @cached_property
    def label(self) -> str:
        """What the page's reader is told: label, placeholder, title, and the text before it."""
        attributes = ("placeholder", "aria-label", "title", "data-placeholder", "alt")
        said = [self.element.get(key) for key in attributes] + [self._own_label(), self._default()]
        words = squeeze(" ".join(text for text in said if text))
        if not words and self.type in ("checkbox", "radio"):
            words = self._text_after()
        return (words or self._text_before()).lower()[:200]

    def _own_label(self) -> str:
        by_id = self.labels.get(self.element.get("id") or "", "")
        if by_id:
            return by_id
        parent = self.element.getparent()
        for _ in range(4):
            if parent is None or parent is self.form:
                return ""
            if parent.tag == "label":
                return inner_text(parent)[:200]
            parent = parent.getparent()
        return ""

    def _default(self) -> str:
        """A text field's value is often the hint that vanishes on the first click."""
        value = self.element.get("value") or "" if self.type in ("text", "search", "email") else ""
        return value if re.search(r"[^\W\d_]{3}", value) and len(value) < 60 else ""

    def _text_after(self) -> str:
        """A box is explained behind it."""
        following = self.element.getnext()
        return squeeze(self.element.tail or "") or (
            inner_text(following)[:200] if following is not None else ""
        )

    def _text_before(self) -> str:
        """The nearest words before the control, within its row or paragraph."""
        element = self.element
        for _ in range(4):
            previous, tail = element.getprevious(), ""
            while previous is not None and previous.tag not in CONTROLS:
                tail = squeeze(previous.tail or "") or inner_text(previous)
                if len(tail) > 1:
                    return tail[-120:]
                previous = previous.getprevious()
            parent = element.getparent()
            if parent is None:
                return ""
            lead = squeeze(parent.text or "")
            if previous is None and lead:
                return lead[-120:]
            if parent is self.form or previous is not None:
                return ""
            element = parent
        return ""

    @cached_property
    def choices(self) -> str:
        """The options of a select, in words."""
        if self.type != "select":
            return ""
        return squeeze(" ".join(inner_text(option) for option in self.element.iter("option")))[:400].lower()

    @cached_property
    def is_out_of_sight(self) -> bool:
        """Hidden by its own style, or by an element between it and the form."""
        element = self.element
        while element is not None and element is not self.form:
            if is_hidden(element) or OFF_SCREEN.search(element.get("style") or ""):
                return True
            element = element.getparent()
        return False

    @cached_property
    def surroundings(self) -> str:
        """Classes and ids of the control and of the two elements around it."""
        parts, element = [], self.element
        for _ in range(3):
            if element is None or element is self.form:
                break
            parts += [element.get("class") or "", element.get("id") or ""]
            element = element.getparent()
        return " ".join(parts).lower()


def controls_of(form: Any, document: Document, labels: dict[str, str]) -> list[Control]:
    """In document order; controls elsewhere that name the form by its id come last."""
    own = [element for element in form.iter(*CONTROLS) if _belongs(element, form)]
    identity = form.get("id")
    if identity:
        tied = document.tree.xpath("//*[@form=$identity]", identity=identity)
        own += [
            element
            for element in tied
            if element.tag in CONTROLS and form not in element.iterancestors("form")
        ]
    return [Control(element, form, labels) for element in own[:MOST_CONTROLS]]


def _belongs(element: Any, form: Any) -> bool:
    owner = element.get("form")
    return (not owner or owner == form.get("id")) and next(element.iterancestors("form"), None) is form


def labels_of(document: Document) -> dict[str, str]:
    """Texts of `<label for=…>` by the id they are for."""
    return {
        label.get("for"): inner_text(label)[:200] for label in document.tree.iter("label") if label.get("for")
    }
