"""What somebody undertook to do by a time."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Operator
from discount_broker.escalation.status import PromiseKind, PromiseSide, PromiseStatus, PromiseTo
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model
from discount_broker.outreach.models import Outreach
from discount_broker.shops.models import ShopPerson


class Promise(Model):
    """Something the shop, or one of us, said it will do by a time."""

    __table_args__ = (
        CheckConstraint("(status = 'pending') = (settled_at IS NULL)", name="settled_iff_over"),
        CheckConstraint("side <> 'us' OR operator_id IS NOT NULL", name="ours_is_somebodys"),
        Index(None, "status", "due_at"),
        Index(None, "operator_id", "due_at"),
    )

    id: Mapped[Id]
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"), index=True)
    kind: Mapped[PromiseKind]
    side: Mapped[PromiseSide] = mapped_column(default=PromiseSide.SHOP)
    """Who undertook it: the shop, or one of us."""
    promised_to: Mapped[PromiseTo] = mapped_column(default=PromiseTo.US)
    promised_by: Mapped[str] = mapped_column(default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("shop_person.id"))
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    """Who wrote it down; for a promise of ours, who gave it."""
    due_at: Mapped[datetime]
    status: Mapped[PromiseStatus] = mapped_column(default=PromiseStatus.PENDING)
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    warned_at: Mapped[datetime | None]
    """When the desk was told that it is due soon."""
    woken_at: Mapped[datetime | None]
    """When the desk was told that it is due."""
    buyer_asked_at: Mapped[datetime | None]
    """When the buyer was asked whether the shop called."""
    settled_at: Mapped[datetime | None]
    evidence: Mapped[str] = mapped_column(default="")
    """What showed that it was kept or broken."""

    outreach: Mapped[Outreach] = relationship()
    person: Mapped[ShopPerson | None] = relationship()
    operator: Mapped[Operator | None] = relationship()

    @property
    def late_by(self) -> timedelta:
        """How long after its time it was kept; nothing where it was in time, or was not kept."""
        if self.status is not PromiseStatus.LATE or self.settled_at is None:
            return timedelta()
        return self.settled_at - self.due_at
