"""The buyer says no to an offer or to the whole request, or nothing came in time."""

from datetime import datetime
from functools import partial
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import advance as advance_request
from discount_broker.discount_requests.operations import close, tell
from discount_broker.discount_requests.queries import get_request, news_of
from discount_broker.discount_requests.status import Outcome, RequestEvent, RequestStatus
from discount_broker.discovery.queries.similar import list_similar
from discount_broker.escalation.queries.tried import list_attempts
from discount_broker.kernel.sweeping import for_each, in_turn
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.catalogue import RequestEnded
from discount_broker.notifications.operations import notify
from discount_broker.offers.queries import get_offer, list_expired, list_hopeless, list_offers
from discount_broker.offers.status import DeclineReason, NotTaken, OfferEvent, OfferStatus
from discount_broker.offers.use_cases.settling import (
    decline_open_offers,
    end_what_is_open,
    leave_in_peace,
    offer_for,
    settle,
    thank,
)
from discount_broker.outreach.extract.private_words import lines_of
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.queries.thread import veil_for
from discount_broker.outreach.status import OPEN as AWAITED

LONGEST_WORDS = 500


@again_if_deadlocked
def decline_offer(
    request_id: UUID,
    offer_id: UUID,
    now: datetime,
    reason: DeclineReason | None = None,
    words: str = "",
    *,
    may_pass_on: bool = False,
) -> None:
    """The buyer does not want this one; the request goes on.

    The shop is told the reason; the buyer's own words only where they allow it, without contact details.

    Raises:
        NotFound: the offer is for another request.
        IllegalTransition: it was accepted, or the shop has changed it since.

    """
    with transaction():
        request = get_request(request_id, lock=True)
        offer = offer_for(request, offer_id)
        if offer.status in (OfferStatus.DECLINED, OfferStatus.EXPIRED):
            return
        settle(offer, OfferEvent.DECLINED, now)
        offer.decline_reason, offer.decline_words = reason, words.strip()[:LONGEST_WORDS]
        shown = veil_for(offer.outreach, offer.decline_words).text if may_pass_on else ""
        thank(offer.outreach, now, reason, lines_of(shown) if shown else ())
        tell(request, "offer_declined", now, shop=offer.outreach.shop.name)
        _note_offers_gone(request, now)


def expire_offers(now: datetime) -> None:
    """Let offers run out, and end the requests for which nothing came."""
    in_turn(
        lambda: for_each(list_expired(now), partial(_expire, now=now)),
        lambda: for_each(list_hopeless(now), partial(_end_hopeless, now=now)),
    )


@again_if_deadlocked
def _expire(offer_id: UUID, now: datetime) -> None:
    with transaction():
        request = get_request(get_offer(offer_id).outreach.discount_request_id, lock=True)
        offer = get_offer(offer_id, lock=True)
        if offer.status is OfferStatus.OPEN:
            settle(offer, OfferEvent.EXPIRED, now)
            tell(request, "offer_expired", now, shop=offer.outreach.shop.name)
            _note_offers_gone(request, now)


@again_if_deadlocked
def _end_hopeless(request_id: UUID, now: datetime) -> None:
    with transaction():
        _end_without_offer(get_request(request_id, lock=True), now)


def _note_offers_gone(request: DiscountRequest, now: datetime) -> None:
    still_open = any(offer.status is OfferStatus.OPEN for offer in list_offers(request.id))
    if request.status is RequestStatus.OFFERED and not still_open:
        advance_request(request, RequestEvent.OFFERS_GONE)
        if any(one.status in AWAITED for one in list_outreaches(request.id)):  # else the request ends at once
            tell(request, "offers_gone", now)


def _end_without_offer(request: DiscountRequest, now: datetime) -> None:
    if request.status is not RequestStatus.ASKED:
        return
    end_what_is_open(request, now)
    close(request, Outcome.NO_OFFER, now)
    tell(request, "closed", now)
    assert request.buyer is not None
    outreaches, offers = list_outreaches(request.id), list_offers(request.id)
    found = list_similar(request.product, {one.shop_id for one in outreaches}) if request.product else []
    message = RequestEnded(
        **news_of(request),
        tried=list_attempts(outreaches),
        elsewhere=tuple(one.seen for one in found if one.is_same),
        similar=tuple(one.seen for one in found if not one.is_same),
        had_offers=bool(offers),
        ran_out=tuple(each.outreach.shop.name for each in offers if each.status is OfferStatus.EXPIRED),
    )
    purpose = f"request:{request.id}:ended"
    notify(message, to=request.buyer.email, language=request.language, purpose=purpose, now=now)


@again_if_deadlocked
def withdraw_request(request_id: UUID, now: datetime) -> None:
    """The buyer wants no answers any more; every pending message stops at once."""
    with transaction():
        withdraw(get_request(request_id, lock=True), now)


def withdraw(request: DiscountRequest, now: datetime) -> None:
    """End a request politely; nothing happens where it has ended."""
    if request.status is RequestStatus.CLOSED:
        return
    decline_open_offers(request, now, NotTaken.WITHDRAWN)
    end_what_is_open(request, now)
    leave_in_peace(request)
    close(request, Outcome.WITHDRAWN, now)
    tell(request, "withdrawn", now)
