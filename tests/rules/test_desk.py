"""What stands first in the queue, what a logged call must say, what a shop's past comes to."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from discount_broker.escalation.rules import (
    CallReport,
    check_call,
    next_action_after,
    settling_event,
)
from discount_broker.escalation.status import CallResult, NextAction, PromiseEvent, PromiseKind
from discount_broker.kernel.errors import Refused
from discount_broker.scorecards.rules import Dealing, record_of

NOW = datetime(2030, 1, 14, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def report(result: CallResult = CallResult.NO_ANSWER, **given: Any) -> CallReport:
    return CallReport(**{"started_at": NOW - HOUR, "minutes": 3, "result": result, **given})


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"minutes": -1}, "minutes_out_of_range"),
        ({"minutes": 241}, "minutes_out_of_range"),
        ({"started_at": NOW + HOUR}, "started_in_future"),
        ({"result": CallResult.PROMISED}, "promise_needs_time"),
        ({"result": CallResult.PROMISED, "promise_kind": PromiseKind.CALL_US}, "promise_needs_time"),
        ({"result": CallResult.PROMISED, "promise_due_at": NOW + HOUR}, "promise_needs_time"),
        ({"next_action_at": NOW - HOUR}, "next_action_in_past"),
    ],
)
def test_a_call_that_leaves_the_next_step_open_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_call(report(**given), NOW)
    assert refused.value.code == code


@pytest.mark.parametrize("result", [r for r in CallResult if r is not CallResult.PROMISED])
def test_every_other_result_needs_no_more_than_its_minutes(result: CallResult) -> None:
    check_call(report(result), NOW)


def test_after_a_call_comes_the_promise_or_another_call() -> None:
    promised = report(
        CallResult.PROMISED,
        promise_kind=PromiseKind.CALL_US,
        promise_due_at=NOW + HOUR,
        next_action_at=NOW + 5 * HOUR,
    )
    assert next_action_after(promised, NOW) == (NextAction.CHECK_PROMISE, NOW + HOUR)
    assert next_action_after(report(next_action_at=NOW + HOUR), NOW) == (NextAction.CALL, NOW + HOUR)
    assert next_action_after(report(), NOW) == (NextAction.CALL, NOW + 2 * HOUR)


def test_a_promise_is_kept_late_or_broken() -> None:
    assert settling_event(kept=True, due_at=NOW, now=NOW) is PromiseEvent.KEPT_IN_TIME
    assert settling_event(kept=True, due_at=NOW, now=NOW + HOUR) is PromiseEvent.KEPT_LATE
    assert settling_event(kept=False, due_at=NOW, now=NOW + HOUR) is PromiseEvent.RAN_OUT


def test_a_shops_past_is_counted_and_its_middle_taken() -> None:
    def a_dealing(seconds: int | None, percent: int | None = None, *, has_offer: bool = True) -> Dealing:
        answered_at = None if seconds is None else NOW + timedelta(seconds=seconds)
        given = None if percent is None else Decimal(percent)
        return Dealing(asked_at=NOW, answered_at=answered_at, percent=given, has_offer=has_offer)

    record = record_of(
        [a_dealing(60, 10), a_dealing(600, 5), a_dealing(100), a_dealing(None, has_offer=False)]
    )
    assert (record.asked, record.answered, record.offered) == (4, 3, 3)
    assert (record.median_answer_seconds, record.typical_percent) == (100, Decimal("7.5"))


def test_a_shop_never_heard_of_has_nothing_to_show() -> None:
    record = record_of([])
    assert (record.asked, record.median_answer_seconds, record.typical_percent) == (0, None, None)
