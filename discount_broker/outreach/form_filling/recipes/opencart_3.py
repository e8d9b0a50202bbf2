"""The contact page of OpenCart 1.5 to 3: a page of its own says thanks."""

from discount_broker.outreach.form_filling.drafts import OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import Recipe, target_of


def recognises(form: OpenForm) -> bool:
    return form.has_names("name", "email", "enquiry") and "information/contact" in target_of(form)


RECIPE = Recipe(
    name="opencart_3",
    title="OpenCart 1.5 to 3",
    special="Takes 3 to 32 characters of name and 10 to 3000 of text without saying so on the page.",
    recognises=recognises,
    longest_name=32,
    longest_message=3000,
)
