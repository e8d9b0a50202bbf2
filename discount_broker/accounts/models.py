"""Buyers, and the operators of the desk."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from discount_broker.accounts.rules.phones import last_digits
from discount_broker.accounts.status import ContactWishKind, Standing
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model


class Role(StrEnum):
    OPERATOR = "operator"
    LEAD = "lead"
    ADMIN = "admin"


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

    operator: Mapped["Operator | None"] = relationship()


class LeadRule(Model):
    """How a lead type is told: the first rule that fits names it."""

    id: Mapped[Id]
    position: Mapped[int]
    lead_type: Mapped[str]
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """All must hold, e.g. `{"campaign": "spring", "requests_at_least": 2, "category": "tools"}`."""
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)


class Operator(Model):
    """Somebody who works the desk."""

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[Role] = mapped_column(default=Role.OPERATOR)
    is_active: Mapped[bool] = mapped_column(default=True)
    extension: Mapped[str] = mapped_column(default="")
    """Under which the telephone exchange knows them."""
    totp_secret: Mapped[str | None]
    """Of the second factor (RFC 6238), sealed with the key of the installation."""
    totp_confirmed_at: Mapped[datetime | None]
    """Since when it is asked for."""
    totp_step: Mapped[int | None]
    """The last time step used: no code counts twice (RFC 6238, section 5.2)."""
    recovery_codes: Mapped[list[str]] = mapped_column(default=list)
    """Hashes of the codes that are left."""
    password_link_id: Mapped[UUID | None] = mapped_column(unique=True)
    """What the link in their last letter stands for; with it they choose a password, once."""
    password_link_until: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class StaffSession(Model):
    """One browser in which an operator is signed in."""

    id: Mapped[Id]
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operator.id"), index=True)
    browser: Mapped[str] = mapped_column(default="")
    """What it calls itself, shortened."""
    address: Mapped[str] = mapped_column(default="")
    begun_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]

    operator: Mapped[Operator] = relationship()


class AuditEntry(Model):
    """Who changed what, and when; appended, never changed."""

    __table_args__ = (
        Index(None, "case_id", "id"),
        Index(None, "shop_id", "id"),
        Index(None, "operator_id", "id"),
        Index(None, "subject", "id"),
        Index(None, "what", "id"),
        Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    """Counts up, so that a page can ask what has changed since."""
    at: Mapped[datetime]
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    """None where it happened by itself."""
    what: Mapped[str]
    """Key of the sentence, e.g. `call_logged`, `case_closed`, `script_changed`."""
    subject: Mapped[str] = mapped_column(default="")
    """What it is about, beside case and shop: `buyer:<id>`, `text:<key>`, `operator:<id>`, …"""
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("escalation_case.id"))
    shop_id: Mapped[UUID | None] = mapped_column(ForeignKey("shop.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Names and numbers the sentence needs; no addresses, no secrets."""

    operator: Mapped[Operator | None] = relationship()
