"""The queue: one row a shop, ready to be read in its order without looking at the cases."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Operator
from discount_broker.escalation.models.cases import EscalationCase
from discount_broker.escalation.status import QueueBand
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Amount, Id, Model, Number
from discount_broker.shops.models import Shop


def _only(name: str, condition: str, *columns: str) -> Index:
    """An index of the rows of one view: reading it costs the same however long the queue is."""
    where = text(condition)
    return Index(f"ix_queue_entry_{name}", *columns, postgresql_where=where, sqlite_where=where)


class QueueEntry(Model):
    """One shop in the queue with all its open cases. Computed by `escalation.operations.requeue`."""

    __table_args__ = (
        CheckConstraint("(operator_id IS NULL) = (claimed_until IS NULL)", name="claim_has_an_end"),
        CheckConstraint("(open_cases > 0) = (next_at IS NOT NULL)", name="open_has_next_time"),
        CheckConstraint("(open_cases > 0) = (lead_case_id IS NOT NULL)", name="open_has_lead_case"),
        _only("due", "is_due", "rank", "shop_id"),
        _only("free", "is_due AND operator_id IS NULL", "rank", "shop_id"),
        _only("mine", "operator_id IS NOT NULL", "operator_id", "rank", "shop_id"),
        _only("claims", "operator_id IS NOT NULL", "claimed_until"),
        _only("waiting", "NOT is_due AND open_cases > 0", "next_at", "shop_id"),
        _only("promises", "next_promise_at IS NOT NULL", "next_promise_at", "shop_id"),
        _only("unknown", "has_unknown", "rank", "shop_id"),
        _only("captcha", "has_captcha", "rank", "shop_id"),
        _only("flagged", "is_flagged", "rank", "shop_id"),
    )

    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"), primary_key=True)
    open_cases: Mapped[int] = mapped_column(default=0)
    lead_case_id: Mapped[UUID | None] = mapped_column(ForeignKey("escalation_case.id"))
    """The case to begin with."""
    rank: Mapped[int] = mapped_column(BigInteger, default=0)
    """Place in the order, lowest first, as `rules.queue.rank_of` reckons it from the next four."""
    band: Mapped[QueueBand] = mapped_column(Number(QueueBand), default=QueueBand.USUAL)
    value: Mapped[Decimal] = mapped_column(Amount, default=0)
    """What the buyers would save, in rough euros: good for comparing, not for showing as a sum."""
    oldest_at: Mapped[datetime] = mapped_column(default=utcnow)
    is_loyal: Mapped[bool] = mapped_column(default=False)
    """One of the buyers is a loyal one."""
    next_at: Mapped[datetime | None]
    """When the first of its cases wants something."""
    is_due: Mapped[bool] = mapped_column(default=False)
    wakes_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the next of its cases that still waits falls due: the row is reckoned anew then."""
    next_promise_at: Mapped[datetime | None]
    has_unknown: Mapped[bool] = mapped_column(default=False)
    has_captcha: Mapped[bool] = mapped_column(default=False)
    is_flagged: Mapped[bool] = mapped_column(default=False)
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    """Who has the shop in hand."""
    claimed_until: Mapped[datetime | None]

    shop: Mapped[Shop] = relationship()
    lead_case: Mapped[EscalationCase | None] = relationship()
    operator: Mapped[Operator | None] = relationship()

    def held_by(self, now: datetime) -> UUID | None:
        """Who has it in hand at this moment: a claim that has run out is nobody's."""
        is_held = self.claimed_until is not None and self.claimed_until > now
        return self.operator_id if is_held else None


class SavedFilter(Model):
    """A search of the queue that an operator wants at hand."""

    __table_args__ = (UniqueConstraint("operator_id", "name"),)

    id: Mapped[Id]
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operator.id"))
    name: Mapped[str]
    query: Mapped[str]
    """The query string of the page, e.g. `view=due&country=DE&reason=silence`."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Presence(Model):
    """An operator has the page of this shop's cases open; told again every few seconds."""

    __table_args__ = (UniqueConstraint("shop_id", "operator_id"), Index(None, "seen_at"))

    id: Mapped[Id]
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"))
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operator.id"))
    seen_at: Mapped[datetime]

    operator: Mapped[Operator] = relationship()
