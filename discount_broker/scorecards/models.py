"""How a shop answers, computed from what happened; never typed in."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.kernel.db import Amount, Id, Model
from discount_broker.shops.models import Shop


class ScoreCard(Model):
    """One shop's record, always shown with the number of cases behind it."""

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"), unique=True)
    asked: Mapped[int]
    answered: Mapped[int]
    offered: Mapped[int]
    median_answer_seconds: Mapped[int | None]
    promises_made: Mapped[int]
    promises_kept: Mapped[int]
    """In time."""
    promises_late: Mapped[int] = mapped_column(default=0)
    """Kept after their time; what is left of those made was broken."""
    median_late_seconds: Mapped[int | None]
    """How late those were."""
    typical_percent: Mapped[Decimal | None] = mapped_column(Amount)
    """Median of the discounts given."""
    computed_at: Mapped[datetime]

    shop: Mapped[Shop] = relationship()
