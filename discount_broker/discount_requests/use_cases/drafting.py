"""A buyer gives links: each begins a draft, and several together are a basket."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.operations.drafts import new_basket, new_draft, next_place
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.queries.baskets import list_open_together, lock_together
from discount_broker.discount_requests.rules import MOST_IN_BASKET, clean_origin
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.kernel.urls import find_link, find_links, page_key

Origin = Mapping[str, str] | None
OPEN = (RequestStatus.DRAFT, RequestStatus.UNCONFIRMED)


def start_draft(link_text: str, language: str, now: datetime, origin: Origin = None) -> UUID:
    """Keep the link a buyer pasted, and where they came from, and have its page read.

    Raises:
        Refused: `link_missing`, `link_not_web`, `link_too_long`.

    """
    link = find_link(link_text)
    with transaction():
        return _begin(link, language, now, origin).id


def start_drafts(link_text: str, language: str, now: datetime, origin: Origin = None) -> UUID:
    """The same for every link in what was pasted: several make a basket. Returns the first draft's id.

    Raises:
        Refused: codes of `find_link`; `too_many_links`.

    """
    links = find_links(link_text)
    if len(links) > MOST_IN_BASKET:
        raise Refused("too_many_links", "link")
    with transaction():
        drafts = [_begin(link, language, next_place(now, n), origin) for n, link in enumerate(links)]
        if len(drafts) > 1:
            basket = new_basket(now)
            for draft in drafts:
                draft.basket_id = basket.id
        return drafts[0].id


@again_if_deadlocked
def add_to_basket(request_id: UUID, link_text: str, now: datetime) -> int:
    """Want more of what is asked for at once; how many links were new.

    Raises:
        Refused: codes of `find_link`; `too_many_links`.

    """
    links = find_links(link_text)
    with transaction():
        first = lock_together(request_id)
        together = list_open_together(first)
        known = {page_key(each.product_url) for each in together}
        fresh = [link for link in links if page_key(link) not in known]
        if len(together) + len(fresh) > MOST_IN_BASKET:
            raise Refused("too_many_links", "link")
        if fresh and first.status in OPEN and first.basket_id is None:
            first.basket_id = new_basket(now).id
        if first.status in OPEN:
            for n, link in enumerate(fresh):
                added = _begin(link, first.language, next_place(now, n), first.origin)
                added.basket_id = first.basket_id
        return len(fresh)


@again_if_deadlocked
def leave_out(request_id: UUID, left_out_id: UUID, now: datetime) -> UUID:
    """Take one product out of the basket; the id of a draft that is left, where it was not the last."""
    with transaction():
        together = list_open_together(lock_together(request_id))
        gone = next((each for each in together if each.id == left_out_id), None)
        if gone is None or len(together) < 2 or gone.status is not RequestStatus.DRAFT:
            return request_id
        gone.basket_id = None
        tell(gone, "left_out", now)
        left = [each for each in together if each.id != left_out_id]
        if len(left) == 1:
            left[0].basket_id = None
        return left[0].id if left_out_id == request_id else request_id


def repeat_reading(request_id: UUID, now: datetime) -> None:
    """Read the product page once more, after it failed."""
    with transaction():
        request = get_request(request_id, lock=True)
        if request.status in OPEN and request.reading is ReadingStatus.FAILED:
            request.reading, request.reading_failure = ReadingStatus.WAITING, None
            tell(request, "reading_repeated", now)
            enqueue_after_commit(Job.READ_PRODUCT, request.id)


def _begin(link: str, language: str, now: datetime, origin: Origin) -> DiscountRequest:
    request = new_draft(link, language, now, clean_origin(origin or {}))
    enqueue_after_commit(Job.READ_PRODUCT, request.id)
    return request
