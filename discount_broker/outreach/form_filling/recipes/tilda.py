"""Forms of Tilda: a script sends them to a server of Tilda, with what the page says of itself."""

from typing import Any

from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.outreach.form_filling.answer_scripts import data_in
from discount_broker.outreach.form_filling.answers import AnswerPage, FormOutcome, OutcomeKind
from discount_broker.outreach.form_filling.drafts import Draft, FilledForm, OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import Recipe, by_script, is_called, target_of

SERVER = "https://forms.tildacdn.com/procces/"
OF_PAGE = {
    "tildaspec-formskey": "data-tilda-formskey",
    "tildaspec-projectid": "data-tilda-project-id",
    "tildaspec-pageid": "data-tilda-page-id",
    "tildaspec-lang": "data-tilda-lang",
}


def recognises(form: OpenForm) -> bool:
    return is_called(form, "js-form-proccess") and form.has_names("formservices[]")


def shape(draft: Draft, form: OpenForm, _fresh: str) -> Draft:
    records = _records(form)
    told = {name: records.get(attribute, "") for name, attribute in OF_PAGE.items()}
    told |= {"tildaspec-formid": form.element.get("id") or "", "tildaspec-referer": form.document.url}
    is_there = "/procces" in target_of(form)
    return by_script(draft.lacking(told), "" if is_there else SERVER)


def _records(form: OpenForm) -> Any:
    """What the page says of itself, in attributes."""
    return next((dict(box.attrib) for box in form.document.tree.xpath("//*[@id='allrecords']")), {})


def reads(_filled: FilledForm, answer: AnswerPage) -> FormOutcome | None:
    content = data_in(decode_page(answer.content, answer.content_type), answer.content_type)
    if not isinstance(content, dict):
        return None
    if content.get("needcaptcha"):
        return FormOutcome(OutcomeKind.CAPTCHA, "needcaptcha")
    if content.get("message") == "OK" and not content.get("error"):
        return FormOutcome(OutcomeKind.CONFIRMED, "message: OK")
    return None


RECIPE = Recipe(
    name="tilda",
    title="Tilda",
    special="Is sent to a server of Tilda with the keys of the page; form-spec-comments stays as served.",
    recognises=recognises,
    shape=shape,
    reads=reads,
    replaces_script=True,
)
