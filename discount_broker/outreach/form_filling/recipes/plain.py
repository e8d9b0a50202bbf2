"""Any form that needs no way of its own: sent as a browser without scripts would."""

from discount_broker.outreach.form_filling.drafts import OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import Recipe


def recognises(_form: OpenForm) -> bool:
    return True


RECIPE = Recipe(
    name="plain",
    title="Any other form",
    special="Sent as a browser without scripts would send it, and read by its words.",
    recognises=recognises,
)
