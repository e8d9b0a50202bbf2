"""What a logged call must say, and what follows from it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from discount_broker.escalation.status import CallResult, Ending, NextAction, PromiseKind
from discount_broker.kernel.errors import Refused

LONGEST_CALL = 240
ENDING_OF_RESULT = {CallResult.REFUSED: Ending.DECLINED, CallResult.STOP: Ending.STOPPED}
"""Results that end a case. An offer made by word of mouth ends it when it is written down."""
TRY_AGAIN_AFTER = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class CallReport:
    """What an operator writes down after a call."""

    started_at: datetime
    minutes: int
    result: CallResult
    person: str = ""
    note: str = ""
    promise_kind: PromiseKind | None = None
    promise_due_at: datetime | None = None
    next_action_at: datetime | None = None


def check_call(report: CallReport, now: datetime) -> None:
    """Refuse a report that leaves the next step open.

    Raises:
        Refused: `minutes_out_of_range`, `started_in_future`, `promise_needs_time`, `promise_in_past`,
            `next_action_in_past`.

    """
    if not 0 <= report.minutes <= LONGEST_CALL:
        raise Refused("minutes_out_of_range", "minutes")
    if report.started_at > now + timedelta(minutes=1):
        raise Refused("started_in_future", "started_at")
    if report.result is CallResult.PROMISED and (
        report.promise_kind is None or report.promise_due_at is None
    ):
        raise Refused("promise_needs_time", "promise_due_at")
    if report.promise_due_at is not None and report.promise_due_at <= now:
        raise Refused("promise_in_past", "promise_due_at")
    if report.next_action_at is not None and report.next_action_at <= now:
        raise Refused("next_action_in_past", "next_action_at")


def next_action_after(report: CallReport, now: datetime) -> tuple[NextAction, datetime]:
    """What the desk does next and when, for a call that did not end the case."""
    if report.promise_due_at is not None:
        return NextAction.CHECK_PROMISE, report.promise_due_at
    return NextAction.CALL, report.next_action_at or now + TRY_AGAIN_AFTER
