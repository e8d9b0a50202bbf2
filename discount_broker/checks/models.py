"""How a shop treated one question of ours."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Operator
from discount_broker.checks.status import CheckReason, CheckStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model
from discount_broker.messaging.models import Delivery
from discount_broker.shops.models import ContactPoint, Shop


class ResponseCheck(Model):
    """One responsiveness check of one shop in one half of a month; never counted as demand."""

    __table_args__ = (
        UniqueConstraint("shop_id", "round"),
        CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name="done_at_iff_done"),
        CheckConstraint("status = 'drawn' OR status = 'dropped' OR asked_at IS NOT NULL", name="asked_at"),
        Index(None, "status", "round"),
    )

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"))
    round: Mapped[str]
    """Half a month: `2026-11-a`, `2026-11-b`."""
    reason: Mapped[CheckReason]
    status: Mapped[CheckStatus] = mapped_column(default=CheckStatus.DRAWN)
    contact_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact_point.id"))
    """The door the question went through."""
    delivery_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    question: Mapped[str] = mapped_column(default="")
    """Key of the question that was drawn by lot, so that no two look alike."""
    wording: Mapped[str] = mapped_column(default="")
    """As it was sent."""
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    drawn_at: Mapped[datetime] = mapped_column(default=utcnow)
    asked_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    """What a person of the shop wrote, without quotes."""
    findings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The checklist: `{"alive": bool, "complete": bool | None}`; the clocks have columns of their own."""
    call_promised_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None]

    shop: Mapped[Shop] = relationship()
    contact_point: Mapped[ContactPoint | None] = relationship()
    operator: Mapped[Operator | None] = relationship()
    delivery: Mapped[Delivery | None] = relationship()
