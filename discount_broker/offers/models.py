"""The shop's structured answer."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Operator
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Amount, Id, Model
from discount_broker.offers.status import AnswerKind, OfferStatus
from discount_broker.outreach.models import Outreach


class Offer(Model):
    """What a shop gives on one outreach, until when."""

    __table_args__ = (
        CheckConstraint("kind NOT IN ('call', 'not_now', 'never')", name="gives_something"),
        CheckConstraint("(kind = 'percent') = (percent IS NOT NULL)", name="percent_iff_percent"),
        CheckConstraint("percent IS NULL OR percent BETWEEN 1 AND 90", name="percent_in_range"),
        CheckConstraint("kind <> 'price' OR final_price IS NOT NULL", name="price_has_price"),
        CheckConstraint("(status = 'open') = (settled_at IS NULL)", name="settled_iff_over"),
    )

    id: Mapped[Id]
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"), unique=True)
    kind: Mapped[AnswerKind]
    percent: Mapped[Decimal | None] = mapped_column(Amount)
    final_price: Mapped[Decimal | None] = mapped_column(Amount)
    """What the buyer pays, in the product's currency; None where the answer names no price."""
    text: Mapped[str] = mapped_column(default="")
    """The shop's own words: the gift, the bonus, the condition, the reason."""
    valid_until: Mapped[datetime]
    status: Mapped[OfferStatus] = mapped_column(default=OfferStatus.OPEN)
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    """Set where an operator wrote down what a shop said or mailed."""
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    settled_at: Mapped[datetime | None]

    outreach: Mapped[Outreach] = relationship()
    operator: Mapped[Operator | None] = relationship()


class OfferDraft(Model):
    """What a shop wrote or said; nothing is offered until the shop confirms it by one click."""

    __table_args__ = (
        CheckConstraint("(reply_id IS NULL) <> (call_id IS NULL)", name="written_or_said"),
        CheckConstraint("(kind = 'percent') = (percent IS NOT NULL)", name="percent_iff_percent"),
    )

    id: Mapped[Id]
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"), index=True)
    reply_id: Mapped[UUID | None] = mapped_column(ForeignKey("reply.id"), unique=True)
    """The letter that says it."""
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("call.id"))
    """The call in which it was said."""
    kind: Mapped[AnswerKind]
    percent: Mapped[Decimal | None] = mapped_column(Amount)
    final_price: Mapped[Decimal | None] = mapped_column(Amount)
    text: Mapped[str] = mapped_column(default="")
    valid_until: Mapped[datetime | None]
    evidence: Mapped[str]
    """The shop's own words that say it, or what the operator wrote down of them."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    settled_at: Mapped[datetime | None]
    """When it was confirmed, or something else was answered."""

    outreach: Mapped[Outreach] = relationship()
