"""What can be seen of a form at a glance, counted once for all the rules."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from discount_broker.discovery.extract.form_controls import Control
from discount_broker.discovery.extract.form_roles import role_of
from discount_broker.discovery.extract.forms import Captcha, FieldRole
from discount_broker.discovery.extract.page import Document, inner_text, squeeze

CAPTCHA_MARKS = (
    (Captcha.SMARTCAPTCHA, re.compile(r"smart-captcha|smartcaptcha|smart-token", re.IGNORECASE)),
    (Captcha.TURNSTILE, re.compile(r"cf-turnstile|challenges\.cloudflare\.com/turnstile", re.IGNORECASE)),
    (Captcha.HCAPTCHA, re.compile(r"h-captcha|hcaptcha", re.IGNORECASE)),
    (Captcha.RECAPTCHA, re.compile(r"g-recaptcha|recaptcha", re.IGNORECASE)),
)


@dataclass(frozen=True, eq=False)
class Traits:
    """A form with its controls, their roles and its words."""

    element: Any
    document: Document
    controls: tuple[Control, ...]

    @cached_property
    def roles(self) -> dict[Control, FieldRole]:
        roles = {control: role_of(control) for control in self.controls}
        if FieldRole.LAST_NAME in roles.values() and FieldRole.FIRST_NAME not in roles.values():
            # "Name" beside "Surname" asks for the first name.
            return {c: FieldRole.FIRST_NAME if role == FieldRole.NAME else role for c, role in roles.items()}
        return roles

    @cached_property
    def counted(self) -> Counter[FieldRole]:
        return Counter(role for control, role in self.roles.items() if control.type != "hidden")

    @cached_property
    def types(self) -> Counter[str]:
        return Counter(control.type for control in self.controls)

    def has(self, *roles: FieldRole) -> bool:
        return any(self.counted[role] for role in roles)

    @cached_property
    def asked(self) -> list[Control]:
        """What a person fills or chooses."""
        return [
            control
            for control, role in self.roles.items()
            if (control.is_typed or control.type in ("select", "checkbox", "radio", "password", "file"))
            and role != FieldRole.HONEYPOT
        ]

    @cached_property
    def typed(self) -> list[Control]:
        return [control for control in self.asked if control.is_typed]

    @cached_property
    def method(self) -> str:
        method = (self.element.get("method") or "get").strip().lower()
        return method if method in ("get", "post", "dialog") else "get"

    @cached_property
    def action(self) -> str:
        return squeeze(self.element.get("action") or "")

    @cached_property
    def code(self) -> str:
        """What the author calls the form: id, name, class, action."""
        parts = [
            self.element.get(key)
            for key in ("id", "name", "class", "action", "onsubmit", "role", "data-form", "aria-label")
        ]
        return " ".join(part for part in parts if part)[:600].lower()

    @cached_property
    def buttons(self) -> str:
        """What is written on the buttons."""
        said = []
        for control in self.controls:
            if control.is_button:
                own = (
                    inner_text(control.element)
                    if control.element.tag == "button"
                    else control.element.get("value")
                )
                said += [
                    own or "",
                    control.element.get("alt") or "",
                    control.element.get("title") or "",
                    control.name,
                ]
        return " ".join(said).lower()[:300]

    @cached_property
    def names(self) -> str:
        """What the author calls the fields."""
        return " | ".join(control.code for control in self.controls if not control.is_button)[:2000]

    @cached_property
    def labels(self) -> str:
        return " | ".join(control.label for control in self.asked)[:2000]

    @cached_property
    def text(self) -> str:
        """What stands in the form."""
        return inner_text(self.element)[:1500].lower()

    @cached_property
    def heading(self) -> str:
        """The words before the form: the lines above it, and what the boxes it stands in are called."""
        said, element = [], self.element
        for _ in range(4):
            previous = element.getprevious()
            for _ in range(3):
                if previous is None:
                    break
                if previous.tag not in ("form", "script", "style", "nav", "ul", "table"):
                    said.append(inner_text(previous)[-160:])
                previous = previous.getprevious()
            element = element.getparent()
            if element is None or element.tag in ("body", "main", "html"):
                break
            said.append(" ".join(element.get(key) or "" for key in ("id", "class")))
            if len(" ".join(said)) > 200:
                break
        return squeeze(" ".join(said)).lower()[:400]

    @cached_property
    def captcha(self) -> Captcha | None:
        marks = " ".join(
            (element.get("class") or "")
            + " "
            + (element.get("src") or "")
            + " "
            + (element.get("name") or "")
            for element in self.element.iter("div", "span", "script", "iframe", "input", "textarea", "img")
        )
        for kind, pattern in CAPTCHA_MARKS:
            if pattern.search(marks):
                return kind
        if not self.has(FieldRole.CAPTCHA):
            return None
        return Captcha.IMAGE if self.element.find(".//img") is not None else Captcha.OTHER

    @cached_property
    def needs_script(self) -> bool:
        """No server would take the form as it stands: it names no place to go or its fields have no names."""
        script_only = re.match(r"(?:javascript:|#|about:)", self.action) or not self.action
        handled = self.element.get("onsubmit") or re.search(
            r"ajax|js-|wpcf7|t-form|elementor-form|webform", self.code
        )
        unnamed = self.typed and not any(control.name for control in self.typed)
        return bool(
            unnamed
            or (
                script_only
                and (handled or self.method == "get")
                and self.has(FieldRole.MESSAGE, FieldRole.EMAIL, FieldRole.PHONE)
            )
        )
