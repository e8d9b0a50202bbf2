"""How long a shop, and the desk, may take."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discount_broker.accounts.models import Operator
from discount_broker.escalation.models.cases import EscalationCase
from discount_broker.escalation.status import ClockKind
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import Id, Model


class ClockPolicy(Model):
    """How much business time a clock gives; leads change it, and the row of the highest number counts."""

    __table_args__ = (
        UniqueConstraint("kind", "version"),
        CheckConstraint("minutes > 0", name="gives_time"),
        CheckConstraint("warn_minutes BETWEEN 0 AND minutes", name="warns_before"),
    )

    id: Mapped[Id]
    kind: Mapped[ClockKind]
    version: Mapped[int]
    minutes: Mapped[int]
    """Of the shop's business time."""
    warn_minutes: Mapped[int]
    """How long before the end the desk is warned."""
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    made_at: Mapped[datetime] = mapped_column(default=utcnow)

    operator: Mapped[Operator | None] = relationship()


def _only(name: str, column: str, condition: str) -> Index:
    """An index of the clocks that a sweep looks for, and of no others."""
    where = text(condition)
    return Index(f"ix_case_clock_{name}", column, postgresql_where=where, sqlite_where=where)


class CaseClock(Model):
    """One clock of one case; it rests while the ball is with us or the buyer."""

    __table_args__ = (
        UniqueConstraint("case_id", "kind"),
        CheckConstraint("spent_seconds >= 0", name="spent_not_negative"),
        CheckConstraint("(running_since IS NULL) = (breach_at IS NULL)", name="runs_towards_an_end"),
        _only("to_warn", "warn_at", "warned_at IS NULL"),
        _only("to_miss", "breach_at", "missed_at IS NULL"),
        _only("stale", "wound_at", "stopped_at IS NULL"),
    )

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("escalation_case.id"))
    kind: Mapped[ClockKind]
    started_at: Mapped[datetime]
    limit_seconds: Mapped[int]
    """Business time given, as the policy said when it started."""
    spent_seconds: Mapped[int] = mapped_column(default=0)
    """Business time used before `running_since`."""
    running_since: Mapped[datetime | None]
    """None while it rests or is over."""
    warn_at: Mapped[datetime | None]
    breach_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    """When the miss was noted; once, whatever comes after."""
    misses: Mapped[int] = mapped_column(default=0)
    """How often it has run out, earlier runs included: a case that is opened again forgets none."""
    stopped_at: Mapped[datetime | None]
    wound_at: Mapped[datetime | None]
    """When it was last set by what is known."""

    case: Mapped[EscalationCase] = relationship()
