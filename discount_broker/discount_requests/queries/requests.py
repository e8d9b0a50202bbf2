"""Reading discount requests."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from sqlalchemy import select

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.rules import WishKind
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.money import Money
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.notifications.catalogue import ProductSeen, Wish


def get_request(request_id: UUID, *, lock: bool = False) -> DiscountRequest:
    """One request; `lock` makes others wait who want to change it too (PostgreSQL)."""
    request = find_row(DiscountRequest, request_id, lock=lock)
    if request is None:
        raise NotFound("discount request")
    return request


def find_request_by_number(number: str) -> DiscountRequest | None:
    return db.session.scalar(select(DiscountRequest).where(DiscountRequest.number == number.strip().upper()))


def list_requests_of(buyer_id: UUID) -> list[DiscountRequest]:
    """A buyer's confirmed requests, newest first."""
    return list(
        db.session.scalars(
            select(DiscountRequest)
            .where(DiscountRequest.buyer_id == buyer_id, DiscountRequest.confirmed_at.is_not(None))
            .order_by(DiscountRequest.created_at.desc())
        )
    )


def list_unread(now: datetime) -> list[UUID]:
    """Requests whose product page waits to be read, or whose reader never came back."""
    return list(
        db.session.scalars(
            select(DiscountRequest.id).where(
                (DiscountRequest.reading == ReadingStatus.WAITING)
                | ((DiscountRequest.reading == ReadingStatus.READING) & (DiscountRequest.reading_until < now))
            )
        )
    )


def list_unplanned() -> list[UUID]:
    """Confirmed requests for which no shop has been chosen yet."""
    return list(
        db.session.scalars(
            select(DiscountRequest.id).where(DiscountRequest.status == RequestStatus.CONFIRMED)
        )
    )


class News(TypedDict):
    """The fields of `catalogue.BuyerNews`."""

    number: str
    product: ProductSeen
    follow_url: str


def news_of(request: DiscountRequest) -> News:
    """What every message to the buyer says of a running request."""
    return {"number": request.number, "product": product_seen(request), "follow_url": follow_url(request)}


def follow_url(request: DiscountRequest) -> str:
    """The status page of the request, for whoever holds this link."""
    return f"{site().base_url}/requests/{issue_token(Purpose.FOLLOW, request.id, request.created_at)}"


def product_seen(request: DiscountRequest) -> ProductSeen:
    """The product as messages tell it; its link alone while the page has not been read."""
    product = request.product
    if product is None:
        return ProductSeen(
            title=request.product_url, url=request.product_url, price=None, seen_at=request.created_at
        )
    price = Money(product.price, product.currency) if product.price and product.currency else None
    return ProductSeen(title=product.title, url=product.url, price=price, seen_at=product.read_at)


def wish_of(request: DiscountRequest) -> Wish:
    assert request.wish_value is not None, "submitted requests say what is wished"
    if request.wish_kind is WishKind.PERCENT:
        return Wish(percent=request.wish_value)
    currency = (request.product.currency if request.product else None) or "RUB"
    return Wish(price=Money(request.wish_value, currency))
