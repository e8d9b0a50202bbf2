"""Forms of CS-Cart pages: a key that the page's script puts in, and a button that names the errand."""

from discount_broker.outreach.form_filling.drafts import Draft, OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import Recipe, said_in_page

KEY = r"""security_hash["']?\s*[:=]\s*["']([0-9a-f]{32})["']"""


def recognises(form: OpenForm) -> bool:
    return form.has_names("dispatch[pages.send_form]") or (
        form.has_names("page_id") and any(each.name.startswith("form_values[") for each in form.found.fields)
    )


def shape(draft: Draft, form: OpenForm, _fresh: str) -> Draft:
    return draft.lacking({"security_hash": said_in_page(form, KEY), "dispatch[pages.send_form]": "Y"})


RECIPE = Recipe(
    name="cs_cart",
    title="CS-Cart",
    special="Needs the security_hash that stands in the page's script, and its button's name.",
    recognises=recognises,
    shape=shape,
)
