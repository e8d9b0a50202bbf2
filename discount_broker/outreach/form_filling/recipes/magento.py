"""The contact page of Magento: a key that is also a cookie, an outcome that is only a cookie."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

from discount_broker.outreach.form_filling.answers import AnswerPage, FormOutcome, OutcomeKind
from discount_broker.outreach.form_filling.drafts import Draft, FilledForm, OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import Recipe, target_of

FLASH = "mage-messages"
KINDS = {"success": OutcomeKind.CONFIRMED, "error": OutcomeKind.REFUSED, "warning": OutcomeKind.REFUSED}


def recognises(form: OpenForm) -> bool:
    is_target = "contact/index/post" in target_of(form) or "contacts/index/post" in target_of(form)
    return is_target or form.has_names("hideit", "comment", "form_key")


def shape(draft: Draft, form: OpenForm, _fresh: str) -> Draft:
    """The page may come from a cache with another visitor's key: the cookie must say the same."""
    key = form.cookies.get("form_key") or draft.value_of("form_key")
    if not key:
        return draft
    return replace(draft.having({"form_key": key}), cookies={"form_key": key})


def reads(_filled: FilledForm, answer: AnswerPage) -> FormOutcome | None:
    for message in _messages(answer.cookies.get(FLASH, "")):
        if isinstance(message, dict) and message.get("type") in KINDS:
            return FormOutcome(KINDS[message["type"]], str(message.get("text", ""))[:300])
    return None


def _messages(cookie: str) -> list[Any]:
    try:
        messages = json.loads(unquote_plus(cookie))
    except (ValueError, RecursionError):
        return []
    return messages if isinstance(messages, list) else []


RECIPE = Recipe(
    name="magento",
    title="Magento",
    special="Wants its form_key in a cookie too, and tells what became of the letter only in a cookie.",
    recognises=recognises,
    shape=shape,
    reads=reads,
)
