"""The shop answers a buyer's counter-offer by one press."""

from datetime import datetime, timedelta
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.operations import settle_case
from discount_broker.escalation.status import Ending
from discount_broker.kernel.errors import IllegalTransition, NotFound
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.catalogue import ChangeReason, OfferChanged
from discount_broker.offers.models import CounterOffer, Offer
from discount_broker.offers.operations import inform, offer_of, replace_offer
from discount_broker.offers.operations.countering import answer_to, settle_counter
from discount_broker.offers.queries import find_offer_of, terms_of
from discount_broker.offers.queries.countering import find_counter
from discount_broker.offers.status import CounterAnswer, OfferEvent, OfferStatus
from discount_broker.outreach.operations import news_from, note_answered
from discount_broker.outreach.queries import get_outreach

TIME_TO_ACCEPT = timedelta(days=1)
"""At least so long the buyer may take what they asked for, however soon the first offer would end."""


@again_if_deadlocked
def answer_counter(outreach_id: UUID, is_given: bool, now: datetime) -> None:
    """Give the buyer what they asked for instead, or let the offer stand. A second press changes nothing.

    Raises:
        NotFound: the buyer asked for nothing else.
        IllegalTransition: it was answered otherwise, or the offer cannot be accepted any more.

    """
    said = CounterAnswer.ACCEPTED if is_given else CounterAnswer.REFUSED
    with transaction():
        request = get_request(get_outreach(outreach_id).discount_request_id, lock=True)
        outreach = get_outreach(outreach_id, lock=True)
        counter = find_counter(outreach_id)
        if counter is None:
            raise NotFound("counter")
        if counter.answer is said:
            return
        offer = _standing(counter, request, now)
        settle_counter(counter, said, now)
        note_answered(outreach, None, now)
        settle_case(outreach, Ending.OFFERED, now)
        if is_given:
            _give(counter, offer, request, now)
        else:
            _keep(counter, offer, request, now)


def _standing(counter: CounterOffer, request: DiscountRequest, now: datetime) -> Offer:
    """The offer that the buyer asked to be changed, while it can still be accepted."""
    offer = find_offer_of(counter.outreach_id)
    is_open = offer is not None and offer.status is OfferStatus.OPEN and offer.valid_until > now
    if offer is None or not is_open or offer.id != counter.offer_id or counter.answer is not None:
        raise IllegalTransition(counter.offer.status, OfferEvent.REPLACED)
    if request.status is not RequestStatus.OFFERED:
        raise IllegalTransition(offer.status, OfferEvent.REPLACED)
    return offer


def _give(counter: CounterOffer, offer: Offer, request: DiscountRequest, now: datetime) -> None:
    new = offer_of(answer_to(counter), counter.offer.outreach, now)
    new.valid_until = max(offer.valid_until, now + TIME_TO_ACCEPT)
    replace_offer(offer, new, request, ChangeReason.GAVE_COUNTER, now)


def _keep(counter: CounterOffer, offer: Offer, request: DiscountRequest, now: datetime) -> None:
    outreach = offer.outreach
    tell(request, "counter_refused", now, shop=outreach.shop.name)
    kept = OfferChanged(
        **news_from(outreach), shop=outreach.shop.name, terms=terms_of(offer), why=ChangeReason.KEPT_OFFER
    )
    inform(request, kept, f"counter:{counter.id}:refused", now)
