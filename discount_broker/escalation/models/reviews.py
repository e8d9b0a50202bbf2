"""What a person should look at: tasks for anybody, and cases for the lead."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Operator
from discount_broker.escalation.models.cases import EscalationCase
from discount_broker.escalation.status import LeadDecision, ReviewKind
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model
from discount_broker.shops.models import ContactPoint, Shop


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


class LeadReview(Model):
    """What a lead made of a case: one that was flagged, or one of the sample."""

    __table_args__ = (
        CheckConstraint("seconds >= 0", name="seconds_not_negative"),
        Index(None, "operator_id", "at"),
        Index(None, "lead_id", "at"),
    )

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("escalation_case.id"), index=True)
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    """Whose work it was."""
    lead_id: Mapped[UUID] = mapped_column(ForeignKey("operator.id"))
    was_flagged: Mapped[bool]
    decision: Mapped[LeadDecision]
    comment: Mapped[str] = mapped_column(default="")
    seconds: Mapped[int] = mapped_column(default=0)
    """How long the lead had it open; twenty minutes a head are meant for it."""
    at: Mapped[datetime] = mapped_column(default=utcnow)
    read_at: Mapped[datetime | None]
    """When the operator pressed that they have read it."""

    case: Mapped[EscalationCase] = relationship()
    operator: Mapped[Operator | None] = relationship(foreign_keys=[operator_id])
    lead: Mapped[Operator] = relationship(foreign_keys=[lead_id])
