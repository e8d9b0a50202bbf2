"""A buyer asks anew: the same product after a while, or a similar one when nothing came."""

from datetime import datetime
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations.drafts import new_draft
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.status import RequestEvent, RequestStatus
from discount_broker.discovery.queries.similar import find_offered_here
from discount_broker.kernel.errors import Forgotten, IllegalTransition, NotFound
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import transaction

COPIED = (
    "buyer_id",
    "wish_kind",
    "wish_value",
    "quantity",
    "city",
    "phone",
    "note",
    "best_time",
    "asks_rivals",
    "wants_texts",
)
"""What the form of the new request begins with; a consent is given anew or not at all."""


def ask_again(request_id: UUID, now: datetime, listing_id: UUID | None = None) -> UUID:
    """Begin a draft with what was asked before, for the same link or for that of a listing; its id.

    Nothing is asked before the buyer has looked at the form, sent it and confirmed it.

    Raises:
        NotFound: no such listing, or its shop forbids it.
        Forgotten: whoever asked for it.
        IllegalTransition: the request was never confirmed.

    """
    with transaction():
        earlier = get_request(request_id)
        if earlier.buyer is not None and earlier.buyer.erased_at is not None:
            raise Forgotten("buyer")
        if earlier.status in (RequestStatus.DRAFT, RequestStatus.UNCONFIRMED):
            raise IllegalTransition(earlier.status, RequestEvent.CONFIRMED)
        draft = new_draft(_link_of(earlier, listing_id), earlier.language, now)
        for name in COPIED:
            setattr(draft, name, getattr(earlier, name))
        draft.origin = dict(earlier.origin)
        draft.repeats_id = earlier.id if listing_id is None else None
        enqueue_after_commit(Job.READ_PRODUCT, draft.id)
        return draft.id


def _link_of(earlier: DiscountRequest, listing_id: UUID | None) -> str:
    if listing_id is None:
        return earlier.product_url
    listing = find_offered_here(listing_id)
    if listing is None:
        raise NotFound("listing")
    return listing.url
