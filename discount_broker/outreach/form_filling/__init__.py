"""Fills a shop's feedback form as a browser would, and reads from the answer what became of it."""

from discount_broker.outreach.form_filling.answers import AnswerPage, FormOutcome, OutcomeKind
from discount_broker.outreach.form_filling.confirming import confirmation_of
from discount_broker.outreach.form_filling.drafts import (
    CannotFill,
    Circumstances,
    FilledForm,
    Letter,
    OpenForm,
)
from discount_broker.outreach.form_filling.encoding import page_charset
from discount_broker.outreach.form_filling.filling import fill_form, open_form
from discount_broker.outreach.form_filling.outcome import is_wall, read_outcome
from discount_broker.outreach.form_filling.recipes import RECIPES, Recipe, recipe_for
from discount_broker.outreach.form_filling.repairing import second_try
from discount_broker.outreach.form_filling.sight import shown_lines

__all__ = [
    "RECIPES",
    "AnswerPage",
    "CannotFill",
    "Circumstances",
    "FilledForm",
    "FormOutcome",
    "Letter",
    "OpenForm",
    "OutcomeKind",
    "Recipe",
    "confirmation_of",
    "fill_form",
    "is_wall",
    "open_form",
    "page_charset",
    "read_outcome",
    "recipe_for",
    "second_try",
    "shown_lines",
]
