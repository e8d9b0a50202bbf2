"""WPForms of WordPress: a token that its script puts in, and an answer in JSON where it is sent by AJAX."""

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

AJAX = r"""wpforms_settings[\s\S]{0,4000}?["']ajaxurl["']\s*:\s*["']([^"']+)["']"""


def recognises(form: OpenForm) -> bool:
    return form.has_names("wpforms[id]")


def shape(draft: Draft, form: OpenForm, _fresh: str) -> Draft:
    page = form.document.url
    draft = draft.lacking(
        {
            "wpforms[token]": form.element.get("data-token") or "",
            "wpforms[submit]": "wpforms-submit",
            "page_url": page,
            "page_title": form.document.title,
            "page_id": draft.value_of("wpforms[post_id]"),
        }
    )
    if not is_called(form, "wpforms-ajax-form"):
        return draft
    address = said_in_page(form, AJAX) or on_site(form, "/wp-admin/admin-ajax.php")
    return replace(by_script(draft, address, {"action": "wpforms_submit"}), enctype=MULTIPART)


RECIPE = Recipe(
    name="wpforms",
    title="WordPress: WPForms",
    special="Wants the token that stands in an attribute of the form, and answers in JSON.",
    recognises=recognises,
    shape=shape,
    replaces_script=True,
)
