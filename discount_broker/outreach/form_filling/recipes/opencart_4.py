"""The contact page of OpenCart 4: its script posts to a route of its own and hears JSON."""

import re

from discount_broker.outreach.form_filling.drafts import Draft, OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import Recipe, by_script, target_of

ROUTE = re.compile(r"information/contact(?:\||%7c|\.)send")


def recognises(form: OpenForm) -> bool:
    is_by_script = form.element.get("data-oc-toggle") == "ajax" or form.element.get("data-on") is not None
    is_called_so = form.has_names("name", "email", "enquiry")
    return is_called_so and (ROUTE.search(target_of(form)) is not None or is_by_script)


def shape(draft: Draft, _form: OpenForm, _fresh: str) -> Draft:
    return by_script(draft)


RECIPE = Recipe(
    name="opencart_4",
    title="OpenCart 4",
    special="Goes to the route that its version writes (|send or .send) and answers errors by field in JSON.",
    recognises=recognises,
    shape=shape,
    replaces_script=True,
    longest_name=32,
    longest_message=3000,
)
