"""What every decision of a buyer does: settling offers, writing to their shops, ending what is open."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.escalation.operations import settle_case, withdraw_promises_of
from discount_broker.escalation.status import Ending
from discount_broker.kernel.errors import NotFound
from discount_broker.messaging.operations import cancel_queued
from discount_broker.notifications.catalogue import ShopMessage, ShopThanked
from discount_broker.notifications.operations import drop_news
from discount_broker.notifications.queries import list_items_about
from discount_broker.notifications.rules import REQUIRED
from discount_broker.notifications.status import NewsKind
from discount_broker.offers.models import Offer
from discount_broker.offers.operations import settle_draft
from discount_broker.offers.queries import get_offer, list_offers, list_open_drafts
from discount_broker.offers.queries.countering import counter_purpose
from discount_broker.offers.status import DeclineReason, NotTaken, OfferEvent, OfferStatus, next_status
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import (
    LetterFacts,
    answering_point,
    end,
    letter_facts,
    queue_letter,
)
from discount_broker.outreach.operations.conversation import drop_letters
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.status import OPEN, OutreachEvent


def offer_for(request: DiscountRequest, offer_id: UUID) -> Offer:
    """The offer, locked, where it is for this very request.

    Raises:
        NotFound

    """
    offer = get_offer(offer_id, lock=True)
    if offer.outreach.discount_request_id != request.id:
        raise NotFound("offer")
    return offer


def settle(offer: Offer, event: OfferEvent, now: datetime) -> None:
    """End the offer; the buyer's counter-offer to it does not leave any more.

    Raises:
        IllegalTransition: it has ended another way.

    """
    offer.status, offer.settled_at = next_status(offer.status, event), now
    cancel_queued(counter_purpose(offer.outreach_id))


def write(outreach: Outreach, letter: Callable[[LetterFacts], ShopMessage], now: datetime, what: str) -> bool:
    """Write to the address at which the shop was asked; False where it has none."""
    point = answering_point(outreach)
    if point is None:
        return False
    purpose = f"answer:{outreach.id}:{what}"
    queue_letter(outreach, letter(letter_facts(outreach, point)), point, purpose=purpose, now=now)
    return True


def thank(
    outreach: Outreach, now: datetime, why: DeclineReason | NotTaken | None, words: tuple[str, ...] = ()
) -> None:
    """Tell the shop politely that its offer was not taken, and why; None where the buyer did not say."""
    said = why.value if why else ""
    write(outreach, lambda facts: ShopThanked(**facts, reason=said, words=words), now, "thanked")


def decline_open_offers(
    request: DiscountRequest, now: datetime, why: DeclineReason | NotTaken, but_for: UUID | None = None
) -> None:
    """The shops whose offers can still be accepted are thanked."""
    for offer in list_offers(request.id):
        if offer.id != but_for and offer.status is OfferStatus.OPEN:
            settle(offer, OfferEvent.DECLINED, now)
            offer.decline_reason = why if isinstance(why, DeclineReason) else None
            thank(offer.outreach, now, why)


def end_what_is_open(request: DiscountRequest, now: datetime, but_for: UUID | None = None) -> None:
    """Nobody's answer is wanted any more: no message, call or promise is left pending."""
    for outreach in list_outreaches(request.id):
        if outreach.id == but_for:
            continue
        if outreach.status in OPEN:
            end(outreach, OutreachEvent.STOPPED, now)
        drop_letters(outreach)
        for draft in list_open_drafts(outreach.id):
            settle_draft(draft, now)
        settle_case(outreach, Ending.NO_LONGER_NEEDED, now)
        withdraw_promises_of(outreach, "no longer needed", now)


def leave_in_peace(request: DiscountRequest) -> None:
    """What the buyer was still to be told or asked about the request is of no use to them any more."""
    if request.buyer_id is None:
        return
    optional = frozenset(NewsKind) - REQUIRED
    for item in list_items_about(request.buyer_id, request.number, optional):
        cancel_queued(item.purpose)
    drop_news(request.buyer_id, request.number, optional)
