"""The contact form of Joomla: its notices stand in the page as data, for a script to show."""

import json
from typing import Any

from discount_broker.discovery.extract.pages.page import decode_page, open_document, squeeze
from discount_broker.outreach.form_filling.answer_scripts import TAG
from discount_broker.outreach.form_filling.answers import AnswerPage, FormOutcome, OutcomeKind
from discount_broker.outreach.form_filling.drafts import FilledForm, OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import Recipe

OPTIONS = "//script[@type='application/json' and contains(@class, 'joomla-script-options')]/text()"
KINDS = (
    ("error", OutcomeKind.REFUSED),
    ("danger", OutcomeKind.REFUSED),
    ("warning", OutcomeKind.REFUSED),
    ("success", OutcomeKind.CONFIRMED),
    ("message", OutcomeKind.CONFIRMED),
)


def recognises(form: OpenForm) -> bool:
    return form.has_names("jform[contact_name]", "jform[contact_message]")


def reads(filled: FilledForm, answer: AnswerPage) -> FormOutcome | None:
    if answer.status >= 400:
        return None
    document = open_document(decode_page(answer.content, answer.content_type), answer.url)
    notices: dict[str, list[str]] = {}
    for text in document.tree.xpath(OPTIONS):
        for kind, said in _notices(text):
            if said not in filled.page_lines:
                notices.setdefault(kind, []).append(said)
    for kind, outcome in KINDS:
        if notices.get(kind):
            return FormOutcome(outcome, notices[kind][0][:300])
    return None


def _notices(text: str) -> list[tuple[str, str]]:
    try:
        groups = json.loads(text).get("joomla.messages") or []
    except (ValueError, RecursionError, AttributeError):
        return []
    return [
        (str(kind), squeeze(TAG.sub(" ", str(said))))
        for group in groups
        if isinstance(group, dict)
        for kind, lines in group.items()
        for said in _listed(lines)
    ]


def _listed(lines: Any) -> list[Any]:
    return lines if isinstance(lines, list) else [lines]


RECIPE = Recipe(
    name="joomla",
    title="Joomla",
    special="Says what became of the letter in data of the next page, which only its script shows.",
    recognises=recognises,
    reads=reads,
)
