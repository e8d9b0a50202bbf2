"""Calls: what operators write down of them, and what the telephone exchange says of them."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Operator
from discount_broker.escalation.status import CallDirection, CallResult
from discount_broker.kernel.db import Id, Model, db
from discount_broker.shops.models import Shop, ShopPerson

if TYPE_CHECKING:
    from discount_broker.escalation.models.cases import EscalationCase

call_case = Table(
    "call_case",
    db.metadata,
    Column("call_id", ForeignKey("call.id"), primary_key=True),
    Column("case_id", ForeignKey("escalation_case.id"), primary_key=True, index=True),
)
"""Which cases a call was about: one call can settle all cases of a shop."""


class Call(Model):
    """One attempt to talk to a shop; without a result while it is under way or not written down."""

    __table_args__ = (
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
        Index(None, "operator_id", "started_at"),
        # An operator can speak on one line at a time.
        Index(
            "ix_call_under_way",
            "operator_id",
            unique=True,
            postgresql_where=text("result IS NULL"),
            sqlite_where=text("result IS NULL"),
        ),
    )

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"), index=True)
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operator.id"))
    direction: Mapped[CallDirection] = mapped_column(default=CallDirection.OUT)
    number: Mapped[str] = mapped_column(default="")
    """Of the shop, E.164; empty where nobody noted it."""
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    minutes: Mapped[int] = mapped_column(default=0)
    result: Mapped[CallResult | None]
    person: Mapped[str] = mapped_column(default="")
    """Name and role of whoever answered, as the operator wrote it."""
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("shop_person.id"))
    note: Mapped[str] = mapped_column(default="")

    shop: Mapped[Shop] = relationship()
    operator: Mapped[Operator] = relationship()
    met: Mapped[ShopPerson | None] = relationship()
    cases: Mapped[list["EscalationCase"]] = relationship(secondary=call_case, back_populates="calls")


class PhoneCall(Model):
    """A call as the telephone exchange tells it, before anybody has said what came of it."""

    __table_args__ = (UniqueConstraint("provider", "provider_id"), Index(None, "settled_at"))

    id: Mapped[Id]
    provider: Mapped[str]
    provider_id: Mapped[str]
    """The exchange's own name of the call: its events are folded into one row."""
    direction: Mapped[CallDirection]
    number: Mapped[str] = mapped_column(index=True)
    """Of the other side, E.164 where it is a whole number."""
    extension: Mapped[str] = mapped_column(default="")
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    shop_id: Mapped[UUID | None] = mapped_column(ForeignKey("shop.id"))
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("call.id"), unique=True)
    settled_at: Mapped[datetime | None]
    """When it was written down, or somebody said that nothing follows; a missed call waits for that."""

    shop: Mapped[Shop | None] = relationship()
    operator: Mapped[Operator | None] = relationship()
    call: Mapped[Call | None] = relationship()
