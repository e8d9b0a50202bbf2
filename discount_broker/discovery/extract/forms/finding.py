"""The forms of a page: what each is for, and the one by which a shop can be written to."""

from discount_broker.discovery.extract.forms.captchas import captcha_of
from discount_broker.discovery.extract.forms.controls import Control, Labels
from discount_broker.discovery.extract.forms.descriptions import FieldRole, FormField, FormKind, FoundForm
from discount_broker.discovery.extract.forms.kinds import is_plain_search, kind_of
from discount_broker.discovery.extract.forms.roles import plain_role, quick_roles, roles_of
from discount_broker.discovery.extract.forms.traits import Traits
from discount_broker.discovery.extract.forms.weights import Weights, weights_of
from discount_broker.discovery.extract.pages.page import open_document

MOST_FORMS = 200
SURE = 0.97
"""Confidence in what is told at a glance: so many of the labelled forms were told right."""


def find_forms(html: str, page_url: str) -> list[FoundForm]:
    """Every `<form>` of the page, in document order."""
    document = open_document(html, page_url)
    labels = Labels(document)
    elements = list(document.tree.iter("form"))
    if not elements:
        return []
    kinds, roles = weights_of("kinds"), weights_of("roles")
    return [
        read_form(Traits(element, document, labels, index, len(elements)), kinds, roles)
        for index, element in enumerate(elements[:MOST_FORMS])
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


def read_form(form: Traits, kinds: Weights, fields: Weights) -> FoundForm:
    if is_plain_search(form):
        roles = {control: plain_role(control) or FieldRole.OTHER for control in form.bare}
        return _found(form, roles, (FormKind.SEARCH, SURE, ("one field, called a search",)))
    may_carry_letter = form.has_message or (len(form.typed) > 2 and not form.types["password"])
    roles = roles_of(form.controls, fields) if may_carry_letter else quick_roles(form.controls)
    return _found(form, roles, kind_of(form, roles.values(), kinds))


def _found(
    form: Traits, roles: dict[Control, FieldRole], told: tuple[FormKind, float, tuple[str, ...]]
) -> FoundForm:
    kind, confidence, why = told
    return FoundForm(
        index=form.index,
        kind=kind,
        confidence=confidence,
        action=_address(form, roles),
        method=form.method,
        enctype=(form.element.get("enctype") or "application/x-www-form-urlencoded").strip().lower(),
        captcha=captcha_of(form.element, form.labels.mention_captcha, roles.values()),
        fields=tuple(
            FormField(control.name, role, control.type, control.is_required)
            for control, role in roles.items()
            if control.name
        ),
        needs_script=kind != FormKind.SEARCH and form.needs_script,
        why=why,
    )


def _address(form: Traits, roles: dict[Control, FieldRole]) -> str:
    """Where a browser would send the form; a button may have a place of its own."""
    own = next((c.get("formaction") for c in roles if c.is_button and c.get("formaction")), "")
    action = own or form.action
    document = form.document
    return (
        document.resolve(action) if action and not action.lower().startswith("javascript:") else document.url
    )
