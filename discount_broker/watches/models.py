"""Who waits for what, and the prices read meanwhile."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Buyer
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Amount, Id, Model
from discount_broker.shops.models import Shop
from discount_broker.watches.status import WatchKind, WatchStatus


class WatchedPage(Model):
    """One product page that is reread as long as somebody watches it, however many they are."""

    __table_args__ = (
        CheckConstraint("(reading_until IS NULL) OR (due_at IS NOT NULL)", name="leased_while_due"),
        Index(None, "due_at"),
    )

    id: Mapped[Id]
    url: Mapped[str] = mapped_column(unique=True)
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"), index=True)
    title: Mapped[str]
    due_at: Mapped[datetime | None]
    """When it is read next; None while nobody watches it."""
    reading_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    """Readings in a row that brought nothing."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    shop: Mapped[Shop] = relationship()


class PriceReading(Model):
    """What the page said at one time: appended, never changed."""

    __table_args__ = (
        CheckConstraint("price IS NULL OR currency IS NOT NULL", name="price_has_currency"),
        Index(None, "watched_page_id", "at"),
    )

    id: Mapped[Id]
    watched_page_id: Mapped[UUID] = mapped_column(ForeignKey("watched_page.id"))
    at: Mapped[datetime]
    price: Mapped[Decimal | None] = mapped_column(Amount)
    old_price: Mapped[Decimal | None] = mapped_column(Amount)
    """What the page says it cost before."""
    currency: Mapped[str | None]
    availability: Mapped[str] = mapped_column(default="unknown")
    failure: Mapped[str] = mapped_column(default="")
    """Why nothing was read."""


class Watch(Model):
    """One buyer who waits for a product."""

    __table_args__ = (
        CheckConstraint("(kind = 'below') = (below IS NOT NULL)", name="below_names_a_price"),
        CheckConstraint("(status = 'watching') = (ended_at IS NULL)", name="ended_iff_over"),
        Index(
            None,
            "expires_at",
            postgresql_where=text("status = 'watching'"),
            sqlite_where=text("status = 'watching'"),
        ),
    )

    id: Mapped[Id]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"), index=True)
    watched_page_id: Mapped[UUID] = mapped_column(ForeignKey("watched_page.id"), index=True)
    discount_request_id: Mapped[UUID | None] = mapped_column(ForeignKey("discount_request.id"))
    """The request it began with, which can be repeated."""
    kind: Mapped[WatchKind]
    below: Mapped[Decimal | None] = mapped_column(Amount)
    currency: Mapped[str | None]
    """Of `below`: that of the page when it was named."""
    language: Mapped[str]
    status: Mapped[WatchStatus] = mapped_column(default=WatchStatus.WATCHING)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    confirmed_at: Mapped[datetime | None]
    """Since when it counts: the owner of the address said yes."""
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(default="")
    """`met`, `stopped`, `gone` (the page), `over` (its time), `unconfirmed`."""

    buyer: Mapped[Buyer] = relationship()
    watched_page: Mapped[WatchedPage] = relationship()
    discount_request: Mapped[DiscountRequest | None] = relationship()
