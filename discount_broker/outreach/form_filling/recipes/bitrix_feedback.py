"""The feedback form of 1C-Bitrix (main.feedback): nothing is taken without the value of its button."""

from discount_broker.outreach.form_filling.drafts import Draft, OpenForm
from discount_broker.outreach.form_filling.recipes.bitrix_sessions import session_url, with_session
from discount_broker.outreach.form_filling.recipes.recipe import Recipe


def recognises(form: OpenForm) -> bool:
    return form.has_names("user_name", "user_email", "MESSAGE")


def shape(draft: Draft, _form: OpenForm, fresh: str) -> Draft:
    return with_session(draft, fresh).lacking({"submit": "Y"})


RECIPE = Recipe(
    name="bitrix_feedback",
    title="1C-Bitrix: feedback",
    special="Is taken only with a fresh sessid and a value for its button; the thanks come in the address.",
    recognises=recognises,
    shape=shape,
    fresh_url=session_url,
)
