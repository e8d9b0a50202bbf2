"""The words of the lead's review."""

from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.escalation.status import LeadDecision

DECISIONS: Final[dict[str, LazyString]] = {
    LeadDecision.WELL_DONE: _l("well done"),
    LeadDecision.DO_OTHERWISE: _l("do it otherwise"),
    LeadDecision.TALK: _l("let us talk about it"),
    LeadDecision.CLOSE: _l("close it"),
}
CHOICES: Final[dict[str, LazyString]] = {
    LeadDecision.WELL_DONE: _l("Well done: it goes on as it is"),
    LeadDecision.DO_OTHERWISE: _l("Do it otherwise: it is due at once, with your comment"),
    LeadDecision.TALK: _l("Let us talk: it stays with you until you have"),
    LeadDecision.CLOSE: _l("Close it"),
}
CHOICES_WHEN_CLOSED: Final[dict[str, LazyString]] = {
    LeadDecision.WELL_DONE: _l("Well done"),
    LeadDecision.DO_OTHERWISE: _l("Do it otherwise next time"),
    LeadDecision.TALK: _l("Let us talk about it"),
}
"""A closed case stays closed, whatever is thought of it."""
TONES: Final = {
    LeadDecision.WELL_DONE: "good",
    LeadDecision.DO_OTHERWISE: "warn",
    LeadDecision.TALK: "brand",
    LeadDecision.CLOSE: "",
}
REFUSALS: Final[dict[str, LazyString]] = {
    "comment_missing": _l("Please write what should be done otherwise, or what you want to talk about."),
    "ending_missing": _l("Please choose how the case ends."),
    "flag_note_missing": _l("Please write in a few words what is not clear."),
}
