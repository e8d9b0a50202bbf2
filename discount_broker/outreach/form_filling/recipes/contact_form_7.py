"""Contact Form 7 of WordPress: its script posts in parts to a REST address and hears a status."""

from dataclasses import replace
from typing import Any

from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.outreach.form_filling.answer_data import read_data
from discount_broker.outreach.form_filling.answer_scripts import data_in
from discount_broker.outreach.form_filling.answers import AnswerPage, FormOutcome, OutcomeKind
from discount_broker.outreach.form_filling.drafts import Draft, FilledForm, OpenForm
from discount_broker.outreach.form_filling.encoding import MULTIPART
from discount_broker.outreach.form_filling.recipes.recipe import BY_SCRIPT, Recipe, on_site, said_in_page

ROOT = r"""wpcf7[\s\S]{0,400}?["']root["']\s*:\s*["']([^"']+)["']"""
LINKED = r"""rel=["']https://api\.w\.org/["']\s+href=["']([^"']+)["']"""
STATUSES = {
    "mail_sent": OutcomeKind.CONFIRMED,
    "validation_failed": OutcomeKind.REFUSED,
    "acceptance_missing": OutcomeKind.REFUSED,
    "spam": OutcomeKind.REFUSED,
    "aborted": OutcomeKind.REFUSED,
    # The letter was accepted and could not be mailed; what else was done with it, nobody says.
    "mail_failed": OutcomeKind.UNCONFIRMED,
}


def recognises(form: OpenForm) -> bool:
    """A number and a unit tag; without them the REST address refuses."""
    return form.has_names("_wpcf7", "_wpcf7_unit_tag")


def shape(draft: Draft, form: OpenForm, _fresh: str) -> Draft:
    number = draft.value_of("_wpcf7")
    root = said_in_page(form, ROOT) or said_in_page(form, LINKED)
    if not number.isdigit() or not root:
        # A page without its script is answered as any other: in the page.
        return draft
    action = on_site(form, f"{root.rstrip('/')}/contact-form-7/v1/contact-forms/{number}/feedback")
    return replace(draft, action=action, method="post", enctype=MULTIPART, charset="utf-8", headers=ACCEPTS)


ACCEPTS = {"Accept": BY_SCRIPT["Accept"]}


def reads(_filled: FilledForm, answer: AnswerPage) -> FormOutcome | None:
    content = data_in(decode_page(answer.content, answer.content_type), answer.content_type)
    status = content.get("status") if isinstance(content, dict) else None
    if status not in STATUSES or answer.status != 200:
        return None
    said = f"{status}: {content.get('message') or ''}".strip(": ")
    return FormOutcome(STATUSES[status], said[:300], _messages(content))


def _messages(content: dict[str, Any]) -> dict[str, str]:
    complaints = content.get("invalid_fields") or []
    return read_data({"errors": complaints}).messages if complaints else {}


RECIPE = Recipe(
    name="contact_form_7",
    title="WordPress: Contact Form 7",
    special="Goes in parts to the plug-in's REST address, which says 200 also when it takes nothing.",
    recognises=recognises,
    shape=shape,
    reads=reads,
    replaces_script=True,
)
