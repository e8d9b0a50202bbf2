"""The outbox and the stop list."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model
from discount_broker.messaging.ports import ChannelKind, FailureReason
from discount_broker.messaging.status import DeliveryStatus


class Delivery(Model):
    """One message to one address over one channel: a row of the outbox."""

    __table_args__ = (
        CheckConstraint("status NOT IN ('sent', 'bounced') OR sent_at IS NOT NULL", name="sent_has_sent_at"),
        CheckConstraint("(status = 'sending') = (leased_until IS NOT NULL)", name="leased_iff_sending"),
        CheckConstraint("(status = 'queued') = (due_at IS NOT NULL)", name="due_iff_queued"),
        Index(None, "due_at"),
        Index(None, "leased_until"),
    )

    id: Mapped[Id]
    purpose: Mapped[str] = mapped_column(unique=True)
    """What it is for, e.g. `outreach:<id>:1`; unique, so nothing is said twice."""
    template: Mapped[str]
    """Name of the message in the catalogue it was rendered from."""
    channel: Mapped[ChannelKind]
    address: Mapped[str]
    """E-mail address, or the address of the page that holds the form."""
    stop_keys: Mapped[list[str]] = mapped_column(default=list)
    """Entries of the stop list that forbid this message, e.g. `shop:example.ru`."""
    language: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str | None]
    sender_name: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(default="")
    stop_url: Mapped[str] = mapped_column(default="")

    status: Mapped[DeliveryStatus] = mapped_column(default=DeliveryStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    due_at: Mapped[datetime | None] = mapped_column(default=utcnow)
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    provider_reference: Mapped[str | None] = mapped_column(index=True)
    failure: Mapped[FailureReason | None]
    last_error: Mapped[str | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Suppression(Model):
    """A key that must not be contacted: no channel can bypass it."""

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    """`shop:<domain>`, `email:<address>`, `form:<page>` or `phone:<number>`."""
    reason: Mapped[str]
    cause: Mapped[str] = mapped_column(default="")
    """The letter, or the press of a button, that caused it; shown to the lead."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
