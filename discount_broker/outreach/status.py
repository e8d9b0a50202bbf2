"""The life of an outreach. Pure."""

from enum import StrEnum

from discount_broker.kernel.transitions import follow


class OutreachStatus(StrEnum):
    PLANNED = "planned"
    """The shop's contact points are still being looked for."""
    ASKED = "asked"
    """A message is on its way or there; the ladder's next step has a time."""
    EXHAUSTED = "exhausted"
    """No step is left: people take over."""
    ANSWERED = "answered"
    """The shop made an offer."""
    DECLINED = "declined"
    STOPPED = "stopped"
    """The shop, or the buyer, ended it."""


class OutreachEvent(StrEnum):
    ASKED = "asked"
    LADDER_ENDED = "ladder_ended"
    ANSWERED = "answered"
    DECLINED = "declined"
    STOPPED = "stopped"
    RECONSIDERED = "reconsidered"
    """The shop said no, and gives something after all."""
    REOPENED = "reopened"
    """Somebody at the desk takes up what was ended by hand."""


S, E = OutreachStatus, OutreachEvent

OPEN = frozenset({S.PLANNED, S.ASKED, S.EXHAUSTED})
"""An answer of the shop is still awaited."""

TRANSITIONS: dict[tuple[OutreachStatus, OutreachEvent], OutreachStatus] = {
    (S.PLANNED, E.ASKED): S.ASKED,
    (S.ASKED, E.ASKED): S.ASKED,
    (S.PLANNED, E.LADDER_ENDED): S.EXHAUSTED,
    (S.ASKED, E.LADDER_ENDED): S.EXHAUSTED,
    # The shop named another address while our people had it.
    (S.EXHAUSTED, E.ASKED): S.ASKED,
    **{(status, E.ANSWERED): S.ANSWERED for status in OPEN},
    **{(status, E.DECLINED): S.DECLINED for status in OPEN},
    **{(status, E.STOPPED): S.STOPPED for status in OPEN},
    (S.DECLINED, E.RECONSIDERED): S.ANSWERED,
    # The shop forbids further contact after it had answered.
    (S.ANSWERED, E.STOPPED): S.ANSWERED,
    (S.DECLINED, E.STOPPED): S.DECLINED,
    (S.STOPPED, E.STOPPED): S.STOPPED,
    (S.DECLINED, E.REOPENED): S.EXHAUSTED,
    (S.STOPPED, E.REOPENED): S.EXHAUSTED,
}


def next_status(status: OutreachStatus, event: OutreachEvent) -> OutreachStatus:
    return follow(TRANSITIONS, status, event)


class ReplyKind(StrEnum):
    """What an incoming mail is; only HUMAN ends the ladder."""

    HUMAN = "human"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    ACKNOWLEDGEMENT = "acknowledgement"
    COMPLAINT = "complaint"
    RECEIPT = "receipt"


class LetterAuthor(StrEnum):
    """Who wrote a letter of the conversation."""

    BUYER = "buyer"
    SHOP = "shop"
    OPERATOR = "operator"


UNMATCHED = "unmatched"
SET_ASIDE = "set_aside"
DUPLICATE = "duplicate"
OWN = "own"
CHECK = "check"
"""What a mail can be besides a `ReplyKind`: it waits for a person, a person has put it by, it came before by
another way, it is one of ours, or it answers the question of a responsiveness check."""
