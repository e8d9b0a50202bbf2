"""The feedback form of InSales: the same address with .json answers in data."""

import re
from dataclasses import replace

from discount_broker.outreach.form_filling.drafts import Draft, OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import Recipe, by_script, target_of

PAGE = re.compile(r"(/client_account/feedback)(?!\.json)(?=$|[?#])")


def recognises(form: OpenForm) -> bool:
    return "/client_account/feedback" in target_of(form)


def shape(draft: Draft, _form: OpenForm, _fresh: str) -> Draft:
    return replace(by_script(draft), action=PAGE.sub(r"\1.json", draft.action))


RECIPE = Recipe(
    name="insales",
    title="InSales",
    special="Goes to feedback.json, which answers with a status or with errors by field.",
    recognises=recognises,
    shape=shape,
    replaces_script=True,
)
