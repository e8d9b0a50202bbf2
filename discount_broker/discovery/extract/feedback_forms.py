"""The forms of a page: what each is for, and the one by which a shop can be written to."""

import math
import re

from discount_broker.discovery.extract.form_controls import controls_of, labels_of
from discount_broker.discovery.extract.form_signs import SIGNS
from discount_broker.discovery.extract.form_traits import Traits
from discount_broker.discovery.extract.form_words import CALLBACK
from discount_broker.discovery.extract.forms import FieldRole, FormField, FormKind, FoundForm
from discount_broker.discovery.extract.page import Document, open_document

MOST_FORMS = 200


def find_forms(html: str, page_url: str) -> list[FoundForm]:
    """Every `<form>` of the page, in document order."""
    document = open_document(html, page_url)
    labels = labels_of(document)
    elements = list(document.tree.iter("form"))[:MOST_FORMS]
    return [
        _described(index, Traits(element, document, tuple(controls_of(element, document, labels))), document)
        for index, element in enumerate(elements)
    ]


def best_contact_form(forms: list[FoundForm]) -> FoundForm | None:
    """The form that carries a letter to the shop; one without captcha and script before the others."""
    fit = [form for form in forms if form.kind == FormKind.CONTACT and _carries_letter(form)]
    return max(
        fit,
        key=lambda form: form.confidence - 0.3 * (form.captcha is not None) - 0.2 * form.needs_script,
        default=None,
    )


def _carries_letter(form: FoundForm) -> bool:
    roles = {field.role for field in form.fields}
    return FieldRole.MESSAGE in roles and form.method != "dialog"


def _described(index: int, form: Traits, document: Document) -> FoundForm:
    kind, confidence, why = _kind(form)
    submitter = next(
        (control for control in form.controls if control.is_button and control.element.get("formaction")),
        None,
    )
    action = submitter.element.get("formaction") if submitter else form.action
    return FoundForm(
        index=index,
        kind=kind,
        confidence=confidence,
        action=document.resolve(action)
        if action and not action.lower().startswith("javascript:")
        else document.url,
        method=form.method,
        enctype=(form.element.get("enctype") or "application/x-www-form-urlencoded").strip().lower(),
        captcha=form.captcha,
        fields=tuple(
            FormField(control.name, role, control.type, control.is_required)
            for control, role in form.roles.items()
            if control.name
        ),
        needs_script=form.needs_script,
        why=why,
    )


def _kind(form: Traits) -> tuple[FormKind, float, tuple[str, ...]]:
    """The kind with the heaviest signs; how much heavier than the next decides the confidence."""
    scores = dict.fromkeys(FormKind, 0.0)
    seen: dict[FormKind, list[str]] = {kind: [] for kind in FormKind}
    for sign in SIGNS:
        if sign.holds(form):
            scores[sign.kind] += sign.weight
            if sign.weight > 0:
                seen[sign.kind].append(sign.name)
    best = max(scores, key=lambda kind: scores[kind])
    others = sum(math.exp(score - scores[best]) for score in scores.values())
    confidence = 1 / others
    if best == FormKind.CONTACT and not form.types["textarea"]:
        confidence *= 0.6 if re.search(CALLBACK, form.code + form.heading + form.buttons) else 0.8
    return best, round(min(confidence, 0.99), 2), tuple(seen[best])
