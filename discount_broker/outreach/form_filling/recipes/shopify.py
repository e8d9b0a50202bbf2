"""The contact form of Shopify: often a riddle comes between the form and its thanks."""

import re

from discount_broker.outreach.form_filling.answers import AnswerPage, FormOutcome, OutcomeKind
from discount_broker.outreach.form_filling.drafts import Draft, FilledForm, OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import Recipe, target_of

CHALLENGE = re.compile(r"/challenge(?:[/?#]|$)")


def recognises(form: OpenForm) -> bool:
    return form.has_names("form_type", "contact[email]") and "/contact" in target_of(form)


def shape(draft: Draft, _form: OpenForm, _fresh: str) -> Draft:
    return draft.lacking({"utf8": "✓"})


def reads(_filled: FilledForm, answer: AnswerPage) -> FormOutcome | None:
    if CHALLENGE.search(answer.url):
        return FormOutcome(OutcomeKind.CAPTCHA, answer.url)
    if "contact_posted=true" in answer.url:
        return FormOutcome(OutcomeKind.CONFIRMED, answer.url)
    return None


RECIPE = Recipe(
    name="shopify",
    title="Shopify",
    special="May lead to a page with a riddle, where we stop; contact_posted=true in the address proves it.",
    recognises=recognises,
    shape=shape,
    reads=reads,
)
