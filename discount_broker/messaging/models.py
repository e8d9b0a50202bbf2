"""The outbox and the stop list."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model
from discount_broker.messaging.ports import ChannelKind, FailureReason
from discount_broker.messaging.status import DeliveryStatus, ReceiptKind


class Delivery(Model):
    """One message to one address over one channel: a row of the outbox."""

    __table_args__ = (
        CheckConstraint("status NOT IN ('sent', 'bounced') OR sent_at IS NOT NULL", name="sent_has_sent_at"),
        CheckConstraint("(status = 'sending') = (leased_until IS NOT NULL)", name="leased_iff_sending"),
        CheckConstraint("(status = 'queued') = (due_at IS NOT NULL)", name="due_iff_queued"),
        Index(None, "due_at"),
        Index(None, "leased_until"),
        Index(None, "status", "channel"),
        Index(None, "address"),
        Index(None, "template", "channel", "language", "text_version"),
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
    by_hand: Mapped[bool] = mapped_column(default=False)
    """A person pressed "send" for this very message; they may take it back for half a minute."""
    written_with: Mapped[str] = mapped_column(default="")
    """The version of the canned text they began with, e.g. `mail:shop_thank_you:en@2`; empty without one."""
    text_version: Mapped[int] = mapped_column(default=0)
    """Which `MessageText` of its template it was rendered with; 0 for the words the program comes with."""
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery.id"))
    """The message it belongs under in the recipient's mailbox."""

    status: Mapped[DeliveryStatus] = mapped_column(default=DeliveryStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    due_at: Mapped[datetime | None] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime | None]
    """After this it is of no use any more and does not leave."""
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    """When a receipt said that it is with the recipient; most mail servers never say."""
    recipe: Mapped[str | None]
    """Which way a feedback form was sent: the name of a platform's recipe, or `plain`."""
    provider_reference: Mapped[str | None] = mapped_column(index=True)
    failure: Mapped[FailureReason | None]
    last_error: Mapped[str | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)

    receipts: Mapped[list["DeliveryReceipt"]] = relationship(
        back_populates="delivery", order_by="DeliveryReceipt.at"
    )


class DeliveryReceipt(Model):
    """What was heard of a message after it left: appended, in whatever order it comes, and never changed."""

    __table_args__ = (UniqueConstraint("delivery_id", "kind", "reference"), Index(None, "kind"))

    id: Mapped[Id]
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id"))
    kind: Mapped[ReceiptKind]
    reference: Mapped[str]
    """What the teller calls it; the same receipt told twice is one."""
    detail: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    """When it happened, by the clock of whoever told it."""
    received_at: Mapped[datetime] = mapped_column(default=utcnow)

    delivery: Mapped[Delivery] = relationship(back_populates="receipts")


class SendingHold(Model):
    """A person, or an alarm, has stopped the sending for a while; what is held stays queued."""

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    """`all`, `channel:<kind>`, `shop:<domain>` or `sender:<domain>`."""
    reason: Mapped[str]
    cause: Mapped[str] = mapped_column(default="")
    """What somebody said or a server answered, for whoever lifts it."""
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    """Who holds it; None for an alarm."""
    since: Mapped[datetime] = mapped_column(default=utcnow)
    until: Mapped[datetime | None]
    """When it ends by itself; None until a person lifts it."""


class BrokenSweep(Model):
    """A sweep that could not do all that was due when it came last; gone as soon as one does."""

    name: Mapped[str] = mapped_column(primary_key=True)
    """Of the job, e.g. `tell_the_silence`."""
    since: Mapped[datetime]
    last_at: Mapped[datetime]


class Suppression(Model):
    """A key that must not be contacted: no channel can bypass it."""

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    """`shop:<domain>`, `domain:<domain>`, `email:<address>`, `form:<page>` or `phone:<number>`."""
    reason: Mapped[str]
    cause: Mapped[str] = mapped_column(default="")
    """The letter, or the press of a button, that caused it; shown to the lead."""
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    """Who entered it, where a person of ours did."""
    until: Mapped[datetime | None]
    """When a pause ends; None forbids for good."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class MessageText(Model):
    """One version of the words of a message, written by a lead; the newest of a key counts."""

    __table_args__ = (
        UniqueConstraint("message", "channel", "language", "version"),
        CheckConstraint("version > 0", name="version_counts_from_one"),
    )

    id: Mapped[Id]
    message: Mapped[str]
    """Name in the catalogue."""
    channel: Mapped[ChannelKind]
    language: Mapped[str]
    version: Mapped[int]
    subject: Mapped[str] = mapped_column(default="")
    """Empty where the channel has none."""
    body: Mapped[str]
    is_default: Mapped[bool] = mapped_column(default=False)
    """The lead went back to the words that the program comes with; `body` is empty."""
    note: Mapped[str] = mapped_column(default="")
    """Why it was changed, for colleagues."""
    operator_id: Mapped[UUID | None]
    """Who wrote it: an operator of `accounts`, which stands above this slice."""
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    failed_at: Mapped[datetime | None]
    """When it could not be said for the first time, and the default stepped in."""
    failure: Mapped[str] = mapped_column(default="")
