"""Cases in human hands."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Operator
from discount_broker.escalation.models.calls import Call, call_case
from discount_broker.escalation.status import CaseReason, CaseStatus, Ending, NextAction
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model
from discount_broker.outreach.models import Outreach


class EscalationCase(Model):
    """An outreach in human hands. Who has it in hand stands on the queue entry of its shop."""

    __table_args__ = (
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at_iff_closed"),
        CheckConstraint("(status = 'closed') = (ending IS NOT NULL)", name="closed_says_how"),
        # Nothing leaves the page without a next action or an ending.
        CheckConstraint("(status = 'open') = (next_action_at IS NOT NULL)", name="open_has_next_action"),
        Index(None, "status", "next_action_at"),
        Index(None, "opened_at"),
        Index(None, "closed_at"),
        Index(None, "flagged_at"),
    )

    id: Mapped[Id]
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"), unique=True)
    status: Mapped[CaseStatus] = mapped_column(default=CaseStatus.OPEN)
    reason: Mapped[CaseReason]
    next_action: Mapped[NextAction] = mapped_column(default=NextAction.CALL)
    next_action_at: Mapped[datetime | None]
    opened_at: Mapped[datetime] = mapped_column(default=utcnow)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    """Who ended it; None where it ended by itself."""
    ending: Mapped[Ending | None]
    flagged_at: Mapped[datetime | None]
    """Since when an operator wants a lead to look at it."""
    flagged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    flag_note: Mapped[str] = mapped_column(default="")

    outreach: Mapped[Outreach] = relationship()
    closed_by: Mapped[Operator | None] = relationship(foreign_keys=[closed_by_id])
    flagged_by: Mapped[Operator | None] = relationship(foreign_keys=[flagged_by_id])
    calls: Mapped[list[Call]] = relationship(
        secondary=call_case, back_populates="cases", order_by=Call.started_at
    )
