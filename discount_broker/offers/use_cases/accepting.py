"""The buyer takes an offer: its shop gets the contact and the code, the others are thanked."""

import secrets
from datetime import datetime
from functools import partial
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import advance as advance_request
from discount_broker.discount_requests.operations import tell, text_news
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.rules import NUMBER_LETTERS
from discount_broker.discount_requests.status import RequestEvent
from discount_broker.escalation.operations import open_case
from discount_broker.escalation.queries import AFTER_THE_ANSWER, find_case_of
from discount_broker.escalation.status import CaseReason
from discount_broker.kernel.errors import IllegalTransition
from discount_broker.kernel.sweeping import for_each, in_turn
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.catalogue import OfferConfirmed, ShopAccepted
from discount_broker.notifications.operations import notify
from discount_broker.offers.models import Offer
from discount_broker.offers.queries import get_offer, list_untold_acceptances, terms_of
from discount_broker.offers.queries.codes import find_offer_by_code, voucher_url
from discount_broker.offers.queries.countering import list_untold_counters
from discount_broker.offers.rules.coding import CODE_LENGTH, written_code
from discount_broker.offers.status import NotTaken, OfferEvent, OfferStatus
from discount_broker.offers.use_cases.settling import (
    decline_open_offers,
    end_what_is_open,
    offer_for,
    settle,
    write,
)
from discount_broker.outreach.operations import buyer_contact, news_from


@again_if_deadlocked
def accept_offer(request_id: UUID, offer_id: UUID, now: datetime) -> None:
    """The buyer takes this offer: its shop gets the contact and the number, the others are thanked.

    Raises:
        NotFound: the offer is for another request.
        IllegalTransition: another one was accepted before, the shop has changed it, or it has run out.

    """
    with transaction():
        request = get_request(request_id, lock=True)
        offer = offer_for(request, offer_id)
        if offer.status is OfferStatus.ACCEPTED:
            return
        if offer.valid_until <= now:
            raise IllegalTransition(OfferStatus.EXPIRED, OfferEvent.ACCEPTED)
        advance_request(request, RequestEvent.OFFER_ACCEPTED)
        settle(offer, OfferEvent.ACCEPTED, now)
        offer.code = _new_code()
        tell(request, "offer_accepted", now, shop=offer.outreach.shop.name, outreach=str(offer.outreach_id))
        _tell_the_chosen(request, offer, now)
        decline_open_offers(request, now, NotTaken.ANOTHER, but_for=offer.id)
        end_what_is_open(request, now, but_for=offer.outreach_id)


def _new_code() -> str:
    """Eight letters that nobody guesses, like `K7M2-9QX4`; never one that was given before."""
    while True:
        code = written_code("".join(secrets.choice(NUMBER_LETTERS) for _ in range(CODE_LENGTH)))
        if find_offer_by_code(code) is None:
            return code


def _tell_the_chosen(request: DiscountRequest, offer: Offer, now: datetime) -> None:
    outreach, contact, terms = offer.outreach, buyer_contact(offer.outreach), terms_of(offer)
    code = offer.code or ""
    told = write(
        outreach,
        lambda facts: ShopAccepted(**facts, terms=terms, contact=contact, note=request.note, code=code),
        now,
        "accepted",
    )
    if not told:  # asked by form or phone alone: an operator passes the news on
        open_case(outreach, CaseReason.ACCEPTANCE_TO_TELL, now)
    assert request.buyer is not None
    message = OfferConfirmed(
        **news_from(outreach),
        shop=outreach.shop.name,
        terms=terms,
        shared=contact,
        code=code,
        voucher_url=voucher_url(request),
    )
    purpose = f"request:{request.id}:accepted"
    notify(message, to=request.buyer.email, language=request.language, purpose=purpose, now=now)
    text_news(request, message, purpose, now)


@again_if_deadlocked
def pass_on_acceptances(now: datetime) -> None:
    """Where the letter about an acceptance or a counter-offer came back, an operator tells the shop; once."""
    accepted = [offer.id for offer in list_untold_acceptances()]
    countered = [counter.offer_id for counter in list_untold_counters()]
    in_turn(
        lambda: for_each(accepted, partial(_hand_over, reason=CaseReason.ACCEPTANCE_TO_TELL, now=now)),
        lambda: for_each(countered, partial(_hand_over, reason=CaseReason.COUNTER_TO_TELL, now=now)),
    )


@again_if_deadlocked
def _hand_over(offer_id: UUID, reason: CaseReason, now: datetime) -> None:
    with transaction():
        offer = get_offer(offer_id)
        case = find_case_of(offer.outreach_id)
        if case is None or case.reason not in AFTER_THE_ANSWER:
            open_case(offer.outreach, reason, now)
