"""Web forms of 1C-Bitrix (form.result.new): a stale key is dropped without a word."""

import re

from discount_broker.discovery.extract.forms.finding import find_forms
from discount_broker.discovery.extract.pages.page import decode_page, open_document
from discount_broker.outreach.form_filling.answer_page import form_back
from discount_broker.outreach.form_filling.answers import AnswerPage, FormOutcome, OutcomeKind
from discount_broker.outreach.form_filling.drafts import Draft, FilledForm, OpenForm
from discount_broker.outreach.form_filling.outcome import read_outcome
from discount_broker.outreach.form_filling.recipes.bitrix_sessions import session_url, with_session
from discount_broker.outreach.form_filling.recipes.recipe import Recipe

ADDED = re.compile(r"[?&]formresult=(?:addok|editok)", re.IGNORECASE)


def recognises(form: OpenForm) -> bool:
    return form.has_names("WEB_FORM_ID")


def shape(draft: Draft, _form: OpenForm, fresh: str) -> Draft:
    draft = with_session(draft, fresh)
    return draft if draft.value_of("web_form_apply") else draft.lacking({"web_form_submit": "Y"})


def reads(filled: FilledForm, answer: AnswerPage) -> FormOutcome | None:
    if ADDED.search(answer.url):
        return FormOutcome(OutcomeKind.CONFIRMED, answer.url)
    outcome = read_outcome(filled, answer)
    if outcome.kind not in (OutcomeKind.REFUSED, OutcomeKind.UNCONFIRMED) or outcome.field_messages:
        return outcome
    key = _key_on(filled, answer)
    if key and key != filled.fields.get("sessid"):
        said = "the form came back with another sessid: nothing was stored"
        return FormOutcome(OutcomeKind.REFUSED, said, is_stale=True)
    return outcome


def _key_on(filled: FilledForm, answer: AnswerPage) -> str:
    """The session key of the same form, if that is on the page again."""
    text = decode_page(answer.content, answer.content_type)
    back = form_back(filled, find_forms(text, answer.url))
    if back is None:
        return ""
    form = list(open_document(text, answer.url).tree.iter("form"))[back.index]
    return next((box.get("value") or "" for box in form.iter("input") if box.get("name") == "sessid"), "")


RECIPE = Recipe(
    name="bitrix_web_form",
    title="1C-Bitrix: web forms",
    special="Dropped without a word when its sessid is stale; formresult=addok in the address is the proof.",
    recognises=recognises,
    shape=shape,
    fresh_url=session_url,
    reads=reads,
)
