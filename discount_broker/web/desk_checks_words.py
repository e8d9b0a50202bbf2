"""Responsiveness checks in words."""

from flask_babel import lazy_gettext as _l

from discount_broker.checks.status import CheckReason, CheckStatus

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
REFUSALS = {
    "no_address": _l("This shop has no e-mail address in use any more. Leave it out of this round."),
    "shop_forbids": _l("This shop forbids our letters. Leave it out of this round."),
    "had_its_share": _l("This shop has had its letters of the day. Please ask tomorrow."),
    "not_answered_yet": _l("Nothing has come yet. After a week the check ends by itself."),
    "complete_missing": _l("Please say whether the answer was complete."),
    "called_ahead": _l("This time is still to come. Please write down when the call came."),
    "note_too_long": _l("Please be shorter: at most 2,000 characters are kept."),
    "time_unread": _l("Please write the time like 2030-01-14 09:30."),
}
