"""The contact page of Zen Cart: what it takes for spam it thanks for and drops."""

from dataclasses import replace

from discount_broker.outreach.form_filling.drafts import Draft, OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import Recipe, target_of
from discount_broker.outreach.form_filling.typing_in import LINK


def recognises(form: OpenForm) -> bool:
    return form.has_names("contactname", "email", "enquiry") and "contact_us" in target_of(form)


def shape(draft: Draft, _form: OpenForm, _fresh: str) -> Draft:
    pairs = (
        replace(pair, value=LINK.sub("", pair.value).strip()) if pair.name == "contactname" else pair
        for pair in draft.pairs
    )
    return replace(draft, pairs=tuple(pairs))


RECIPE = Recipe(
    name="zen_cart",
    title="Zen Cart",
    special="Thanks for spam too, so nothing may look like it: its trap has another name in every session.",
    recognises=recognises,
    shape=shape,
)
