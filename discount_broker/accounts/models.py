"""Buyers, and the operators of the desk."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model


class Role(StrEnum):
    OPERATOR = "operator"
    LEAD = "lead"
    ADMIN = "admin"


class Buyer(Model):
    """Somebody who asks; known by an e-mail address, without a password."""

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    email_confirmed_at: Mapped[datetime | None]
    phone: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    last_login_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Operator(Model):
    """Somebody who works the desk."""

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[Role] = mapped_column(default=Role.OPERATOR)
    is_active: Mapped[bool] = mapped_column(default=True)
    last_login_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
