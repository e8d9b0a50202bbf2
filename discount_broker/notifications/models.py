"""What buyers were told or are to be told, and how each wants to hear of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model
from discount_broker.notifications.status import NewsKind, NewsState, NewsWay


class NewsPreference(Model):
    """How one buyer wants to hear one kind of news; where there is no row, the catalogue's way counts."""

    __table_args__ = (UniqueConstraint("buyer_id", "kind"),)

    id: Mapped[Id]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"))
    kind: Mapped[NewsKind]
    way: Mapped[NewsWay]
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)
    changed_by: Mapped[str] = mapped_column(default="page")
    """`page`, `unsubscribe` (a press in a mail), `one_click` (the mail program's), `desk`."""


class NewsItem(Model):
    """One piece of news for one buyer: a row, so that nothing is told twice."""

    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (due_at IS NOT NULL)", name="due_iff_waiting"),
        Index(None, "due_at"),
        Index(None, "buyer_id", "created_at"),
    )

    id: Mapped[Id]
    purpose: Mapped[str] = mapped_column(unique=True)
    """As of the delivery it becomes, e.g. `request:<id>:accepted`."""
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"))
    kind: Mapped[NewsKind]
    subject: Mapped[str] = mapped_column(default="")
    """Number of the request it is about."""
    headline: Mapped[str] = mapped_column(default="")
    """The subject line of its own letter, by which a digest tells it."""
    link: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[NewsState] = mapped_column(default=NewsState.WAITING)
    due_at: Mapped[datetime | None]
    """When it leaves, alone or in a digest."""
    delivery_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
