"""Beginning requests: one draft for each link, and twins for another mailbox."""

import secrets
from datetime import datetime, timedelta

from discount_broker.discount_requests.models import Basket, DiscountRequest
from discount_broker.discount_requests.operations.requests import tell
from discount_broker.discount_requests.queries import find_request_by_number
from discount_broker.discount_requests.rules import NUMBER_LETTERS, request_number
from discount_broker.discount_requests.status import ReadingStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job, enqueue_after_commit


def new_draft(
    link: str, language: str, now: datetime, origin: dict[str, str] | None = None
) -> DiscountRequest:
    request = DiscountRequest(
        number=_free_number(), language=language, product_url=link, created_at=now, origin=origin or {}
    )
    db.session.add(request)
    db.session.flush()
    tell(request, "draft_started", now)
    return request


def new_basket(now: datetime) -> Basket:
    basket = Basket(created_at=now)
    db.session.add(basket)
    db.session.flush()
    return basket


def next_place(now: datetime, place: int) -> datetime:
    """Requests of one basket keep the order of their links: each begins a millionth of a second later."""
    return now + timedelta(microseconds=place)


def twin_of(request: DiscountRequest, at: datetime) -> DiscountRequest:
    """The same request, for another mailbox to confirm."""
    twin = new_draft(request.product_url, request.language, at, request.origin)
    twin.reading, twin.reading_failure = request.reading, request.reading_failure
    twin.product_id = request.product_id
    if request.reading is ReadingStatus.READING:
        twin.reading = ReadingStatus.WAITING
        enqueue_after_commit(Job.READ_PRODUCT, twin.id)
    return twin


def _free_number() -> str:
    while True:
        number = request_number([secrets.randbelow(len(NUMBER_LETTERS)) for _ in range(5)])
        if find_request_by_number(number) is None:
            return number
