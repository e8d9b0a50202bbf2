"""Asking one shop for one request, and what came back."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Amount, Id, Model
from discount_broker.messaging.models import Delivery
from discount_broker.outreach.status import OutreachStatus, ReplyKind
from discount_broker.shops.models import ContactPoint, Shop


class Outreach(Model):
    """One discount request put to one shop."""

    __table_args__ = (
        UniqueConstraint("discount_request_id", "shop_id"),
        CheckConstraint("price IS NULL OR currency IS NOT NULL", name="price_has_currency"),
        CheckConstraint("(status = 'asked') = (next_step_at IS NOT NULL)", name="asked_has_next_step"),
        CheckConstraint("status <> 'exhausted' OR exhausted_why <> ''", name="exhausted_says_why"),
        Index(None, "next_step_at"),
    )

    id: Mapped[Id]
    discount_request_id: Mapped[UUID] = mapped_column(ForeignKey("discount_request.id"))
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"), index=True)
    is_rival: Mapped[bool]
    product_url: Mapped[str]
    """The page on which this shop sells the product."""
    product_title: Mapped[str]
    price: Mapped[Decimal | None] = mapped_column(Amount)
    """What this shop asked for it when it was asked."""
    currency: Mapped[str | None]
    seen_at: Mapped[datetime]
    why_rival: Mapped[str] = mapped_column(default="")
    status: Mapped[OutreachStatus] = mapped_column(default=OutreachStatus.PLANNED)
    steps_taken: Mapped[int] = mapped_column(default=0)
    next_step_at: Mapped[datetime | None]
    exhausted_why: Mapped[str] = mapped_column(default="")
    """`silence`, `no_contact_points`, `captcha`, …: the reason the desk sees."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    discount_request: Mapped[DiscountRequest] = relationship()
    shop: Mapped[Shop] = relationship()
    steps: Mapped[list["Step"]] = relationship(back_populates="outreach", order_by="Step.number")
    replies: Mapped[list["Reply"]] = relationship(back_populates="outreach", order_by="Reply.received_at")


class Step(Model):
    """One rung of the ladder that was taken: which door, which message."""

    __table_args__ = (UniqueConstraint("outreach_id", "number"),)

    id: Mapped[Id]
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"))
    number: Mapped[int]
    contact_point_id: Mapped[UUID] = mapped_column(ForeignKey("contact_point.id"))
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id"), unique=True)
    is_reminder: Mapped[bool] = mapped_column(default=False)
    taken_at: Mapped[datetime] = mapped_column(default=utcnow)

    outreach: Mapped[Outreach] = relationship(back_populates="steps")
    contact_point: Mapped[ContactPoint] = relationship()
    delivery: Mapped[Delivery] = relationship()


class InboundMail(Model):
    """A message as it came in, kept before anything is made of it."""

    __table_args__ = (
        CheckConstraint("(read_at IS NOT NULL) OR (verdict IS NULL)", name="verdict_needs_reading"),
        Index(None, "read_at"),
    )

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of recipient and content: the same mail handed over twice is one mail."""
    recipient: Mapped[str]
    """Envelope recipient; carries the token that says which conversation it belongs to."""
    content: Mapped[bytes]
    received_at: Mapped[datetime] = mapped_column(default=utcnow)
    read_at: Mapped[datetime | None]
    verdict: Mapped[str | None]
    """Kind of the mail, or `unmatched` when it belongs to no conversation of ours."""


class Reply(Model):
    """Something that came back from a shop."""

    id: Mapped[Id]
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"), index=True)
    inbound_mail_id: Mapped[UUID] = mapped_column(ForeignKey("inbound_mail.id"), unique=True)
    delivery_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery.id"))
    kind: Mapped[ReplyKind]
    sender: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    """What the person wrote, without quotes."""
    received_at: Mapped[datetime]

    outreach: Mapped[Outreach] = relationship(back_populates="replies")
