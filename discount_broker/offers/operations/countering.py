"""What a shop says to a buyer's counter-offer: it gives it, or its offer stands."""

from datetime import datetime

from discount_broker.messaging.operations import cancel_queued
from discount_broker.offers.models import CounterOffer, Offer
from discount_broker.offers.queries.countering import counter_purpose
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind, CounterAnswer

KEEPS_ITS_WORDS = (AnswerKind.PERCENT, AnswerKind.PRICE, AnswerKind.FREE_DELIVERY)
"""Other answers say in their words what they give: that is not what the buyer asked for instead."""


def settle_counter(counter: CounterOffer, answer: CounterAnswer, now: datetime) -> None:
    """The shop has answered: its letter about the counter-offer need not leave any more."""
    counter.answer, counter.answered_at = answer, now
    cancel_queued(counter_purpose(counter.outreach_id))


def answer_to(counter: CounterOffer) -> Answer:
    """What the shop gives when it gives what the buyer asks for; what it said besides still holds."""
    offer = counter.offer
    is_percent = counter.percent is not None
    return Answer(
        kind=AnswerKind.PERCENT if is_percent else AnswerKind.PRICE,
        percent=counter.percent,
        price=counter.price,
        text=offer.text if offer.kind in KEEPS_ITS_WORDS else "",
        delivery=offer.delivery,
        condition=offer.condition,
    )


def gives(counter: CounterOffer, offer: Offer) -> bool:
    """Whether an offer gives all that the buyer asked for instead."""
    if counter.price is not None:
        return offer.final_price is not None and offer.final_price <= counter.price
    return offer.percent is not None and counter.percent is not None and offer.percent >= counter.percent
