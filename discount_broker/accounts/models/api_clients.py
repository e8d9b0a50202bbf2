"""Programs of others that ask for their users through our API."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model


class ApiClient(Model):
    """Somebody whose program may use the API, until it is switched off."""

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    """Who is written to when something is wrong with it."""
    language: Mapped[str] = mapped_column(default="en")
    """In which they are written to."""
    is_active: Mapped[bool] = mapped_column(default=True)
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class ApiToken(Model):
    """A key of a client; shown once, kept as a hash."""

    id: Mapped[Id]
    api_client_id: Mapped[UUID] = mapped_column(ForeignKey("api_client.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the token, in hex."""
    begins: Mapped[str]
    """Its first letters, by which people tell it from others."""
    label: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    api_client: Mapped[ApiClient] = relationship()
