"""The life of a case and of a promise. Pure."""

from enum import IntEnum, StrEnum

from discount_broker.kernel.transitions import follow


class CaseStatus(StrEnum):
    OPEN = "open"
    """Somebody should act, now or at the time of its next action."""
    CLOSED = "closed"


class CaseReason(StrEnum):
    """Why people are needed."""

    SILENCE = "silence"
    ANSWER_AWAITED = "answer_awaited"
    """Asked by hand: the shop has its day to answer, then it is called."""
    NO_CONTACT_POINTS = "no_contact_points"
    DOORS_DEAD = "doors_dead"
    CAPTCHA = "captcha"
    OUTCOME_UNKNOWN = "outcome_unknown"
    REPLY_TO_READ = "reply_to_read"
    """A human wrote in free text: somebody turns it into an offer."""
    LATE_LETTER = "late_letter"
    """A human wrote after the shop had answered: somebody sees whether that changes anything."""
    STRANDED_LETTER = "stranded_letter"
    """The buyer wrote, and no machine could pass it on, or it is for us."""
    FORWARDED = "forwarded"
    """The shop says that an address decides it which is not its own."""
    PROMISE_DUE = "promise_due"
    PROMISE_BROKEN = "promise_broken"
    ACCEPTANCE_TO_TELL = "acceptance_to_tell"
    """The buyer accepted an offer of a shop that has no mail address."""
    COUNTER_TO_TELL = "counter_to_tell"
    """The buyer asks for more than is offered, and the shop has no mail address."""
    NOT_REACHED = "not_reached"
    """The buyer says that the shop never got in touch."""


class NextAction(StrEnum):
    """What the desk does next for a case."""

    CALL = "call"
    CHECK_PROMISE = "check_promise"
    READ_REPLY = "read_reply"
    READ_LETTER = "read_letter"
    """Read what the buyer wrote: tell the shop, or answer."""
    FILL_FORM = "fill_form"
    """The form wants a person: its text is pasted by hand."""
    FIND_OUT = "find_out"
    """Ask whether a message arrived whose outcome is not known."""


FIRST_ACTION = {
    CaseReason.REPLY_TO_READ: NextAction.READ_REPLY,
    CaseReason.LATE_LETTER: NextAction.READ_REPLY,
    CaseReason.STRANDED_LETTER: NextAction.READ_LETTER,
    CaseReason.CAPTCHA: NextAction.FILL_FORM,
    CaseReason.OUTCOME_UNKNOWN: NextAction.FIND_OUT,
    CaseReason.PROMISE_DUE: NextAction.CHECK_PROMISE,
}
"""What a reason asks for first, where that is not a call."""


class CallResult(StrEnum):
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    GATEKEEPER = "gatekeeper"
    CALL_BACK = "call_back"
    PROMISED = "promised"
    OFFERED = "offered"
    REFUSED = "refused"
    STOP = "stop"


class Ending(StrEnum):
    """How a case was closed."""

    OFFERED = "offered"
    DECLINED = "declined"
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"
    NO_LONGER_NEEDED = "no_longer_needed"


class ReviewKind(StrEnum):
    """Why a person should look at something."""

    ADDRESS_DEAD = "address_dead"
    SENDING_PAUSED = "sending_paused"
    """Servers refuse our mail as such: sending from this domain is paused."""


class LeadDecision(StrEnum):
    """What a lead makes of a case that was looked at."""

    WELL_DONE = "well_done"
    DO_OTHERWISE = "do_otherwise"
    """It goes on, as the comment says."""
    TALK = "talk"
    """Lead and operator talk about it."""
    CLOSE = "close"


class QueueBand(IntEnum):
    """What brings a shop before others, whatever else is said of it."""

    PROMISE = 0
    """A promise is due or was broken."""
    BREACH = 1
    """A clock has run out."""
    WARNED = 2
    """A clock runs out soon."""
    USUAL = 3


class CallDirection(StrEnum):
    OUT = "out"
    IN = "in"


class TextKind(StrEnum):
    SCRIPT = "script"
    """What to say on the phone."""
    MAIL = "mail"
    """What to write to a buyer or a shop."""
    SMS = "sms"


class ClockKind(StrEnum):
    FIRST_ANSWER = "first_answer"
    """From the first message to the shop until its first answer."""
    NEXT_ANSWER = "next_answer"
    """From what we or the buyer wrote last until the shop says something again."""
    SOLVED = "solved"
    """From the opening of the case until its ending."""


class PromiseSide(StrEnum):
    SHOP = "shop"
    US = "us"


class PromiseTo(StrEnum):
    US = "us"
    BUYER = "buyer"
    SHOP = "shop"


class PromiseKind(StrEnum):
    CALL_BUYER = "call_buyer"
    CALL_US = "call_us"
    SEND_OFFER = "send_offer"
    ANSWER_BY_MAIL = "answer_by_mail"
    CALL_SHOP = "call_shop"
    """One of us calls the shop again."""


class PromiseStatus(StrEnum):
    PENDING = "pending"
    KEPT = "kept"
    LATE = "late"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


class PromiseEvent(StrEnum):
    KEPT_IN_TIME = "kept_in_time"
    KEPT_LATE = "kept_late"
    RAN_OUT = "ran_out"
    WITHDRAWN = "withdrawn"


P, E = PromiseStatus, PromiseEvent

TRANSITIONS: dict[tuple[PromiseStatus, PromiseEvent], PromiseStatus] = {
    (P.PENDING, E.KEPT_IN_TIME): P.KEPT,
    (P.PENDING, E.KEPT_LATE): P.LATE,
    (P.PENDING, E.RAN_OUT): P.BROKEN,
    (P.PENDING, E.WITHDRAWN): P.WITHDRAWN,
    # Given up on, and then done after all.
    (P.BROKEN, E.KEPT_LATE): P.LATE,
    (P.BROKEN, E.KEPT_IN_TIME): P.KEPT,
}


def next_status(status: PromiseStatus, event: PromiseEvent) -> PromiseStatus:
    return follow(TRANSITIONS, status, event)
