"""Gravity Forms of WordPress: a word that its script puts in tells browsers from robots."""

from discount_broker.outreach.form_filling.drafts import Draft, OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import Recipe, said_in_page

WORD = r"""["']version_hash["']\s*:\s*["']([0-9a-f]+)["']"""


def recognises(form: OpenForm) -> bool:
    return form.has_names("gform_submit")


def shape(draft: Draft, form: OpenForm, _fresh: str) -> Draft:
    return draft.lacking({"version_hash": said_in_page(form, WORD)})


RECIPE = Recipe(
    name="gravity_forms",
    title="WordPress: Gravity Forms",
    special="Thanks for spam too: its trap also misses the word that stands in the page's script.",
    recognises=recognises,
    shape=shape,
)
