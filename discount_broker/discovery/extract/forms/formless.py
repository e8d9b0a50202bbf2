"""Ways to write that are no `<form>` of the page: forms of other services, fields that a script sends."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from discount_broker.discovery.extract.forms.controls import CONTROLS
from discount_broker.discovery.extract.forms.words import concepts_of, words_of
from discount_broker.discovery.extract.pages.page import Document, squeeze

SERVICES = {
    "HubSpot": ("hbspt.forms.create", "hsforms.net", "hsforms.com"),
    "Bitrix24": ("/crm/form/loader_", "data-b24-form", "b24form"),
    "Typeform": (
        "embed.typeform.com",
        ".typeform.com/to/",
        "data-tf-widget",
        "data-tf-live",
        "data-tf-popup",
    ),
    "JotForm": ("form.jotform", "jotform.com/jsform", "jotform.com/form/", "jotform.me/"),
    "Google Forms": ("docs.google.com/forms/", "//forms.gle/"),
    "Yandex Forms": ("//forms.yandex.",),
    "Microsoft Forms": ("forms.office.com/", "forms.microsoft.com/"),
    "amoCRM": ("forms.amocrm.", "forms.kommo.", "amo_forms_"),
    "Tally": ("//tally.so/",),
    "Wufoo": ("wufoo.com/embed", "wufoo.com/forms", "wufoo.com/scripts", "wufoo.eu/forms"),
    "Formstack": ("formstack.com/forms/",),
    "Cognito Forms": ("cognitoforms.com/",),
    "Zoho Forms": ("forms.zoho",),
    "123FormBuilder": ("123formbuilder.com/", "123contactform.com/"),
    "Paperform": ("paperform.co/", "data-paperform-id"),
    "Airtable": ("airtable.com/embed/",),
    "Marketo": ("MktoForms2.loadForm",),
    "Salesforce": ("servlet.WebToLead", "servlet.WebToCase"),
}
"""Services that put a form into other people's pages, and what their markup or script says."""
LOOSE_FIELDS: Callable[[Any], Any] = etree.XPath(
    "//*[self::textarea or self::input[not(@type) or @type='text' or @type='email' or @type='tel'"
    " or @type='phone']][not(ancestor::form) and not(@form)]",
    smart_strings=False,
)
MOST_LOOSE = 60
MOST_CLIMBED = 6
REACHED = frozenset({"email", "phone"})
BUTTONS: Callable[[Any], Any] = etree.XPath(
    "descendant::*[self::button or @role='button' or self::input[@type='button' or @type='submit']"
    " or self::a[contains(@class, 'btn') or contains(@class, 'button') or contains(@class, 'submit')]][1]",
)


@dataclass(frozen=True)
class FormlessDoor:
    """Something to write to the shop by that a person can use in a browser and no program can send."""

    service: str
    """Who runs the form; empty when the page's own script does."""
    why: str


def find_formless(document: Document) -> list[FormlessDoor]:
    """Ways to write beside the page's `<form>` elements, each service once."""
    return [*_of_services(document), *_of_loose_fields(document)]


def _of_services(document: Document) -> Iterator[FormlessDoor]:
    html = document.html
    for service, marks in SERVICES.items():
        if mark := next((mark for mark in marks if mark in html), None):
            yield FormlessDoor(service, f"the page loads a form of {service}: {mark}")


def _of_loose_fields(document: Document) -> Iterator[FormlessDoor]:
    """Fields outside of all forms with a button by them, the nearest such box around a field."""
    if "<textarea" not in document.html and "<TEXTAREA" not in document.html:
        return
    taken: set[Any] = set()
    for field in LOOSE_FIELDS(document.tree)[:MOST_LOOSE]:
        box = _box_with_button(field)
        if box is None or box in taken:
            continue
        taken.add(box)
        if (door := _door_in(box)) is not None:
            yield door


def _box_with_button(field: Any) -> Any:
    box = field.getparent()
    for _ in range(MOST_CLIMBED):
        if box is None or box.tag in ("body", "html"):
            return None
        if BUTTONS(box):
            return box
        box = box.getparent()
    return None


def _door_in(box: Any) -> FormlessDoor | None:
    fields = [element for element, _ in zip(box.iter(*CONTROLS), range(MOST_LOOSE), strict=False)]
    if any(field.get("type") == "password" or field.get("type") == "search" for field in fields):
        return None
    asked: set[str] = set()
    for field in fields:
        if field.tag in ("input", "textarea") and field.get("type") not in ("hidden", "submit", "button"):
            asked |= _asked_by(field)
    if not REACHED & asked or not any(field.tag == "textarea" for field in fields):
        return None
    return FormlessDoor("", "a text and an address are asked for outside of any form: a script sends them")


def _asked_by(field: Any) -> set[str]:
    keys = ("type", "name", "id", "placeholder", "aria-label")
    text = squeeze(" ".join(field.get(key) or "" for key in keys))[:200]
    found = {concept for word in words_of(text) for concept in concepts_of(word)}
    return found | set(concepts_of(text.lower()))
