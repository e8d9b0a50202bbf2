"""How it went with a form that a person filled in, and what comes next. Pure."""

from datetime import datetime
from enum import StrEnum

from discount_broker.escalation.rules.calls import TRY_AGAIN_AFTER
from discount_broker.escalation.status import NextAction

LONGEST_REASON = 500


class HandOutcome(StrEnum):
    """What came of filling in a form by hand."""

    SENT = "sent"
    REFUSED = "refused"
    """The form was filled in, and did not take it."""
    GONE = "gone"
    """There is no such form any more."""
    COULD_NOT = "could_not"
    """The operator could not: the captcha was unreadable, the page did not load."""


def next_after_form(
    outcome: HandOutcome, now: datetime, *, has_other_form: bool
) -> tuple[NextAction, datetime]:
    """What the desk does next where nothing was sent: another form, the same one later, or a call."""
    if outcome is HandOutcome.COULD_NOT:
        return NextAction.FILL_FORM, now + TRY_AGAIN_AFTER
    return (NextAction.FILL_FORM if has_other_form else NextAction.CALL), now
