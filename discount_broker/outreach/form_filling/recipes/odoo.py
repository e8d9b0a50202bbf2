"""Forms of Odoo websites: a script adds the kind of record to the address and hears its number."""

from dataclasses import replace

from discount_broker.outreach.form_filling.drafts import Draft, OpenForm
from discount_broker.outreach.form_filling.encoding import MULTIPART
from discount_broker.outreach.form_filling.recipes.recipe import Recipe, by_script, said_in_page, target_of

KEY = r"""csrf_token["']?\s*:\s*["']([0-9a-z]+)["']"""


def recognises(form: OpenForm) -> bool:
    return "/website/form" in target_of(form) and bool(form.element.get("data-model_name"))


def shape(draft: Draft, form: OpenForm, _fresh: str) -> Draft:
    model = form.element.get("data-model_name")
    action = draft.action if draft.action.endswith(model) else f"{draft.action.rstrip('/')}/{model}"
    sent = by_script(draft.lacking({"csrf_token": said_in_page(form, KEY)}), action)
    return replace(sent, enctype=MULTIPART)


RECIPE = Recipe(
    name="odoo",
    title="Odoo",
    special="Goes to the address of the kind of record it makes, and answers with the number of the record.",
    recognises=recognises,
    shape=shape,
    replaces_script=True,
)
