"""Forminator of WordPress: its hidden fields say all, its script only knows where to send them."""

from dataclasses import replace

from discount_broker.outreach.form_filling.drafts import Draft, OpenForm
from discount_broker.outreach.form_filling.encoding import MULTIPART
from discount_broker.outreach.form_filling.recipes.recipe import Recipe, by_script, on_site, said_in_page

AJAX = r"""ForminatorFront[\s\S]{0,4000}?["']ajaxUrl["']\s*:\s*["']([^"']+)["']"""


def recognises(form: OpenForm) -> bool:
    return form.has_names("forminator_nonce", "form_id", "action")


def shape(draft: Draft, form: OpenForm, _fresh: str) -> Draft:
    address = said_in_page(form, AJAX) or on_site(form, "/wp-admin/admin-ajax.php")
    return replace(by_script(draft, address), enctype=MULTIPART)


RECIPE = Recipe(
    name="forminator",
    title="WordPress: Forminator",
    special="Goes to the AJAX address of the site, which answers in JSON.",
    recognises=recognises,
    shape=shape,
    replaces_script=True,
)
