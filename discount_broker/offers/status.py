"""What a shop can answer, and the life of an offer. Pure."""

from enum import StrEnum

from discount_broker.kernel.transitions import follow


class AnswerKind(StrEnum):
    PERCENT = "percent"
    PRICE = "price"
    FREE_DELIVERY = "free_delivery"
    BONUS = "bonus"
    GIFT = "gift"
    ADD_ITEM = "add_item"
    LOWEST = "lowest"
    """Already the lowest price, because…"""
    CALL = "call"
    """We will call by…"""
    LATER = "later"
    """Ask us again on…"""
    FORWARD = "forward"
    """Not mine: that address decides it."""
    NOT_NOW = "not_now"
    NEVER = "never"


GIVES = frozenset(
    {
        AnswerKind.PERCENT,
        AnswerKind.PRICE,
        AnswerKind.FREE_DELIVERY,
        AnswerKind.BONUS,
        AnswerKind.GIFT,
        AnswerKind.ADD_ITEM,
        AnswerKind.LOWEST,
    }
)
"""Answers a buyer can accept; LOWEST too, for its price may still be the best of all."""


class OfferStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    """The buyer chose another one, or none."""
    EXPIRED = "expired"
    REPLACED = "replaced"
    """The shop changed its answer: the next offer on the same outreach counts."""


class DeclineReason(StrEnum):
    """Why a buyer does not want an offer, as they say it."""

    PRICE = "price"
    DELIVERY = "delivery"
    CONDITION = "condition"
    BOUGHT_ELSEWHERE = "bought_elsewhere"
    CHANGED_MIND = "changed_mind"
    OTHER = "other"


class NotTaken(StrEnum):
    """What else becomes of an offer that its buyer does not take, as its shop is told."""

    ANOTHER = "another"
    """The buyer took the offer of another shop."""
    WITHDRAWN = "withdrawn"
    """The buyer withdrew the whole request."""


class CounterAnswer(StrEnum):
    """What the shop says to a counter-offer."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """Its first offer stands."""


class OfferEvent(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    REPLACED = "replaced"


S, E = OfferStatus, OfferEvent

TRANSITIONS: dict[tuple[OfferStatus, OfferEvent], OfferStatus] = {
    (S.OPEN, E.ACCEPTED): S.ACCEPTED,
    (S.OPEN, E.DECLINED): S.DECLINED,
    (S.OPEN, E.EXPIRED): S.EXPIRED,
    (S.OPEN, E.REPLACED): S.REPLACED,
    # The shop may say anew what it gives while the buyer still looks for an offer.
    (S.EXPIRED, E.REPLACED): S.REPLACED,
    # The others are declined when one is accepted; some have run out by then.
    (S.EXPIRED, E.DECLINED): S.EXPIRED,
}


def next_status(status: OfferStatus, event: OfferEvent) -> OfferStatus:
    return follow(TRANSITIONS, status, event)
