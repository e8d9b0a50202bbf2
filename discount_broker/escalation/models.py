"""Cases in human hands, the calls made for them, and what was promised."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Operator
from discount_broker.escalation.status import (
    CallResult,
    CaseReason,
    CaseStatus,
    Ending,
    NextAction,
    PromiseKind,
    PromiseStatus,
    ReviewKind,
)
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model
from discount_broker.outreach.models import Outreach
from discount_broker.shops.models import ContactPoint, Shop


class EscalationCase(Model):
    """An outreach in human hands."""

    __table_args__ = (
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at_iff_closed"),
        CheckConstraint("(status = 'closed') = (ending IS NOT NULL)", name="closed_says_how"),
        # Nothing leaves the page without a next action or an ending.
        CheckConstraint("(status = 'open') = (next_action_at IS NOT NULL)", name="open_has_next_action"),
        CheckConstraint("(operator_id IS NULL) = (claimed_until IS NULL)", name="claim_has_an_end"),
        Index(None, "status", "next_action_at"),
    )

    id: Mapped[Id]
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"), unique=True)
    status: Mapped[CaseStatus] = mapped_column(default=CaseStatus.OPEN)
    reason: Mapped[CaseReason]
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    claimed_until: Mapped[datetime | None]
    next_action: Mapped[NextAction] = mapped_column(default=NextAction.CALL)
    next_action_at: Mapped[datetime | None]
    opened_at: Mapped[datetime] = mapped_column(default=utcnow)
    closed_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]

    outreach: Mapped[Outreach] = relationship()
    operator: Mapped[Operator | None] = relationship()
    calls: Mapped[list["Call"]] = relationship(back_populates="case", order_by="Call.started_at")


class Call(Model):
    """One attempt to talk to a shop."""

    __table_args__ = (CheckConstraint("minutes >= 0", name="minutes_not_negative"),)

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("escalation_case.id"), index=True)
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operator.id"))
    started_at: Mapped[datetime]
    minutes: Mapped[int]
    result: Mapped[CallResult]
    person: Mapped[str] = mapped_column(default="")
    """Name and role of whoever answered, as the operator wrote it."""
    note: Mapped[str] = mapped_column(default="")

    case: Mapped[EscalationCase] = relationship(back_populates="calls")
    operator: Mapped[Operator] = relationship()


class Promise(Model):
    """Something a shop said it will do by a time."""

    __table_args__ = (
        CheckConstraint("(status = 'pending') = (settled_at IS NULL)", name="settled_iff_over"),
        Index(None, "status", "due_at"),
    )

    id: Mapped[Id]
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"), index=True)
    kind: Mapped[PromiseKind]
    promised_by: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime]
    status: Mapped[PromiseStatus] = mapped_column(default=PromiseStatus.PENDING)
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    woken_at: Mapped[datetime | None]
    """When the desk was told that it is due."""
    settled_at: Mapped[datetime | None]
    evidence: Mapped[str] = mapped_column(default="")
    """What showed that it was kept or broken."""

    outreach: Mapped[Outreach] = relationship()


class Review(Model):
    """Something a person should look at; once, however often it happens."""

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    """What it is about, e.g. `address_dead:<contact point>`; unique, so that it is one task."""
    kind: Mapped[ReviewKind]
    shop_id: Mapped[UUID | None] = mapped_column(ForeignKey("shop.id"), index=True)
    contact_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact_point.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    settled_at: Mapped[datetime | None]
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    """Who looked at it."""

    shop: Mapped[Shop | None] = relationship()
    contact_point: Mapped[ContactPoint | None] = relationship()
