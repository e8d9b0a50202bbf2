"""What the team's page counts, on a small made world with work around midnight."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from discount_broker.accounts.models import Operator
from discount_broker.escalation.models import Call, CaseClock, EscalationCase, Promise
from discount_broker.escalation.operations import requeue
from discount_broker.escalation.queries.rhythm import (
    calls_by_hour,
    cases_by_day,
    promises_by_week,
    times_to_answer,
)
from discount_broker.escalation.queries.team import (
    count_in_hand,
    count_overdue,
    figures_of,
    list_team,
)
from discount_broker.escalation.rules.team import Figures, last_days, last_weeks
from discount_broker.escalation.status import (
    CallDirection,
    CallResult,
    CaseStatus,
    ClockKind,
    Ending,
    PromiseKind,
    PromiseSide,
    PromiseStatus,
)
from discount_broker.kernel.db import db
from tests.builders import a_case, a_shop, an_operator, saved

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOSCOW, NEW_YORK = ZoneInfo("Europe/Moscow"), ZoneInfo("America/New_York")
MIDNIGHT = datetime(2030, 1, 13, 21, 0, tzinfo=UTC)
"""Between Sunday and Monday in Moscow; Sunday at four in the afternoon in New York."""
NOTHING = Figures()


@pytest.fixture
def olga(app: Flask, now: datetime) -> Operator:
    return an_operator(now, name="Olga")


@pytest.fixture
def boris(app: Flask, now: datetime) -> Operator:
    return an_operator(now, name="Boris")


def a_call(at: datetime, who: Operator, *cases: EscalationCase, **given: Any) -> Call:
    shop_id = cases[0].outreach.shop_id if cases else a_shop(at).id
    facts = {"minutes": 5, "result": CallResult.CALL_BACK, "started_at": at, "operator_id": who.id}
    return saved(Call(**{**facts, "shop_id": shop_id, "cases": list(cases), **given}))


def closed(at: datetime, who: Operator | None = None, ending: Ending = Ending.DECLINED) -> EscalationCase:
    return a_case(
        at - DAY,
        status=CaseStatus.CLOSED,
        next_action_at=None,
        closed_at=at,
        closed_by_id=who.id if who else None,
        ending=ending,
    )


def a_promise(due_at: datetime, status: PromiseStatus, **given: Any) -> None:
    case = a_case(due_at - DAY)
    facts = {
        "outreach_id": case.outreach_id,
        "kind": PromiseKind.CALL_SHOP,
        "due_at": due_at,
        "status": status,
        "made_at": due_at - DAY,
        "settled_at": None if status is PromiseStatus.PENDING else due_at,
    }
    saved(Promise(**{**facts, **given}))
    requeue(case.outreach.shop_id, due_at)
    db.session.commit()


class TestFigures:
    def test_work_around_midnight_belongs_to_the_day_of_the_reader(
        self, olga: Operator, now: datetime
    ) -> None:
        for at in (MIDNIGHT - MINUTE, MIDNIGHT, MIDNIGHT + MINUTE):
            a_call(at, olga)
            closed(at, olga)
        in_moscow = figures_of([olga.id], last_days(now, MOSCOW, 2))
        assert in_moscow == {
            (olga.id, 0): Figures(closed=1, calls=1, minutes=5),
            (olga.id, 1): Figures(closed=2, calls=2, minutes=10),
        }
        in_new_york = figures_of([olga.id], last_days(now, NEW_YORK, 2))
        assert in_new_york == {(olga.id, 0): Figures(closed=3, calls=3, minutes=15)}

    def test_a_call_counts_when_it_is_written_down(self, olga: Operator, now: datetime) -> None:
        a_call(now - HOUR, olga, result=None, minutes=0)
        assert figures_of([olga.id], last_days(now, MOSCOW, 1)) == {}

    def test_each_operator_has_their_own(self, olga: Operator, boris: Operator, now: datetime) -> None:
        a_call(now - HOUR, olga, minutes=90)
        a_call(now - HOUR, boris, minutes=3)
        closed(now - HOUR, boris)
        closed(now - HOUR)
        found = figures_of([olga.id, boris.id], last_days(now, MOSCOW, 1))
        assert found[olga.id, 0] == Figures(calls=1, minutes=90)
        assert found[boris.id, 0] == Figures(calls=1, minutes=3, closed=1)

    def test_a_discount_is_won_by_who_closed_the_case_else_by_who_called_last(
        self, olga: Operator, boris: Operator, now: datetime
    ) -> None:
        by_itself, by_hand = closed(now, ending=Ending.OFFERED), closed(now, boris, Ending.OFFERED)
        a_call(now - 3 * HOUR, boris, by_itself, by_hand)
        a_call(now - 2 * HOUR, olga, by_itself, by_hand)
        closed(now, ending=Ending.OFFERED)
        found = figures_of([olga.id, boris.id], last_days(now + MINUTE, MOSCOW, 1))
        assert {who: figures.won for (who, _), figures in found.items()} == {olga.id: 1, boris.id: 1}

    def test_our_promises_count_on_the_day_for_which_they_were_given(
        self, olga: Operator, now: datetime
    ) -> None:
        ours = {"side": PromiseSide.US, "operator_id": olga.id}
        a_promise(MIDNIGHT - MINUTE, PromiseStatus.KEPT, **ours)
        a_promise(MIDNIGHT, PromiseStatus.LATE, **ours)
        a_promise(MIDNIGHT + HOUR, PromiseStatus.BROKEN, **ours)
        a_promise(MIDNIGHT + HOUR, PromiseStatus.WITHDRAWN, **ours)
        a_promise(MIDNIGHT + HOUR, PromiseStatus.KEPT, operator_id=olga.id)
        found = figures_of([olga.id], last_days(now, MOSCOW, 2))
        assert found == {
            (olga.id, 0): Figures(promises_due=1, promises_kept=1),
            (olga.id, 1): Figures(promises_due=2, promises_kept=1),
        }

    def test_a_week_is_the_sum_of_its_days(self, olga: Operator, now: datetime) -> None:
        for at in (MIDNIGHT - 7 * DAY, MIDNIGHT - MINUTE, MIDNIGHT):
            a_call(at, olga)
        found = figures_of([olga.id], last_weeks(now, MOSCOW, 2))
        assert {week: figures.calls for (_, week), figures in found.items()} == {0: 2, 1: 1}

    def test_overdue_are_promises_of_ours_that_still_wait(
        self, olga: Operator, boris: Operator, now: datetime
    ) -> None:
        ours = {"side": PromiseSide.US, "operator_id": olga.id}
        a_promise(now - HOUR, PromiseStatus.PENDING, **ours)
        a_promise(now + HOUR, PromiseStatus.PENDING, **ours)
        a_promise(now - HOUR, PromiseStatus.BROKEN, **ours)
        a_promise(now - HOUR, PromiseStatus.PENDING, operator_id=olga.id)
        assert count_overdue([olga.id, boris.id], now) == {olga.id: 1}

    def test_in_hand_are_the_open_cases_of_the_shops_somebody_holds(
        self, olga: Operator, boris: Operator, now: datetime
    ) -> None:
        a_case(now, holder=olga)
        a_case(now, holder=olga)
        assert count_in_hand([olga.id, boris.id], now) == {olga.id: 2}
        assert count_in_hand([olga.id], now + 3 * HOUR) == {}

    def test_the_team_is_in_the_order_of_its_names(self, olga: Operator, boris: Operator) -> None:
        assert [one.name for one in list_team()] == ["Boris", "Olga"]


class TestRhythm:
    def test_calls_fall_into_the_hours_of_the_reader(self, olga: Operator, now: datetime) -> None:
        a_call(MIDNIGHT - MINUTE, olga)
        a_call(MIDNIGHT + 29 * MINUTE, olga, result=CallResult.BUSY)
        a_call(MIDNIGHT + 31 * MINUTE, olga)
        a_call(MIDNIGHT, olga, direction=CallDirection.IN)
        a_call(MIDNIGHT, olga, result=None)
        a_call(MIDNIGHT - 8 * DAY, olga)
        made, reached = calls_by_hour([olga.id], MIDNIGHT - DAY, MOSCOW)
        assert made == Counter({(6, 23): 1, (0, 0): 2})
        assert reached == Counter({(6, 23): 1, (0, 0): 1})
        in_india, _ = calls_by_hour([olga.id], MIDNIGHT - DAY, ZoneInfo("Asia/Kolkata"))
        assert in_india == Counter({(0, 2): 2, (0, 3): 1})

    def test_cases_are_opened_and_closed_on_the_days_of_the_reader(
        self, olga: Operator, now: datetime
    ) -> None:
        closed(MIDNIGHT, olga)
        a_case(now)
        days = last_days(now + MINUTE, MOSCOW, 3)
        assert [day.on for day in days] == [date(2030, 1, n) for n in (12, 13, 14)]
        assert cases_by_day(days) == ([0, 1, 1], [0, 0, 1])

    def test_the_first_answer_takes_its_time_by_the_calendar(self, app: Flask, now: datetime) -> None:
        for hours in (0.5, 3.9, 4, 100, 1000, None):
            stopped_at = None if hours is None else now + hours * HOUR
            a_clock(a_case(now), now, stopped_at)
        a_clock(closed(now + HOUR, ending=Ending.OFFERED), now - DAY, now + HOUR)
        a_clock(closed(now + HOUR, ending=Ending.NO_LONGER_NEEDED), now - DAY, now + HOUR)
        a_clock(a_case(now - 30 * DAY), now - 30 * DAY, now)
        assert times_to_answer(now - 7 * DAY) == [1, 1, 1, 1, 1, 1, 1, 1]

    def test_promises_of_shops_are_told_by_week(self, olga: Operator, now: datetime) -> None:
        a_promise(MIDNIGHT - MINUTE, PromiseStatus.KEPT)
        a_promise(MIDNIGHT, PromiseStatus.LATE)
        a_promise(MIDNIGHT + HOUR, PromiseStatus.BROKEN)
        a_promise(MIDNIGHT + HOUR, PromiseStatus.PENDING)
        a_promise(MIDNIGHT, PromiseStatus.KEPT, side=PromiseSide.US, operator_id=olga.id)
        before, this = promises_by_week(last_weeks(now, MOSCOW, 2))
        assert before == {PromiseStatus.KEPT: 1}
        assert this == {PromiseStatus.LATE: 1, PromiseStatus.BROKEN: 1}


def a_clock(case: EscalationCase, at: datetime, stopped_at: datetime | None) -> None:
    saved(
        CaseClock(
            case_id=case.id,
            kind=ClockKind.FIRST_ANSWER,
            started_at=at,
            limit_seconds=9 * 3600,
            stopped_at=stopped_at,
        )
    )
