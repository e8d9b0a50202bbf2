"""Responsiveness checks in words."""

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from discount_broker.checks.status import CheckReason, CheckStatus

if TYPE_CHECKING:
    from discount_broker.checks.models import ResponseCheck

REASONS = {
    CheckReason.ASKED_FOR: _l("asked to be checked"),
    CheckReason.GONE_QUIET: _l("its address has gone quiet"),
}
STATUSES = {
    CheckStatus.DRAWN: _l("to be asked"),
    CheckStatus.ASKED: _l("asked"),
    CheckStatus.DONE: _l("done"),
    CheckStatus.DROPPED: _l("left out"),
}
QUESTIONS = {
    "delivery": _l("How long does a delivery take, and what does it cost?"),
    "stock": _l("How does one find out whether an item is really in stock?"),
    "warranty": _l("What does one do within the warranty, and who pays for the way back?"),
    "return": _l("Within how many days can an item be sent back, and in which condition?"),
    "payment": _l("Which ways of paying are there, and can one pay on delivery?"),
    "pickup": _l("Can an order be fetched, and how soon?"),
}
WHY_NOT = {
    "captcha": _l("The form asks to be told from a machine (a captcha), and we never solve one."),
    "script_only": _l("The form can be sent by a browser alone."),
    "form_gone": _l("The form is not on its page any more."),
    "refused": _l("The form did not take the question."),
    "unknown": _l("The form did not say whether it took the question, and no answer came."),
    "expired": _l("The question could not leave in time."),
}
NOT_BROUGHT = _l("The question could not be brought, for a reason that may be ours.")


def why_not(check: "ResponseCheck") -> str:
    """Why a question did not reach the shop; empty where it did, or was never sent."""
    why = check.findings.get("why_not", "")
    return str(WHY_NOT.get(why, NOT_BROUGHT)) if why else ""


REFUSALS = {
    "no_door": _l(
        "This shop has no e-mail address and no form left that we may use. Leave it out of this round."
    ),
    "shop_forbids": _l("This shop forbids our letters. Leave it out of this round."),
    "had_its_share": _l("This shop has had its letters of the day. Please ask tomorrow."),
    "not_answered_yet": _l("Nothing has come yet. After a week the check ends by itself."),
    "complete_missing": _l("Please say whether the answer was complete."),
    "before_question": _l("This is before the question left. Please check the day."),
    "called_ahead": _l("This time is still to come. Please write down when the call came."),
    "note_too_long": _l("Please be shorter: at most 2,000 characters are kept."),
    "time_unread": _l("Please write the time like 2030-01-14 09:30."),
}
