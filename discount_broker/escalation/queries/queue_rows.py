"""What the rows of one page say beside their entries: one question for each kind of fact."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from discount_broker.escalation.models import CaseClock, EscalationCase, Promise, call_case
from discount_broker.escalation.queries.presence import list_present
from discount_broker.escalation.status import PromiseStatus
from discount_broker.kernel.db import db

TOLD = (PromiseStatus.PENDING, PromiseStatus.BROKEN)


@dataclass(frozen=True)
class RowFacts:
    """What is known of the cases to begin with, and of their shops."""

    pending: dict[UUID, Promise]
    """The promise that falls due first, by outreach."""
    broken: dict[UUID, Promise]
    """The promise that was broken last, by outreach."""
    clocks: dict[UUID, CaseClock]
    """The clock that ran out first, or else runs out first, by case."""
    calls: dict[UUID, int]
    """Calls so far, by case."""
    present: dict[UUID, dict[UUID, str]]
    """Who has a page of the shop open, by shop."""


def facts_of_rows(cases: Sequence[EscalationCase], now: datetime) -> RowFacts:
    """What the rows of these cases say."""
    case_ids = [case.id for case in cases]
    promises = _promises([case.outreach_id for case in cases])
    return RowFacts(
        # The earliest is written last and stays.
        pending={p.outreach_id: p for p in reversed(promises) if p.status is PromiseStatus.PENDING},
        broken={p.outreach_id: p for p in promises if p.status is PromiseStatus.BROKEN},
        clocks=_clocks(case_ids),
        calls=_calls(case_ids),
        present=list_present({case.outreach.shop_id for case in cases}, now),
    )


def _promises(outreach_ids: Collection[UUID]) -> list[Promise]:
    """Those that wait or were broken, by the time they fell due."""
    query = select(Promise).where(Promise.outreach_id.in_(outreach_ids), Promise.status.in_(TOLD))
    return list(db.session.scalars(query.order_by(Promise.due_at)))


def _clocks(case_ids: Collection[UUID]) -> dict[UUID, CaseClock]:
    query = select(CaseClock).where(
        CaseClock.case_id.in_(case_ids), CaseClock.stopped_at.is_(None), CaseClock.warned_at.is_not(None)
    )
    in_order = sorted(db.session.scalars(query), key=_urgency, reverse=True)
    return {clock.case_id: clock for clock in in_order}


def _urgency(clock: CaseClock) -> tuple[bool, datetime]:
    return (clock.missed_at is None, clock.missed_at or clock.breach_at or clock.started_at)


def _calls(case_ids: Collection[UUID]) -> dict[UUID, int]:
    of_case = call_case.c.case_id
    query = select(of_case, func.count()).where(of_case.in_(case_ids)).group_by(of_case)
    counts: dict[UUID, int] = dict(db.session.execute(query).all())
    return counts
