"""How a shop answers, computed from what happened; never typed in."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Amount, Id, Model
from discount_broker.shops.models import Shop


class ScoreCard(Model):
    """One shop's record, always shown with the number of cases behind it."""

    # Those that everybody sees, in the order of the list: read from the end.
    __table_args__ = (Index(None, "is_good", "least_share", "asked", "shop_id"),)

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
    usual_from: Mapped[Decimal | None] = mapped_column(Amount)
    usual_to: Mapped[Decimal | None] = mapped_column(Amount)
    """Between these lies the middle half of them."""
    best_percent: Mapped[Decimal | None] = mapped_column(Amount)
    """The largest of them."""
    least_share: Mapped[float] = mapped_column(default=0.0)
    """The share that it surely answers: the lower end of the interval."""
    acknowledged: Mapped[int] = mapped_column(default=0)
    """Outreaches of which a machine of the shop said that they arrived."""
    median_acknowledgement_seconds: Mapped[int | None]
    decided: Mapped[int] = mapped_column(default=0)
    """Outreaches that ended with the shop's yes or no."""
    median_decision_seconds: Mapped[int | None]
    dead_addresses: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime | None]
    """When the oldest of the cases counted was asked."""
    until: Mapped[datetime | None]
    """The newest days are left out: who was asked yesterday may answer tomorrow."""
    is_good: Mapped[bool] = mapped_column(default=False)
    """Whether it answers so well, with enough cases, that everybody may see it."""
    computed_at: Mapped[datetime]

    shop: Mapped[Shop] = relationship()


class CardReply(Model):
    """What a shop says to its own card, and what our team answers; appended."""

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"), index=True)
    shop_member_id: Mapped[UUID] = mapped_column(ForeignKey("shop_member.id"))
    words: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    is_public: Mapped[bool] = mapped_column(default=False)
    """A lead has read it, and it stands beside the card."""
    answer: Mapped[str] = mapped_column(default="")
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    answered_at: Mapped[datetime | None]
