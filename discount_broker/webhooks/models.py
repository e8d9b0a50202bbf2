"""What programs of others asked for, where they are told of it, and each telling."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import ApiClient
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model
from discount_broker.webhooks.status import HookStatus


class ApiAsk(Model):
    """What a program asks for a buyer, until the page of the product has been read and it can be sent."""

    discount_request_id: Mapped[UUID] = mapped_column(ForeignKey("discount_request.id"), primary_key=True)
    digest: Mapped[str]
    """Of all that was given: by it the same ask is known when it comes again."""
    given: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """As it came; emptied as soon as the request has it."""
    refused_code: Mapped[str] = mapped_column(default="")
    """Of the sentence that says why it could not be sent to any shop."""
    refused_field: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None] = mapped_column(index=True)

    discount_request: Mapped[DiscountRequest] = relationship()


class Webhook(Model):
    """An address of a client that is told every event of its requests."""

    id: Mapped[Id]
    api_client_id: Mapped[UUID] = mapped_column(ForeignKey("api_client.id"), index=True)
    url: Mapped[str]
    secret: Mapped[str]
    """With which each call is signed; sealed with the key of the installation."""
    told_until: Mapped[int] = mapped_column(default=0)
    """Id of the last timeline entry that calls were made of."""
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    """Tries in a row that nobody took."""
    paused_at: Mapped[datetime | None]
    """Since when calls are kept, and one alone is tried now and then, until it is taken."""
    ended_at: Mapped[datetime | None]
    """Since when it is not called any more: taken away, or dead for weeks."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    api_client: Mapped[ApiClient] = relationship()


class HookCall(Model):
    """One event told to one webhook, tried until it is taken or given up."""

    __table_args__ = (
        UniqueConstraint("webhook_id", "timeline_entry_id"),
        CheckConstraint("(status = 'due') = (due_at IS NOT NULL)", name="due_iff_due"),
        CheckConstraint("(status = 'sending') = (leased_until IS NOT NULL)", name="leased_iff_sending"),
        Index(None, "due_at"),
        Index(None, "leased_until"),
    )

    id: Mapped[Id]
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id"))
    timeline_entry_id: Mapped[int | None] = mapped_column(ForeignKey("timeline_entry.id"))
    """None for a trial call."""
    discount_request_id: Mapped[UUID | None] = mapped_column(ForeignKey("discount_request.id"), index=True)
    """What it tells of; calls about one request are made one after the other."""
    event: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[HookStatus] = mapped_column(default=HookStatus.DUE)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    last_status: Mapped[int | None]
    """The HTTP status of the last try."""
    last_error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    done_at: Mapped[datetime | None]

    webhook: Mapped[Webhook] = relationship()
    discount_request: Mapped[DiscountRequest | None] = relationship()
