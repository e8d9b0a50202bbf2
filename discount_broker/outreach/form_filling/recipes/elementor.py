"""Elementor Pro of WordPress: a form without a target, which a script sends to the site's AJAX address."""

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

AJAX = r"""elementor\w*Config[\s\S]{0,4000}?["']ajaxurl["']\s*:\s*["']([^"']+)["']"""


def recognises(form: OpenForm) -> bool:
    return is_called(form, "elementor-form") and form.has_names("post_id", "form_id")


def shape(draft: Draft, form: OpenForm, _fresh: str) -> Draft:
    address = said_in_page(form, AJAX) or on_site(form, "/wp-admin/admin-ajax.php")
    values = {"action": "elementor_pro_forms_send_form", "referrer": form.document.url}
    return replace(by_script(draft, address, values), enctype=MULTIPART)


RECIPE = Recipe(
    name="elementor",
    title="WordPress: Elementor Pro",
    special="Names no target: its script sends it to the AJAX address of the site and hears JSON.",
    recognises=recognises,
    shape=shape,
    replaces_script=True,
)
