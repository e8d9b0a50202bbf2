"""Texts that leads edit: what to say on the phone, and what to write."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Operator
from discount_broker.escalation.status import TextKind
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model


class DeskText(Model):
    """One version of one text; appended, never changed. The highest number counts."""

    __table_args__ = (
        UniqueConstraint("kind", "key", "language", "version"),
        CheckConstraint("version > 0", name="version_counts_from_one"),
    )

    id: Mapped[Id]
    kind: Mapped[TextKind]
    key: Mapped[str]
    """The situation of a script, or the short name of a canned text."""
    language: Mapped[str]
    version: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    """With `{{ variables }}`; checked when it was saved."""
    is_retired: Mapped[bool] = mapped_column(default=False)
    """Not offered any more; what was sent with it still names it."""
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    note: Mapped[str] = mapped_column(default="")
    """Why it was changed."""
    made_at: Mapped[datetime] = mapped_column(default=utcnow)

    operator: Mapped[Operator | None] = relationship()
