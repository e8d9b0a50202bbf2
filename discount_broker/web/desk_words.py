"""The desk's words for what the domain knows by code."""

from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.escalation.queries import View
from discount_broker.escalation.rules.hand_work import HandOutcome
from discount_broker.escalation.status import (
    CallResult,
    CaseReason,
    Ending,
    NextAction,
    PromiseKind,
    PromiseStatus,
)
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.status import ReplyKind

Words = dict[str, LazyString]

VIEWS: Final[Words] = {
    View.DUE: _l("Due now"),
    View.MINE: _l("Mine"),
    View.UNASSIGNED: _l("Free"),
    View.WAITING: _l("Waiting"),
    View.PROMISES: _l("Promises"),
    View.UNKNOWN: _l("Outcome unknown"),
    View.CAPTCHA: _l("Forms with captcha"),
    View.FLAGGED: _l("For the lead"),
    View.CLOSED: _l("Closed"),
}
EMPTY: Final[Words] = {
    View.DUE: _l("Nothing is due. Every shop has answered, or has still time to."),
    View.MINE: _l("You have no case in hand. Press “Next case” to take the most urgent one."),
    View.UNASSIGNED: _l("Every case that is due is in somebody's hands."),
    View.WAITING: _l("No case waits for a later time."),
    View.PROMISES: _l("Nobody has promised anything for a later time."),
    View.UNKNOWN: _l("Of every letter it is known whether it arrived."),
    View.CAPTCHA: _l("No form waits for a person."),
    View.FLAGGED: _l("No case waits for the lead's word."),
    View.CLOSED: _l("No case has been closed yet."),
}
REASONS: Final[Words] = {
    CaseReason.SILENCE: _l("Silent to all our letters"),
    CaseReason.ANSWER_AWAITED: _l("Asked by hand, answer awaited"),
    CaseReason.NO_CONTACT_POINTS: _l("No address found on its site"),
    CaseReason.DOORS_DEAD: _l("None of its addresses works"),
    CaseReason.CAPTCHA: _l("Its form wants a person"),
    CaseReason.OUTCOME_UNKNOWN: _l("Unknown whether our letter arrived"),
    CaseReason.REPLY_TO_READ: _l("Wrote back in its own words"),
    CaseReason.LATE_LETTER: _l("Wrote again after the answer"),
    CaseReason.STRANDED_LETTER: _l("The buyer wrote, and nothing carries it on"),
    CaseReason.FORWARDED: _l("Named an address that is not its own"),
    CaseReason.PROMISE_DUE: _l("A promise is due"),
    CaseReason.PROMISE_BROKEN: _l("Broke a promise"),
    CaseReason.ACCEPTANCE_TO_TELL: _l("Does not know yet that its offer was accepted"),
    CaseReason.COUNTER_TO_TELL: _l("Does not know yet what the buyer asks for instead"),
    CaseReason.NOT_REACHED: _l("The buyer says the shop never got in touch"),
}
NEXT_ACTIONS: Final[Words] = {
    NextAction.CALL: _l("Call the shop"),
    NextAction.CHECK_PROMISE: _l("Check the promise"),
    NextAction.READ_REPLY: _l("Read the reply, enter the offer"),
    NextAction.READ_LETTER: _l("Read the buyer's letter, pass it on or answer"),
    NextAction.FILL_FORM: _l("Fill in the form by hand"),
    NextAction.FIND_OUT: _l("Find out whether it arrived"),
}
RESULTS: Final[Words] = {
    CallResult.NO_ANSWER: _l("Nobody answered"),
    CallResult.BUSY: _l("Busy"),
    CallResult.WRONG_NUMBER: _l("Wrong number"),
    CallResult.GATEKEEPER: _l("Got no further than the first person"),
    CallResult.CALL_BACK: _l("Asked to call back later"),
    CallResult.PROMISED: _l("Promised something"),
    CallResult.OFFERED: _l("Named an offer (enter it below)"),
    CallResult.REFUSED: _l("Gives no discount: closes the case"),
    CallResult.STOP: _l("Wants no more requests from us: closes all its cases"),
}
RESULTS_SHORT: Final[Words] = {
    **RESULTS,
    CallResult.OFFERED: _l("Named an offer"),
    CallResult.REFUSED: _l("Gives no discount"),
    CallResult.STOP: _l("Wants no more requests"),
}
ENDINGS: Final[Words] = {
    Ending.OFFERED: _l("The shop made an offer"),
    Ending.DECLINED: _l("The shop gives no discount"),
    Ending.STOPPED: _l("The shop wants no more requests, ever"),
    Ending.UNREACHABLE: _l("The shop cannot be reached"),
    Ending.NO_LONGER_NEEDED: _l("No longer needed"),
}
PROMISE_KINDS: Final[Words] = {
    PromiseKind.CALL_BUYER: _l("Call the buyer"),
    PromiseKind.CALL_US: _l("Call us back"),
    PromiseKind.SEND_OFFER: _l("Send an offer"),
    PromiseKind.ANSWER_BY_MAIL: _l("Answer by e-mail"),
    PromiseKind.CALL_SHOP: _l("Call the shop again"),
}
PROMISE_STATUSES: Final[Words] = {
    PromiseStatus.PENDING: _l("pending"),
    PromiseStatus.KEPT: _l("kept"),
    PromiseStatus.LATE: _l("kept, but late"),
    PromiseStatus.BROKEN: _l("broken"),
    PromiseStatus.WITHDRAWN: _l("withdrawn"),
}
PROMISE_TONES: Final = {"kept": "good", "late": "warn", "broken": "bad", "pending": "brand"}
DELIVERY_STATUSES: Final[Words] = {
    DeliveryStatus.QUEUED: _l("not sent yet"),
    DeliveryStatus.SENDING: _l("being sent"),
    DeliveryStatus.SENT: _l("sent"),
    DeliveryStatus.BOUNCED: _l("came back"),
    DeliveryStatus.FAILED: _l("not delivered"),
    DeliveryStatus.UNKNOWN: _l("arrived or not: unknown"),
    DeliveryStatus.STOPPED: _l("held back"),
}
DELIVERY_TONES: Final = {"sent": "good", "bounced": "bad", "failed": "bad", "unknown": "warn"}
FAILURES: Final[Words] = {
    FailureReason.ADDRESS_DEAD: _l("The address does not exist."),
    FailureReason.REFUSED: _l("The shop's server refused it."),
    FailureReason.FORM_GONE: _l("The form is no longer there."),
    FailureReason.CAPTCHA: _l("The form asks for a captcha, and those are for people."),
    FailureReason.SCRIPT_ONLY: _l("The form works only in a browser."),
    FailureReason.TOO_MANY_TRIES: _l("It failed again and again, so we gave up."),
    FailureReason.MAILBOX_FULL: _l("The mailbox took nothing, and may do so later."),
    FailureReason.POLICY: _l("Their server refuses our mail as such, whatever the address."),
    FailureReason.EXPIRED: _l("It could not leave while it was of use."),
    FailureReason.OTHER: _l("It failed for another reason."),
}
REPLY_KINDS: Final[Words] = {
    ReplyKind.HUMAN: _l("wrote"),
    ReplyKind.BOUNCE: _l("mail server: undeliverable"),
    ReplyKind.AUTO_REPLY: _l("automatic reply"),
    ReplyKind.ACKNOWLEDGEMENT: _l("automatic confirmation of receipt"),
    ReplyKind.COMPLAINT: _l("complaint"),
    ReplyKind.RECEIPT: _l("delivery receipt"),
}
HAND_OUTCOMES: Final[Words] = {
    HandOutcome.SENT: _l("sent"),
    HandOutcome.REFUSED: _l("the form refused it"),
    HandOutcome.GONE: _l("the form is gone"),
    HandOutcome.COULD_NOT: _l("it was not possible"),
}
REFUSALS: Final[Words] = {
    "minutes_out_of_range": _l("Please give the minutes, from 0 to 240."),
    "started_in_future": _l("A call cannot begin in the future."),
    "promise_needs_time": _l("Please say what was promised, and by when."),
    "direct_number_unclear": _l("This does not look like a phone number. Please check it."),
    "person_needs_name": _l("Please give a name."),
    "reason_missing": _l("Please say why: whoever tries next wants to know."),
    "next_action_in_past": _l("This time has passed. Please choose a later one."),
    "time_missing": _l("Please choose a time."),
}
