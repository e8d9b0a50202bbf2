"""The buyer asks for a little more than a shop offers: once for each shop, and its offer stands meanwhile."""

from datetime import datetime
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.operations import open_case
from discount_broker.escalation.status import CaseReason
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.catalogue import ShopCountered, Wish
from discount_broker.offers.models import CounterOffer, Offer
from discount_broker.offers.queries import terms_of
from discount_broker.offers.queries.countering import find_counter, standing_of, wish_of_counter
from discount_broker.offers.rules.countering import LONGEST_COUNTER, Counter, check_counter
from discount_broker.offers.status import OfferEvent, OfferStatus
from discount_broker.offers.use_cases.settling import offer_for, write
from discount_broker.outreach.extract.private_words import lines_of
from discount_broker.outreach.queries.thread import veil_for


@again_if_deadlocked
def counter_offer(request_id: UUID, offer_id: UUID, counter: Counter, now: datetime) -> None:
    """Put to the shop what the buyer would take instead. A second press changes nothing.

    The shop's letter has the words without contact details; one without an e-mail address is told
    by an operator.

    Raises:
        NotFound: the offer is for another request.
        Refused: codes of `check_counter`; `counter_made`, when this shop was asked before.
        IllegalTransition: the offer cannot be accepted any more.

    """
    with transaction():
        request = get_request(request_id, lock=True)
        offer = offer_for(request, offer_id)
        made = find_counter(offer.outreach_id)
        if made is not None:
            _check_is_the_same(made, offer, counter)
            return
        _check_standing(request, offer, now)
        check_counter(counter, standing_of(offer))
        _put_to_the_shop(request, _keep(offer, counter, now), now)


def _check_is_the_same(made: CounterOffer, offer: Offer, counter: Counter) -> None:
    told = (offer.id, counter.percent, counter.price)
    if (made.offer_id, made.percent, made.price) != told:
        raise Refused("counter_made", "price")


def _check_standing(request: DiscountRequest, offer: Offer, now: datetime) -> None:
    is_over = offer.status is not OfferStatus.OPEN or request.status is not RequestStatus.OFFERED
    if is_over or offer.valid_until <= now:
        raise IllegalTransition(offer.status, OfferEvent.REPLACED)


def _keep(offer: Offer, counter: Counter, now: datetime) -> CounterOffer:
    kept = CounterOffer(
        offer=offer,
        outreach_id=offer.outreach_id,
        percent=counter.percent,
        price=None if counter.percent is not None else counter.price,
        words=counter.words.strip()[:LONGEST_COUNTER],
        made_at=now,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _put_to_the_shop(request: DiscountRequest, counter: CounterOffer, now: datetime) -> None:
    offer, outreach = counter.offer, counter.offer.outreach
    veiled = veil_for(outreach, counter.words)
    told = write(
        outreach,
        lambda facts: ShopCountered(
            **facts,
            terms=terms_of(offer),
            wish=wish_of_counter(counter),
            words=lines_of(veiled.text) if veiled.text else (),
            has_gaps=bool(veiled.left_out),
        ),
        now,
        "countered",
    )
    if not told:  # asked by form or phone alone: an operator asks for the buyer
        open_case(outreach, CaseReason.COUNTER_TO_TELL, now)
    tell(request, "counter_made", now, shop=outreach.shop.name, **_facts_of(wish_of_counter(counter)))


def _facts_of(wish: Wish) -> dict[str, str]:
    """The wish as the story tells it: to the buyer, and to the operator who phones the shop."""
    if wish.price is None:
        return {"kind": "percent", "percent": f"{wish.percent:f}"}
    return {"kind": "price", "price": f"{wish.price.amount:f}", "currency": wish.price.currency}
