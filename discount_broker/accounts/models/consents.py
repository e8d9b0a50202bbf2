"""What buyers agreed to, in which words."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from discount_broker.accounts.status import ConsentKind
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model


class Consent(Model):
    """One line of the consent ledger: appended, never changed."""

    __table_args__ = (Index(None, "buyer_id", "kind", "at"),)

    id: Mapped[Id]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"))
    kind: Mapped[ConsentKind]
    is_given: Mapped[bool]
    """False where it was withdrawn, or its box was left empty."""
    version: Mapped[str]
    """Of the words, e.g. `processing:3`."""
    language: Mapped[str]
    text: Mapped[str]
    """The sentence beside the box, word for word."""
    subject: Mapped[str] = mapped_column(default="")
    """Number of the request it was given with, `confirmed:` and that number, `preferences`, or `mail`."""
    at: Mapped[datetime] = mapped_column(default=utcnow)
