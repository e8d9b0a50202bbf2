"""The controls of a form with the words that stand by each of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from discount_broker.discovery.extract.forms.once import Once
from discount_broker.discovery.extract.forms.traps import is_bait, is_called_a_trap
from discount_broker.discovery.extract.pages.page import Document, is_hidden, squeeze

MOST_CONTROLS = 400
CONTROLS = ("input", "textarea", "select", "button")
TYPED = frozenset({"text", "email", "tel", "textarea", "url", "number", "search", "date"})
TEXT_TYPES = frozenset({"text", "email", "tel", "url", "number", "search"})
"""Types of an `<input>` that a person writes into; what a browser does not know, it takes for text."""
KNOWN_TYPES = TEXT_TYPES | {
    "hidden", "submit", "button", "image", "reset", "checkbox", "radio", "password", "file", "date", "range",
    "color", "datetime-local", "month", "week", "time",
}  # fmt: skip
OFF_SCREEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0*)?(?![.\d])|"
    r"(?:left|top|right|text-indent|margin-left|margin-top)\s*:\s*-\d{3,}|(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*[01]px|"
    r"clip\s*:\s*rect\(\s*[01]|scale\(0\)",
    re.IGNORECASE,
)
CAPTCHA_MARKS = ("aptcha", "APTCHA", "smart-token", "urnstile")
"""Where a page speaks of none of these, no form of it is looked through for riddles."""
RULE = re.compile(r"([.#][A-Za-z_][\w-]*)\s*\{([^{}]*)\}")
AWAY = re.compile(
    r"(?:left|top|right|text-indent)\s*:\s*-\d{3,}|opacity\s*:\s*0(?![.\d])|"
    r"clip\s*:\s*rect\(\s*[01]"
)
"""Rules that hide from people what robots see. What is not displayed may yet be shown by a script."""
FAR = re.compile(r":\s*-\d{3}")
"""What AWAY looks for, without a word, before it: a quick look at a whole sheet."""
NEVER_COMPLETED = ("off", "nope", "new-password")
HINTS = ("placeholder", "aria-label", "title", "data-placeholder", "alt")
LABEL_TEXTS: Callable[[Any], Any] = etree.XPath(
    "descendant::text()[not(parent::option or parent::script or parent::style or parent::textarea)]",
    smart_strings=False,
)


@dataclass(eq=False)
class Control:
    """One control that a form would send, or a button of it."""

    element: Any
    form: Any
    attributes: dict[str, str]
    type: str
    """The input's type, or the tag's name."""
    labels: "Labels"
    before: str = ""
    """What stands between the control before and this one."""
    after: str = ""
    """What stands between this control and the next."""
    picture: str = ""
    """The source of a picture that stands right before or behind."""
    lead: str = ""
    """What stands before the first of a row of boxes."""

    def get(self, key: str) -> str:
        return self.attributes.get(key) or ""

    @property
    def name(self) -> str:
        return self.get("name").strip()

    @Once
    def is_button(self) -> bool:
        if self.type == "button" and self.element.tag == "button":
            return self.get("type").strip().lower() in ("submit", "button", "")
        return self.type in ("submit", "image") or (self.type == "button" and bool(self.get("value")))

    @property
    def is_typed(self) -> bool:
        """A person writes into it."""
        return self.type in TYPED

    @property
    def is_box(self) -> bool:
        return self.type in ("checkbox", "radio")

    @Once
    def is_required(self) -> bool:
        return self.type != "hidden" and (
            "required" in self.attributes
            or self.get("aria-required") == "true"
            or "required" in self.get("class").lower()
            or "*" in self.label
        )

    @Once
    def code(self) -> str:
        """What the page's author calls it: name, id and autocomplete."""
        parts = (self.name, self.get("id"), self.get("autocomplete"), self.get("data-name"))
        return " ".join(part for part in parts if part)[:160]

    @Once
    def hint(self) -> str:
        """What stands in the field until something is written into it."""
        said = [text for key in HINTS if (text := self.attributes.get(key))]
        value = self.get("value") if self.type in ("text", "search", "email") else ""
        if 2 < len(value) < 60 and value.strip():
            said.append(value)
        return squeeze(" ".join(said))[:160] if said else ""

    @Once
    def label(self) -> str:
        """What the page's reader is told: its label, or the text that stands where a label would."""
        own = self.labels.of(self)
        if own:
            return own
        if self.is_box:
            return self.after or self.before
        return "" if self.hint else self.before or self.after

    @Once
    def said(self) -> str:
        """All that tells a reader what belongs here."""
        return f"{self.hint} {self.label}".strip()

    @Once
    def choices(self) -> str:
        """The first options of a select, in words."""
        if self.type != "select":
            return ""
        options = [
            option.text or "" for option, _ in zip(self.element.iter("option"), range(6), strict=False)
        ]
        return squeeze(" ".join(options))[:200]

    @Once
    def is_out_of_sight(self) -> bool:
        """Hidden by its own style, or by an element between it and the form."""
        element = self.element
        for _ in range(8):
            if element is None or element is self.form:
                break
            style = element.get("style")
            if is_hidden(element) or (style and OFF_SCREEN.search(style)):
                return True
            element = element.getparent()
        return False

    @Once
    def is_trap(self) -> bool:
        """A field that no person sees or is told to leave alone: only a robot would fill it."""
        if not self.is_typed and self.type != "checkbox":
            return False
        if is_called_a_trap(f"{self.code} {self.said} {self.surroundings} {self.after}"):
            return True
        if self.is_out_of_sight or (is_bait(self.code) and self.labels.is_styled_away(self.element)):
            return self.type in ("text", "email", "url", "tel") and is_bait(self.code)
        unreachable = self.get("tabindex") == "-1" and self.get("autocomplete") in NEVER_COMPLETED
        return unreachable and self.is_typed and (self.get("aria-hidden") == "true" or is_bait(self.code))

    @Once
    def surroundings(self) -> str:
        """Classes and ids of the control and of the two elements around it."""
        parts, element = [], self.element
        for _ in range(3):
            if element is None or element is self.form:
                break
            parts += [element.get("class") or "", element.get("id") or ""]
            element = element.getparent()
        return " ".join(part for part in parts if part)[:300]


@dataclass
class Labels:
    """What the page says of its controls outside their forms, looked up only when one asks."""

    document: Document
    _texts: dict[str, str] = field(default_factory=dict)

    @Once
    def _by_id(self) -> dict[str, Any]:
        return {label.get("for"): label for label in self.document.tree.iter("label")}

    def of(self, control: Control) -> str:
        identity = control.attributes.get("id")
        label = self._by_id.get(identity) if identity else None
        if label is None and self._by_id:
            label = next(control.element.iterancestors("label", "form"), None)
            label = None if label is None or label.tag == "form" else label
        return squeeze("".join(LABEL_TEXTS(label))[:600])[:160] if label is not None else ""

    def is_styled_away(self, element: Any) -> bool:
        """The page's own style sheet puts the field, or the box right around it, off the screen."""
        if not self._styled_away:
            return False
        parent = element.getparent()
        return any(
            not self._styled_away.isdisjoint(marks_of(box)) for box in (element, parent) if box is not None
        )

    @Once
    def _styled_away(self) -> frozenset[str]:
        if "<style" not in self.document.html:
            return frozenset()
        sheets = "\n".join(sheet.text or "" for sheet in self.document.tree.iter("style"))
        if not FAR.search(sheets) and "opacity" not in sheets and "rect(" not in sheets:
            return frozenset()
        return frozenset(mark for mark, rules in RULE.findall(sheets) if AWAY.search(rules))

    @Once
    def mention_captcha(self) -> bool:
        return any(mark in self.document.html for mark in CAPTCHA_MARKS)

    @Once
    def tied(self) -> dict[str, list[Any]]:
        """Controls that name, by an attribute, the form they belong to."""
        found: dict[str, list[Any]] = {}
        if " form=" in self.document.html:
            for element in self.document.tree.xpath("//*[@form]"):
                if element.tag in CONTROLS:
                    found.setdefault(element.get("form"), []).append(element)
        return found


def marks_of(element: Any) -> set[str]:
    """Classes and id of an element as a style sheet writes them."""
    classes = {f".{name}" for name in (element.get("class") or "").split()}
    return classes | {f"#{element.get('id')}"}


def type_of(element: Any, attributes: dict[str, str]) -> str:
    if element.tag != "input":
        return str(element.tag)
    written = (attributes.get("type") or "text").strip().lower()
    return written if written in KNOWN_TYPES else "text"


def bare_controls(form: Any, labels: Labels) -> list[Control]:
    """The controls without the words around them: enough for the forms that are told at a glance."""
    found = []
    for element, _ in zip(form.iter(*CONTROLS), range(MOST_CONTROLS), strict=False):
        attributes = dict(element.attrib)
        found.append(Control(element, form, attributes, type_of(element, attributes), labels))
    return found
