"""Reading requests that one buyer makes at once, and those that a buyer has made before."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from discount_broker.accounts.models import Buyer
from discount_broker.discount_requests.models import DiscountRequest, Product
from discount_broker.discount_requests.queries.requests import get_request
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.urls import page_key

RUNNING = (
    RequestStatus.CONFIRMED,
    RequestStatus.ASKED,
    RequestStatus.OFFERED,
    RequestStatus.ACCEPTED,
)
"""Requests that the buyer confirmed and that are not over."""


def list_together(request: DiscountRequest) -> list[DiscountRequest]:
    """The requests of a basket in the order of their links; the one alone where it is in none."""
    if request.basket_id is None:
        return [request]
    query = select(DiscountRequest).where(DiscountRequest.basket_id == request.basket_id)
    return list(db.session.scalars(query.order_by(DiscountRequest.created_at, DiscountRequest.id)))


def lock_together(request_id: UUID) -> DiscountRequest:
    """A request, and all of its basket with it, in one order: two of them must not wait for each other.

    Raises:
        NotFound

    """
    basket = select(DiscountRequest.basket_id).where(DiscountRequest.id == request_id).scalar_subquery()
    together = (DiscountRequest.basket_id == basket) | (DiscountRequest.id == request_id)
    query = select(DiscountRequest).where(together).order_by(DiscountRequest.created_at, DiscountRequest.id)
    locking = query.with_for_update(key_share=True)
    db.session.scalars(locking, execution_options={"populate_existing": True}).all()
    return get_request(request_id, lock=True)


def list_open_together(request: DiscountRequest) -> list[DiscountRequest]:
    """Those of them that the same buyer has not confirmed yet: what one press confirms."""
    open_ones = (RequestStatus.DRAFT, RequestStatus.UNCONFIRMED)
    return [
        each
        for each in list_together(request)
        if each.status in open_ones and each.buyer_id in (None, request.buyer_id)
    ]


def find_running_twin(buyer_id: UUID, request: DiscountRequest) -> DiscountRequest | None:
    """The latest running request of the buyer for the same product of the same shop."""
    query = (
        select(DiscountRequest)
        .where(
            DiscountRequest.buyer_id == buyer_id,
            DiscountRequest.status.in_(RUNNING),
            DiscountRequest.id != request.id,
        )
        .options(joinedload(DiscountRequest.product).joinedload(Product.shop))
        .order_by(DiscountRequest.created_at.desc())
    )
    mine = _names_of(request)
    return next((each for each in db.session.scalars(query) if mine & _names_of(each)), None)


def find_running_repeat(asked: DiscountRequest) -> DiscountRequest | None:
    """The request itself while it runs, else the latest that asks the same anew and is not over."""
    if asked.status in RUNNING:
        return asked
    query = select(DiscountRequest).where(
        DiscountRequest.buyer_id == asked.buyer_id,
        DiscountRequest.repeats_id == asked.id,
        DiscountRequest.status.in_((RequestStatus.UNCONFIRMED, *RUNNING)),
    )
    return db.session.scalar(query.order_by(DiscountRequest.created_at.desc()).limit(1))


def _names_of(request: DiscountRequest) -> set[str]:
    """By what the product is known to be the same: its page, or its article number in its shop."""
    names, product = {page_key(request.product_url)}, request.product
    if product is not None:
        names.add(page_key(product.url))
        if product.gtin:
            names.add(f"{product.shop_id}:{product.gtin}")
    return names


def wanted_with(request: DiscountRequest, shop_id: UUID) -> Sequence[DiscountRequest]:
    """What else the buyer wants of this shop by the same press."""
    return [
        each
        for each in list_confirmed_with(request)
        if each.status in RUNNING and each.product is not None and each.product.shop_id == shop_id
    ]


def list_confirmed_with(request: DiscountRequest) -> list[DiscountRequest]:
    """The others that the same buyer confirmed by the same press, whatever became of them."""
    return [
        each
        for each in list_together(request)
        if each.id != request.id
        and each.buyer_id == request.buyer_id
        and (each.status in RUNNING or each.status is RequestStatus.CLOSED)
    ]


def list_unfinished(since: datetime, until: datetime) -> list[UUID]:
    """Requests that wait to be confirmed and whose buyers were not asked about them; one of each basket.

    Who was forgotten, or has asked for that, is not asked whether to go on.
    """
    query = (
        select(DiscountRequest.id, DiscountRequest.basket_id)
        .join(Buyer, Buyer.id == DiscountRequest.buyer_id)
        .where(
            Buyer.erased_at.is_(None),
            Buyer.deletion_due_at.is_(None),
            DiscountRequest.status == RequestStatus.UNCONFIRMED,
            DiscountRequest.reminded_at.is_(None),
            DiscountRequest.submitted_at > since,
            DiscountRequest.submitted_at <= until,
        )
        .order_by(DiscountRequest.created_at)
    )
    first_of = {
        basket_id or request_id: request_id
        for request_id, basket_id in reversed(list(db.session.execute(query)))
    }
    return list(first_of.values())


def is_said_by_buyer(request: DiscountRequest) -> bool:
    """Whether title or price of the product are the buyer's own words."""
    sources = request.product.evidence.get("sources", {}) if request.product else {}
    return "buyer" in (sources.get("title"), sources.get("price"))
