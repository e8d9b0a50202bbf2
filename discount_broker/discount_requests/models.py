"""The buyer's ask, the product it is about, and its timeline."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Buyer
from discount_broker.discount_requests.rules import WishKind
from discount_broker.discount_requests.status import Outcome, ReadingStatus, RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Amount, Id, Model, begins_index
from discount_broker.shops.models import Shop


class Product(Model):
    """What a page said about a product at one moment. A snapshot: never overwritten."""

    __table_args__ = (
        CheckConstraint("(price IS NULL) OR (currency IS NOT NULL)", name="price_has_currency"),
    )

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"))
    url: Mapped[str]
    title: Mapped[str]
    price: Mapped[Decimal | None] = mapped_column(Amount)
    currency: Mapped[str | None]
    old_price: Mapped[Decimal | None] = mapped_column(Amount)
    brand: Mapped[str | None]
    model: Mapped[str | None]
    sku: Mapped[str | None]
    gtin: Mapped[str | None]
    image: Mapped[str | None]
    availability: Mapped[str] = mapped_column(default="unknown")
    category: Mapped[list[str]] = mapped_column(default=list)
    language: Mapped[str | None]
    confidence: Mapped[float]
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{"sources": {field: part of the page}, "disagreements": {field: {part: what it says}}}`."""
    read_at: Mapped[datetime]

    shop: Mapped[Shop] = relationship()


class Basket(Model):
    """Up to five requests that one buyer makes at once, confirmed by one press."""

    id: Mapped[Id]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class DiscountRequest(Model):
    """One product, one wish, until a date."""

    __table_args__ = (
        CheckConstraint("(status = 'draft') OR (buyer_id IS NOT NULL)", name="signed_by_a_buyer"),
        CheckConstraint("(status = 'draft') OR (wish_kind IS NOT NULL)", name="says_what_is_wished"),
        CheckConstraint("status IN ('draft', 'unconfirmed') OR confirmed_at IS NOT NULL", name="confirmed"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at_iff_closed"),
        CheckConstraint("(reading = 'reading') = (reading_until IS NOT NULL)", name="leased_iff_reading"),
        CheckConstraint("wish_kind <> 'percent' OR wish_value BETWEEN 1 AND 90", name="percent_in_range"),
        CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity_in_range"),
        Index(None, "status"),
        Index(
            "uq_discount_request_api_reference",
            "api_client_id",
            "api_reference",
            unique=True,
            postgresql_where=text("api_reference <> ''"),
            sqlite_where=text("api_reference <> ''"),
        ),
        begins_index("discount_request", "number"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)
    """Public number, like `R-7K2M9`."""
    status: Mapped[RequestStatus] = mapped_column(default=RequestStatus.DRAFT)
    language: Mapped[str]
    product_url: Mapped[str]
    reading: Mapped[ReadingStatus] = mapped_column(default=ReadingStatus.WAITING)
    reading_until: Mapped[datetime | None]
    reading_failure: Mapped[str | None]
    """Code of the sentence that tells the buyer why the page could not be read."""
    product_id: Mapped[UUID | None] = mapped_column(ForeignKey("product.id"))

    buyer_id: Mapped[UUID | None] = mapped_column(ForeignKey("buyer.id"), index=True)
    wish_kind: Mapped[WishKind | None]
    wish_value: Mapped[Decimal | None] = mapped_column(Amount)
    """Per cent off, or the price wished for in the product's currency."""
    quantity: Mapped[int] = mapped_column(default=1)
    city: Mapped[str] = mapped_column(default="")
    """Where it shall be delivered, or fetched."""
    answers_by: Mapped[date | None]
    """The last day on which answers are of use to the buyer; two weeks where none is named."""
    phone: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    best_time: Mapped[str] = mapped_column(default="")
    may_contact_directly: Mapped[bool] = mapped_column(default=False)
    wants_texts: Mapped[bool] = mapped_column(default=False)
    """The buyer agreed to news by SMS."""
    asks_rivals: Mapped[bool] = mapped_column(default=True)
    origin: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Where the buyer came from: `{"via": "form", "referrer": host, "campaign": …}`."""
    basket_id: Mapped[UUID | None] = mapped_column(ForeignKey("basket.id"), index=True)
    repeats_id: Mapped[UUID | None] = mapped_column(ForeignKey("discount_request.id"))
    """The earlier request of the same buyer that this one asks anew."""
    api_client_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_client.id"), index=True)
    """The program that made it, where one did."""
    api_reference: Mapped[str] = mapped_column(default="")
    """What that program calls it; the same reference twice is the same request."""

    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    submitted_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    """When its buyer was asked, once, whether to go on with what they had begun."""
    confirmed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    """Until when the buyer wants answers."""
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]

    product: Mapped[Product | None] = relationship()
    buyer: Mapped[Buyer | None] = relationship()
    timeline: Mapped[list["TimelineEntry"]] = relationship(
        back_populates="discount_request", order_by="TimelineEntry.id"
    )


class TimelineEntry(Model):
    """One sentence of the story of a request; appended, never changed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    """Counts up, so that sentences of one moment keep their order."""
    discount_request_id: Mapped[UUID] = mapped_column(ForeignKey("discount_request.id"), index=True)
    at: Mapped[datetime]
    event: Mapped[str]
    """Key of the sentence; the page tells it in the reader's language."""
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Names and numbers the sentence needs."""

    discount_request: Mapped[DiscountRequest] = relationship(back_populates="timeline")
