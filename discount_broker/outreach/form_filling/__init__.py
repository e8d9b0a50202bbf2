"""Fills a shop's feedback form as a browser would, and reads from the answer what became of it."""

from discount_broker.outreach.form_filling.encoding import page_charset
from discount_broker.outreach.form_filling.filling import CannotFill, FilledForm, Letter, fill_form
from discount_broker.outreach.form_filling.outcome import AnswerPage, FormOutcome, OutcomeKind, read_outcome

__all__ = [
    "AnswerPage",
    "CannotFill",
    "FilledForm",
    "FormOutcome",
    "Letter",
    "OutcomeKind",
    "fill_form",
    "page_charset",
    "read_outcome",
]
