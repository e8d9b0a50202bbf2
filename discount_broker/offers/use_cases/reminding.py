"""A word to buyers before an offer that they have not decided on runs out."""

from datetime import datetime
from functools import partial
from uuid import UUID

from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import paced
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.catalogue import OfferEnds
from discount_broker.notifications.operations import notify
from discount_broker.offers.queries import get_offer, terms_of
from discount_broker.offers.queries.reminders import A_DAY, ending_purpose, list_ending
from discount_broker.offers.status import OfferStatus
from discount_broker.outreach.operations import news_from


def remind_endings(now: datetime) -> int:
    """Tell each buyer once, a day before, that an offer to them ends; how many were told."""
    ahead = paced(now + A_DAY, now) - now
    return for_each([offer.id for offer in list_ending(now, ahead)], partial(_remind, now=now))


@again_if_deadlocked
def _remind(offer_id: UUID, now: datetime) -> bool:
    with transaction():
        request = get_request(get_offer(offer_id).outreach.discount_request_id, lock=True)
        offer = get_offer(offer_id, lock=True)
        if offer.status is not OfferStatus.OPEN or request.status is not RequestStatus.OFFERED:
            return False
        if request.buyer is None:
            return False
        message = OfferEnds(**news_from(offer.outreach), shop=offer.outreach.shop.name, terms=terms_of(offer))
        to, purpose = request.buyer.email, ending_purpose(offer)
        return notify(message, to=to, language=request.language, purpose=purpose, now=now) is not None
