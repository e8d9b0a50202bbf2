"""Who asks, and what the team knows of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from discount_broker.accounts.models.staff import Operator
from discount_broker.accounts.rules.phones import last_digits
from discount_broker.accounts.status import ContactWishKind, Standing
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model


class Buyer(Model):
    """Somebody who asks; known by an e-mail address, without a password."""

    __table_args__ = (
        Index(None, "created_at", "id"),
        # What a number or an address begins with is looked up whatever the database's own order of letters.
        Index(
            "ix_buyer_phone_digits_begins",
            "phone_digits",
            postgresql_ops={"phone_digits": "varchar_pattern_ops"},
        ),
        Index("ix_buyer_email_begins", "email", postgresql_ops={"email": "varchar_pattern_ops"}),
    )

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    email_confirmed_at: Mapped[datetime | None]
    phone: Mapped[str | None]
    phone_digits: Mapped[str] = mapped_column(default="")
    """How the number ends, however it was written: by this it is found."""
    language: Mapped[str] = mapped_column(default="en")
    last_login_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("buyer.id"), index=True)
    """The buyer that this one turned out to be; everything is kept there."""
    deletion_due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When they are forgotten, as they asked; until then they can change their mind."""
    erased_at: Mapped[datetime | None]
    """Since when nothing but numbers is kept of them."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    @validates("phone")
    def _note_digits(self, _key: str, phone: str | None) -> str | None:
        self.phone_digits = last_digits(phone or "")
        return phone


class BuyerCard(Model):
    """What the team knows of one buyer, beside the requests."""

    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"), primary_key=True)
    came_by: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Where the first request came from: `{"via": "form", "referrer": host, "campaign": …}`."""
    lead_type: Mapped[str] = mapped_column(default="")
    """As the rules of the leads say, unless somebody set it."""
    is_lead_type_set: Mapped[bool] = mapped_column(default=False)
    first_interest: Mapped[list[str]] = mapped_column(default=list)
    """Categories of the first request."""
    present_interest: Mapped[list[str]] = mapped_column(default=list)
    standing: Mapped[Standing] = mapped_column(default=Standing.NONE)
    standing_reason: Mapped[str] = mapped_column(default="")
    birthday: Mapped[date | None]
    wants_greeting: Mapped[bool] = mapped_column(default=False)
    """Whether they asked for a word on their birthday."""
    zone: Mapped[str] = mapped_column(default="")
    """IANA time zone in which the wishes are meant; empty for that of the shop's country."""
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)

    buyer: Mapped[Buyer] = relationship()


class ContactWish(Model):
    """When and how a buyer wants to be left alone; every planned call, text and letter respects it."""

    __table_args__ = (
        CheckConstraint(
            "kind <> 'quiet_hours' OR (from_minute IS NOT NULL AND until_minute IS NOT NULL)",
            name="quiet_hours_have_ends",
        ),
        CheckConstraint("kind <> 'not_on' OR on_day IS NOT NULL", name="not_on_names_a_day"),
    )

    id: Mapped[Id]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"), index=True)
    kind: Mapped[ContactWishKind]
    from_minute: Mapped[int | None]
    """Minutes after midnight, by the buyer's clock; an end before the beginning means over midnight."""
    until_minute: Mapped[int | None]
    on_day: Mapped[date | None]
    words: Mapped[str] = mapped_column(default="")
    """As the buyer put it."""
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]


class BuyerNote(Model):
    """What somebody at the desk wrote about a buyer, for colleagues."""

    id: Mapped[Id]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"), index=True)
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    operator: Mapped[Operator | None] = relationship()


class LeadRule(Model):
    """How a lead type is told: the first rule that fits names it."""

    id: Mapped[Id]
    position: Mapped[int]
    lead_type: Mapped[str]
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """All must hold, e.g. `{"campaign": "spring", "requests_at_least": 2, "category": "tools"}`."""
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)
