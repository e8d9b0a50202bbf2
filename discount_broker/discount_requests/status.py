"""The life of a discount request. Pure."""

from enum import StrEnum

from discount_broker.kernel.transitions import follow


class RequestStatus(StrEnum):
    DRAFT = "draft"
    """A link was given; nobody has signed for it yet."""
    UNCONFIRMED = "unconfirmed"
    """Signed with an e-mail address whose owner has not confirmed it yet."""
    CONFIRMED = "confirmed"
    """Waiting for shops to be chosen."""
    ASKED = "asked"
    """Shops were chosen; answers are awaited."""
    OFFERED = "offered"
    """At least one offer can be accepted."""
    ACCEPTED = "accepted"
    CLOSED = "closed"


class RequestEvent(StrEnum):
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    SHOPS_CHOSEN = "shops_chosen"
    OFFER_MADE = "offer_made"
    OFFERS_GONE = "offers_gone"
    """Every offer has run out."""
    OFFER_ACCEPTED = "offer_accepted"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What came of it in the end, by the buyer's own word where there is one."""

    BOUGHT = "bought"
    """Bought with the discount."""
    CALLED = "called"
    """The shop got in touch; not bought yet, or not with the discount."""
    NOTHING = "nothing"
    """The shop never got in touch."""
    BOUGHT_ALREADY = "bought_already"
    """Bought before an offer was accepted, or elsewhere: nobody needs to be asked."""
    WITHDRAWN = "withdrawn"
    NO_OFFER = "no_offer"


class ReadingStatus(StrEnum):
    """How far the reading of the product page has got."""

    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    FAILED = "failed"


S, E = RequestStatus, RequestEvent

TRANSITIONS: dict[tuple[RequestStatus, RequestEvent], RequestStatus] = {
    (S.DRAFT, E.SUBMITTED): S.UNCONFIRMED,
    # Submitted again with a mended e-mail address.
    (S.UNCONFIRMED, E.SUBMITTED): S.UNCONFIRMED,
    (S.UNCONFIRMED, E.CONFIRMED): S.CONFIRMED,
    (S.CONFIRMED, E.SHOPS_CHOSEN): S.ASKED,
    (S.ASKED, E.OFFER_MADE): S.OFFERED,
    (S.OFFERED, E.OFFER_MADE): S.OFFERED,
    (S.OFFERED, E.OFFERS_GONE): S.ASKED,
    (S.OFFERED, E.OFFER_ACCEPTED): S.ACCEPTED,
    (S.CONFIRMED, E.CLOSED): S.CLOSED,
    (S.ASKED, E.CLOSED): S.CLOSED,
    (S.OFFERED, E.CLOSED): S.CLOSED,
    (S.ACCEPTED, E.CLOSED): S.CLOSED,
}


def next_status(status: RequestStatus, event: RequestEvent) -> RequestStatus:
    return follow(TRANSITIONS, status, event)
