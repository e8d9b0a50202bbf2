"""Fluent Forms of WordPress: the whole form travels as one field of another form."""

from dataclasses import replace

from discount_broker.outreach.form_filling.drafts import Draft, OpenForm
from discount_broker.outreach.form_filling.encoding import URLENCODED, Pair, urlencoded
from discount_broker.outreach.form_filling.recipes.recipe import (
    Recipe,
    by_script,
    is_called,
    on_site,
    said_in_page,
)

AJAX = r"""fluentFormVars[\s\S]{0,4000}?["']ajaxUrl["']\s*:\s*["']([^"']+)["']"""


def recognises(form: OpenForm) -> bool:
    return is_called(form, "frm-fluent-form") and bool(form.element.get("data-form_id"))


def shape(draft: Draft, form: OpenForm, _fresh: str) -> Draft:
    address = said_in_page(form, AJAX) or on_site(form, "/wp-admin/admin-ajax.php")
    whole = urlencoded([pair for pair in draft.pairs if not pair.is_file], "utf-8").decode("ascii")
    pairs = (
        Pair("data", whole),
        Pair("action", "fluentform_submit"),
        Pair("form_id", form.element.get("data-form_id") or ""),
    )
    return replace(by_script(draft, address), pairs=pairs, packed=draft.pairs, enctype=URLENCODED)


RECIPE = Recipe(
    name="fluent_forms",
    title="WordPress: Fluent Forms",
    special="Goes to the AJAX address of the site with all its fields packed into one.",
    recognises=recognises,
    shape=shape,
    replaces_script=True,
)
