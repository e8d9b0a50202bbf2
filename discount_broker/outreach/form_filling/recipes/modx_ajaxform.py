"""AjaxForm of MODX: a script sends the form to an address that stands in its settings."""

from dataclasses import replace

from discount_broker.outreach.form_filling.drafts import Draft, OpenForm
from discount_broker.outreach.form_filling.encoding import MULTIPART
from discount_broker.outreach.form_filling.recipes.recipe import (
    Recipe,
    by_script,
    is_called,
    on_site,
    said_in_page,
)

TARGET = r"""["']actionUrl["']\s*:\s*["']([^"']+)["']"""
PAGE = r"""["']pageId["']\s*:\s*["']?(\d+)"""


def recognises(form: OpenForm) -> bool:
    return form.has_names("af_action") or (is_called(form, "ajax_form") and bool(said_in_page(form, TARGET)))


def shape(draft: Draft, form: OpenForm, _fresh: str) -> Draft:
    action = on_site(form, said_in_page(form, TARGET) or "/assets/components/ajaxform/action.php")
    sent = by_script(draft.lacking({"pageId": said_in_page(form, PAGE)}), action)
    return replace(sent, enctype=MULTIPART)


RECIPE = Recipe(
    name="modx_ajaxform",
    title="MODX: AjaxForm",
    special="Goes where its settings say and is answered only when a script says that it asks.",
    recognises=recognises,
    shape=shape,
    replaces_script=True,
)
