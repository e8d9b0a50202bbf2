"""The contact page of PrestaShop and thirty bees: a token of ten minutes, and a trap called `url`."""

from discount_broker.discovery.extract.pages.page import decode_page, open_document
from discount_broker.outreach.form_filling.answers import AnswerPage, FormOutcome, OutcomeKind
from discount_broker.outreach.form_filling.drafts import Draft, FilledForm, OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import Recipe

TOLD = "//*[contains(concat(' ', normalize-space(@class), ' '), ' {} ')]"
GOOD, BAD = ("alert-success", "notification-success"), ("alert-danger", "notification-error")


def recognises(form: OpenForm) -> bool:
    return form.has_names("id_contact", "from", "message")


def shape(draft: Draft, _form: OpenForm, _fresh: str) -> Draft:
    return draft.having({"submitMessage": draft.value_of("submitMessage")})


def reads(filled: FilledForm, answer: AnswerPage) -> FormOutcome | None:
    """By the notice's class: shops of this engine speak seventy languages."""
    if answer.status >= 400:
        return None
    document = open_document(decode_page(answer.content, answer.content_type), answer.url)
    for classes, kind in ((BAD, OutcomeKind.REFUSED), (GOOD, OutcomeKind.CONFIRMED)):
        for name in classes:
            said = [
                " ".join("".join(box.itertext()).split()) for box in document.tree.xpath(TOLD.format(name))
            ]
            if new := [line for line in said if line and line not in filled.page_lines]:
                return FormOutcome(kind, new[0][:300])
    return None


RECIPE = Recipe(
    name="prestashop",
    title="PrestaShop, thirty bees",
    special="Its token lives ten minutes and belongs to the cookie; the field url must stay empty.",
    recognises=recognises,
    shape=shape,
    reads=reads,
)
