"""Reading counter-offers: what the buyer asks of an offer instead."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.money import Money
from discount_broker.notifications.catalogue import Wish
from discount_broker.offers.models import CounterOffer, Offer
from discount_broker.offers.queries.due import sent_in_vain
from discount_broker.offers.queries.made import currency_of
from discount_broker.offers.rules.countering import Standing
from discount_broker.offers.status import OfferStatus
from discount_broker.outreach.models import Outreach


def find_counter(outreach_id: UUID) -> CounterOffer | None:
    """What the buyer asked this shop for instead of its offer, whether it has been answered or not."""
    return db.session.scalar(select(CounterOffer).where(CounterOffer.outreach_id == outreach_id))


def list_counters(request_id: UUID) -> dict[UUID, CounterOffer]:
    """The counter-offers of one request, by their outreach."""
    query = (
        select(CounterOffer)
        .join(Outreach, CounterOffer.outreach_id == Outreach.id)
        .where(Outreach.discount_request_id == request_id)
    )
    return {counter.outreach_id: counter for counter in db.session.scalars(query)}


def counter_purpose(outreach_id: UUID) -> str:
    """Purpose of the letter that puts the buyer's counter-offer to the shop."""
    return f"answer:{outreach_id}:countered"


def list_untold_counters() -> list[CounterOffer]:
    """Counter-offers that wait for an answer, and whose shops were written to about them in vain."""
    query = (
        select(CounterOffer)
        .join(CounterOffer.offer)
        .join(Offer.outreach)
        .join(Outreach.discount_request)
        .where(
            CounterOffer.answer.is_(None),
            Offer.status == OfferStatus.OPEN,
            DiscountRequest.status == RequestStatus.OFFERED,
        )
        .options(
            contains_eager(CounterOffer.offer)
            .contains_eager(Offer.outreach)
            .contains_eager(Outreach.discount_request)
        )
    )
    purposes = {counter: counter_purpose(counter.outreach_id) for counter in db.session.scalars(query)}
    in_vain = sent_in_vain(purposes.values())
    return [counter for counter, purpose in purposes.items() if purpose in in_vain]


def standing_of(offer: Offer) -> Standing:
    """The offer as a counter-offer is held against it."""
    return Standing(full=offer.outreach.price, final=offer.final_price, percent=offer.percent)


def wish_of_counter(counter: CounterOffer) -> Wish:
    """What the buyer asks for instead, as messages tell it."""
    if counter.percent is not None:
        return Wish(percent=counter.percent)
    assert counter.price is not None
    return Wish(price=Money(counter.price, currency_of(counter.offer) or "RUB"))
