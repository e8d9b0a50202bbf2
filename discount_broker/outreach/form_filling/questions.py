"""What a form asks a person, told apart from what it only shows, hides or repeats."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from discount_broker.discovery.extract.forms.controls import OFF_SCREEN, Labels
from discount_broker.discovery.extract.forms.descriptions import FieldRole, FormField
from discount_broker.discovery.extract.pages.page import is_hidden, squeeze
from discount_broker.outreach.form_filling.drafts import Corrections, Fix, OpenForm
from discount_broker.outreach.form_filling.entry_list import Entry, controls_of, entries_of
from discount_broker.outreach.form_filling.sight import is_called_hidden

HINTS = ("placeholder", "aria-label", "title")
TYPED = ("input", "textarea")
NOT_TYPED = {
    "checkbox", "radio", "select", "hidden", "file", "submit", "image", "button", "dirname", "range", "color",
}  # fmt: skip
ONLY_A_NAME = re.compile(r"(?:your|full|user|customer|contact|sender|visitor)?[-_ .]?name", re.IGNORECASE)
AGAIN = re.compile(
    r"confirm|repeat|again|verif|re-?type|re-?enter|bestätig|wiederhol|herhaal|ripeti|повтор|подтверд"
    r"|ещ[её] раз",
    re.IGNORECASE,
)
OF_PHONES = re.compile(r"phone|tel|mob|cell|handy|gsm|contact.?n|тел|моб", re.IGNORECASE)
STEP = 3
"""A hidden box with so many fields to type in is a later step of the form, and no trap."""


@dataclass(frozen=True)
class Question:
    """One entry of the form with what it means."""

    entry: Entry
    role: FieldRole
    is_demanded: bool
    said: str = ""
    """All that tells a reader what belongs here."""
    is_later: bool = False
    """The same is asked before: left empty unless demanded."""

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def is_typed(self) -> bool:
        return self.entry.kind not in NOT_TYPED


def questions_of(form: OpenForm, corrections: Corrections) -> list[Question]:
    """The entries in tree order, each with its meaning."""
    described = _described(form)
    labels = Labels(form.document)
    questions = []
    for entry in entries_of(form.element):
        field = described.get(entry.control)
        role = field.role if field else FieldRole.OTHER
        said = said_of(entry.control, entry.name)
        is_demanded = bool(field and field.is_required) or _must_be(entry.name, corrections)
        questions.append(Question(entry, _seen_again(entry, role, said), is_demanded, said))
    return _without_repeats(_without_traps(questions, form, labels))


def _described(form: OpenForm) -> dict[Any, FormField]:
    """What was told of each control; fields of one name are told apart by their order."""
    waiting: dict[str, list[FormField]] = defaultdict(list)
    for field in form.found.fields:
        waiting[field.name].append(field)
    described = {}
    for control in controls_of(form.element):
        told = waiting.get((control.get("name") or "").strip())
        if told:
            described[control] = told.pop(0) if len(told) > 1 else told[0]
    return described


def said_of(control: Any, name: str = "") -> str:
    """Its label, hint and name."""
    hints = [control.get(key) or "" for key in HINTS]
    return squeeze(" ".join([label_of(control), *hints, name]))[:300]


def label_of(control: Any) -> str:
    identity = control.get("id")
    labels = control.getroottree().xpath("//label[@for=$identity]", identity=identity) if identity else []
    around = next(control.iterancestors("label"), None)
    return " ".join(" ".join(label.itertext()) for label in (*labels, around) if label is not None)


def _must_be(name: str, corrections: Corrections) -> bool:
    return name in corrections and corrections[name].fix == Fix.DEMANDED


def _seen_again(entry: Entry, role: FieldRole, said: str) -> FieldRole:
    """A field that its author plainly calls a name is none for an address."""
    is_name = entry.kind == "text" and ONLY_A_NAME.fullmatch(entry.name.strip())
    if role == FieldRole.EMAIL and is_name and "mail" not in said.lower():
        return FieldRole.NAME
    return role


def _without_traps(questions: list[Question], form: OpenForm, labels: Labels) -> list[Question]:
    """Fields that no person sees are left as served, unless they are all there is to carry the letter."""
    seen = {q.role for q in questions if q.is_typed and not _is_out_of_sight(q.entry.control, form, labels)}
    return [
        replace(q, role=FieldRole.HONEYPOT, is_demanded=False)
        if q.is_typed and _is_trap(q, seen) and _is_out_of_sight(q.entry.control, form, labels)
        else q
        for q in questions
    ]


def _is_trap(question: Question, seen: Iterable[FieldRole]) -> bool:
    needed = {FieldRole.MESSAGE, FieldRole.EMAIL}
    return question.role not in needed or question.role in seen


def _is_out_of_sight(control: Any, form: OpenForm, labels: Labels) -> bool:
    if control.get("aria-hidden") == "true" or is_called_hidden(control):
        return True
    element = control
    while element is not None and element is not form.element:
        if element is not control and _is_step(element):
            return False
        is_away = OFF_SCREEN.search(element.get("style") or "") or labels.is_styled_away(element)
        if is_hidden(element) or is_away:
            return True
        element = element.getparent()
    return False


def _is_step(box: Any) -> bool:
    fields = (f for f in box.iter(*TYPED) if (f.get("type") or "text").lower() not in NOT_TYPED)
    return sum(1 for _, _ in zip(fields, range(STEP), strict=False)) >= STEP


def _without_repeats(questions: list[Question]) -> list[Question]:
    """Of several addresses the first that is wanted is ours; another only if it asks for the same again."""
    for role in (FieldRole.EMAIL, FieldRole.PHONE, FieldRole.MESSAGE):
        asked = [q for q in questions if q.role == role and q.is_typed]
        if len(asked) < 2:
            continue
        first = next((q for q in asked if q.is_demanded), None) or _nearest(asked, questions, role)
        later = [q for q in asked if q is not first and not q.is_demanded and not _is_again(q, role)]
        questions = [replace(q, is_later=True) if q in later else q for q in questions]
    return questions


def _nearest(asked: list[Question], questions: list[Question], role: FieldRole) -> Question:
    """The one whose own words tell the role, nearest to the letter."""
    named = [q for q in asked if role != FieldRole.PHONE or OF_PHONES.search(q.said) or q.entry.kind == "tel"]
    named = [q for q in named if not AGAIN.search(q.said)] or named
    if role == FieldRole.MESSAGE:
        return next((q for q in asked if q.entry.kind == "textarea"), asked[0])
    letter = next((n for n, q in enumerate(questions) if q.role == FieldRole.MESSAGE), 0)
    return min(named or asked, key=lambda q: abs(questions.index(q) - letter))


def _is_again(question: Question, role: FieldRole) -> bool:
    if role == FieldRole.MESSAGE:
        return False
    if role == FieldRole.PHONE:
        return OF_PHONES.search(question.said) is not None
    return AGAIN.search(question.said) is not None
