"""Counting when things happen: calls by hour, cases by day, how long shops take, what promises are worth."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, and_, case, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute

from discount_broker.escalation.models import Call, CaseClock, EscalationCase, Promise
from discount_broker.escalation.queries.team import Query, between, day_number
from discount_broker.escalation.rules.calling_hours import REACHED_NOBODY
from discount_broker.escalation.rules.team import QUARTER, Day, hour_of_week
from discount_broker.escalation.status import (
    CallDirection,
    ClockKind,
    Ending,
    PromiseSide,
    PromiseStatus,
)
from discount_broker.kernel.db import db

ANSWER_WITHIN = (1, 4, 24, 72, 168)
"""Hours: the steps in which the time to the first answer is told."""
SETTLED = (PromiseStatus.KEPT, PromiseStatus.LATE, PromiseStatus.BROKEN)
ANSWERS = (Ending.OFFERED, Ending.DECLINED, Ending.STOPPED)
"""Endings that are the shop's own word; with another one the clock stopped without an answer."""
Hours = Counter[tuple[int, int]]
"""By weekday (0 is Monday) and hour."""


def calls_by_hour(operator_ids: Sequence[UUID], since: datetime, zone: ZoneInfo) -> tuple[Hours, Hours]:
    """Calls of these operators to shops since then: all, and the answered ones, by this zone's clock."""
    quarter = cast(extract("epoch", Call.started_at), Integer) // QUARTER
    answered = case((Call.result.in_(REACHED_NOBODY), 0), else_=1)
    each = (
        select(quarter.label("quarter"), answered.label("answered"))
        .where(
            Call.operator_id.in_(operator_ids),
            Call.started_at >= since,
            Call.direction == CallDirection.OUT,
            Call.result.is_not(None),
        )
        .subquery()
    )
    counted = select(each.c.quarter, func.count(), func.sum(each.c.answered)).group_by(each.c.quarter)
    made, reached = Hours(), Hours()
    for number, all_, answers in db.session.execute(counted):
        hour = hour_of_week(number, zone)
        made[hour] += all_
        reached[hour] += int(answers)
    return made, reached


def cases_by_day(days: Sequence[Day]) -> tuple[list[int], list[int]]:
    """Cases opened, and cases closed, on each of these days."""
    return _by_day(EscalationCase.opened_at, days), _by_day(EscalationCase.closed_at, days)


def _by_day(at: InstrumentedAttribute[Any], days: Sequence[Day]) -> list[int]:
    found = _grouped(select(day_number(at, days)).where(between(at, days)), "day")
    return [found[number] for number in range(len(days))]


def times_to_answer(since: datetime) -> list[int]:
    """Of the cases opened since then: first answers within each step of ANSWER_WITHIN, later, none yet, none.

    By the calendar, as the buyer waits, from the first letter to the shop.
    """
    took = extract("epoch", CaseClock.stopped_at) - extract("epoch", CaseClock.started_at)
    steps = [(took < timedelta(hours=hours).total_seconds(), n) for n, hours in enumerate(ANSWER_WITHIN)]
    later = len(ANSWER_WITHIN)
    has_ended = and_(CaseClock.stopped_at >= EscalationCase.closed_at, EscalationCase.ending.not_in(ANSWERS))
    step = case((CaseClock.stopped_at.is_(None), later + 1), (has_ended, later + 2), *steps, else_=later)
    query = (
        select(step.label("step"))
        .join(EscalationCase, EscalationCase.id == CaseClock.case_id)
        .where(EscalationCase.opened_at >= since, CaseClock.kind == ClockKind.FIRST_ANSWER)
    )
    found = _grouped(query, "step")
    return [found[number] for number in range(later + 3)]


def promises_by_week(weeks: Sequence[Day]) -> list[Counter[PromiseStatus]]:
    """What became of the promises shops gave for each of these weeks, by their status."""
    each = (
        select(day_number(Promise.due_at, weeks), Promise.status)
        .where(Promise.status.in_(SETTLED), between(Promise.due_at, weeks), Promise.side == PromiseSide.SHOP)
        .subquery()
    )
    counted = select(each.c.day, each.c.status, func.count()).group_by(each.c.day, each.c.status)
    found: list[Counter[PromiseStatus]] = [Counter() for _ in weeks]
    for number, status, many in db.session.execute(counted):
        found[number][status] += many
    return found


def _grouped(query: Query, name: str) -> Counter[int]:
    found = query.subquery()
    counted = select(found.c[name], func.count()).group_by(found.c[name])
    many: dict[int, int] = dict(db.session.execute(counted).all())
    return Counter(many)
