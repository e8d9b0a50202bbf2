"""Counting what was done, by operator and day; each count reads an index between two times."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from discount_broker.accounts.models import Operator
from discount_broker.escalation.models import Call, EscalationCase, Promise, QueueEntry, call_case
from discount_broker.escalation.rules.team import Day, Figures
from discount_broker.escalation.status import Ending, PromiseSide, PromiseStatus
from discount_broker.kernel.db import db

Query = Select[*tuple[Any, ...]]
KEPT = (PromiseStatus.KEPT, PromiseStatus.LATE)
By = dict[tuple[UUID, int], Figures]
"""By operator, and by the place of the day among those asked for."""


def figures_of(operator_ids: Sequence[UUID], days: Sequence[Day]) -> By:
    """What each of these operators did on each of these days; who did nothing on a day is not in it."""
    found: By = defaultdict(Figures)
    for figures in (_closed, _calls, _promises, _won):
        for key, more in figures(operator_ids, days):
            found[key] += more
    return dict(found)


Counted = Iterable[tuple[tuple[UUID, int], Figures]]


def _closed(operator_ids: Sequence[UUID], days: Sequence[Day]) -> Counted:
    who, at = EscalationCase.closed_by_id, EscalationCase.closed_at
    rows = _rows(select(who.label("who"), day_number(at, days)).where(between(at, days)), operator_ids)
    return ((key, Figures(closed=number)) for key, number, _ in rows)


def _calls(operator_ids: Sequence[UUID], days: Sequence[Day]) -> Counted:
    query = select(
        Call.operator_id.label("who"), day_number(Call.started_at, days), Call.minutes.label("much")
    ).where(Call.operator_id.in_(operator_ids), between(Call.started_at, days), Call.result.is_not(None))
    return ((key, Figures(calls=number, minutes=much)) for key, number, much in _rows(query, operator_ids))


def _promises(operator_ids: Sequence[UUID], days: Sequence[Day]) -> Counted:
    """Ours, on the day for which they were given; a withdrawn one counts for nobody."""
    query = select(
        Promise.operator_id.label("who"),
        day_number(Promise.due_at, days),
        case((Promise.status.in_(KEPT), 1), else_=0).label("much"),
    ).where(
        Promise.operator_id.in_(operator_ids),
        between(Promise.due_at, days),
        Promise.side == PromiseSide.US,
        Promise.status != PromiseStatus.WITHDRAWN,
    )
    rows = _rows(query, operator_ids)
    return ((key, Figures(promises_due=number, promises_kept=much)) for key, number, much in rows)


def _won(operator_ids: Sequence[UUID], days: Sequence[Day]) -> Counted:
    """Cases that ended with an offer: whoever closed it by hand has it, else whoever called last for it."""
    at = EscalationCase.closed_at
    ended = (between(at, days), EscalationCase.ending == Ending.OFFERED)
    place = func.row_number().over(partition_by=call_case.c.case_id, order_by=Call.started_at.desc())
    calls = (
        select(call_case.c.case_id, Call.operator_id, place.label("place"))
        .join(Call, Call.id == call_case.c.call_id)
        .join(EscalationCase, EscalationCase.id == call_case.c.case_id)
        .where(*ended)
        .subquery()
    )
    last = and_(calls.c.case_id == EscalationCase.id, calls.c.place == 1)
    who = func.coalesce(EscalationCase.closed_by_id, calls.c.operator_id)
    query = select(who.label("who"), day_number(at, days)).outerjoin(calls, last).where(*ended)
    return ((key, Figures(won=number)) for key, number, _ in _rows(query, operator_ids))


def _rows(query: Query, operator_ids: Sequence[UUID]) -> list[tuple[tuple[UUID, int], int, int]]:
    """Operator and day, how many rows, and the sum of `much` where there is one."""
    found = query.subquery()
    much = func.sum(found.c.much) if "much" in found.c else func.count()
    counted = (
        select(found.c.who, found.c.day, func.count(), much)
        .where(found.c.who.in_(operator_ids))
        .group_by(found.c.who, found.c.day)
    )
    return [((who, day), number, int(sum_)) for who, day, number, sum_ in db.session.execute(counted)]


def day_number(at: InstrumentedAttribute[Any], days: Sequence[Day]) -> ColumnElement[int]:
    """Which of the days, the first being 0; the bounds are reckoned by a clock the database does not know."""
    last = len(days) - 1
    bounds = [(at < day.ends_at, number) for number, day in enumerate(days[:-1])]
    return (case(*bounds, else_=last) if bounds else case((at < days[0].ends_at, 0), else_=0)).label("day")


def between(at: InstrumentedAttribute[Any], days: Sequence[Day]) -> ColumnElement[bool]:
    return and_(at >= days[0].begins_at, at < days[-1].ends_at)


def count_overdue(operator_ids: Sequence[UUID], now: datetime) -> dict[UUID, int]:
    """Promises these operators gave whose time has passed, and which are neither kept nor broken."""
    query = (
        select(Promise.operator_id, func.count())
        .where(
            Promise.status == PromiseStatus.PENDING,
            Promise.due_at < now,
            Promise.side == PromiseSide.US,
            Promise.operator_id.in_(operator_ids),
        )
        .group_by(Promise.operator_id)
    )
    return _by_operator(query)


def count_in_hand(operator_ids: Sequence[UUID], now: datetime) -> dict[UUID, int]:
    """Open cases of the shops that these operators have in hand."""
    query = (
        select(QueueEntry.operator_id, func.sum(QueueEntry.open_cases))
        .where(QueueEntry.operator_id.in_(operator_ids), QueueEntry.claimed_until > now)
        .group_by(QueueEntry.operator_id)
    )
    return _by_operator(query)


def list_team() -> list[Operator]:
    """Everybody who has ever worked the desk, by name."""
    return list(db.session.scalars(select(Operator).order_by(Operator.name, Operator.id)))


def _by_operator(query: Query) -> dict[UUID, int]:
    return {operator_id: int(number) for operator_id, number in db.session.execute(query)}
