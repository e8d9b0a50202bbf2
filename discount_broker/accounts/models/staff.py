"""Who works the desk, and what they changed."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model


class Role(StrEnum):
    OPERATOR = "operator"
    LEAD = "lead"
    ADMIN = "admin"


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
