"""The shop's structured answer."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Operator
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Amount, Id, Model
from discount_broker.offers.status import AnswerKind, CounterAnswer, DeclineReason, OfferStatus
from discount_broker.outreach.models import Outreach


class Offer(Model):
    """What a shop gives on one outreach, until when."""

    __table_args__ = (
        CheckConstraint(
            "kind NOT IN ('call', 'later', 'forward', 'not_now', 'never')", name="gives_something"
        ),
        CheckConstraint("(kind = 'percent') = (percent IS NOT NULL)", name="percent_iff_percent"),
        CheckConstraint("percent IS NULL OR percent BETWEEN 1 AND 90", name="percent_in_range"),
        CheckConstraint("kind <> 'price' OR final_price IS NOT NULL", name="price_has_price"),
        CheckConstraint("(status = 'open') = (settled_at IS NULL)", name="settled_iff_over"),
        Index(
            "uq_offer_outreach_id_standing",
            "outreach_id",
            unique=True,
            postgresql_where=text("status <> 'replaced'"),
            sqlite_where=text("status <> 'replaced'"),
        ),
    )

    id: Mapped[Id]
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"), index=True)
    kind: Mapped[AnswerKind]
    percent: Mapped[Decimal | None] = mapped_column(Amount)
    final_price: Mapped[Decimal | None] = mapped_column(Amount)
    """What the buyer pays, in the product's currency; None where the answer names no price."""
    text: Mapped[str] = mapped_column(default="")
    """The shop's own words: the gift, the bonus, the condition, the reason."""
    delivery: Mapped[str] = mapped_column(default="")
    """How and when it comes, in the shop's words."""
    condition: Mapped[str] = mapped_column(default="")
    """What it hangs on: prepayment, fetching it oneself, from two pieces on."""
    code: Mapped[str | None] = mapped_column(unique=True)
    """What the buyer shows or tells in the shop, once accepted, like `K7M2`-`9QX4`."""
    rule_id: Mapped[UUID | None] = mapped_column(ForeignKey("standing_rule.id"))
    """The standing rule of the shop that gave it by itself."""
    decline_reason: Mapped[DeclineReason | None]
    """Why the buyer did not want it, where they said so."""
    decline_words: Mapped[str] = mapped_column(default="")
    valid_until: Mapped[datetime]
    status: Mapped[OfferStatus] = mapped_column(default=OfferStatus.OPEN)
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    """Set where an operator wrote down what a shop said or mailed."""
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    settled_at: Mapped[datetime | None]

    outreach: Mapped[Outreach] = relationship()
    operator: Mapped[Operator | None] = relationship()


class CounterOffer(Model):
    """What the buyer asks of an offer instead: once for each outreach."""

    __table_args__ = (
        CheckConstraint("(percent IS NULL) <> (price IS NULL)", name="percent_or_price"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_iff_answer"),
    )

    id: Mapped[Id]
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offer.id"), unique=True)
    outreach_id: Mapped[UUID] = mapped_column(ForeignKey("outreach.id"), unique=True)
    percent: Mapped[Decimal | None] = mapped_column(Amount)
    price: Mapped[Decimal | None] = mapped_column(Amount)
    words: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    answer: Mapped[CounterAnswer | None]
    answered_at: Mapped[datetime | None]

    offer: Mapped[Offer] = relationship()


class StandingRule(Model):
    """What a shop gives to every buyer who asks for no more: answered at once, without its staff."""

    __table_args__ = (
        CheckConstraint("percent BETWEEN 1 AND 90", name="percent_in_range"),
        CheckConstraint("a_day IS NULL OR a_day > 0", name="a_day_counts_from_one"),
    )

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"), index=True)
    shop_member_id: Mapped[UUID] = mapped_column(ForeignKey("shop_member.id"))
    """Who of the shop set it, with proof of an address of the shop."""
    percent: Mapped[Decimal] = mapped_column(Amount)
    """At most so much off; a buyer who wishes for less gets what they wish for."""
    words_in_title: Mapped[str] = mapped_column(default="")
    """Only for products whose category or title holds this; empty for all."""
    until: Mapped[date | None]
    a_day: Mapped[int | None]
    """At most so many answers a day by the shop's calendar."""
    text: Mapped[str] = mapped_column(default="")
    """What the shop says to each of these buyers."""
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]


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
