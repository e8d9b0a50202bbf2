"""What a logged call must say, and what follows from it. Pure."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from discount_broker.escalation.status import CallDirection, CallResult, Ending, NextAction, PromiseKind
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
    """Who was spoken to; of somebody known, `person_id` says it."""
    role: str = ""
    direct_number: str = ""
    """Of that person, as the operator wrote it."""
    person_id: UUID | None = None
    number: str = ""
    """That was dialled, or that called."""
    direction: CallDirection = CallDirection.OUT
    note: str = ""
    also_for: tuple[UUID, ...] = ()
    """Other cases of the shop that the same call was about."""
    call_id: UUID | None = None
    """The call under way that this report finishes."""
    phone_call_id: UUID | None = None
    """What the telephone exchange told of it."""
    promise_kind: PromiseKind | None = None
    promise_due_at: datetime | None = None
    next_action_at: datetime | None = None


def check_call(report: CallReport, now: datetime) -> None:
    """Refuse a report that leaves the next step open.

    Raises:
        Refused: `minutes_out_of_range`, `started_in_future`, `promise_needs_time`, `next_action_in_past`.
            Times of promises are asked about, never refused (`rules.promises.doubts_about`).

    """
    if not 0 <= report.minutes <= LONGEST_CALL:
        raise Refused("minutes_out_of_range", "minutes")
    if report.started_at > now + timedelta(minutes=1):
        raise Refused("started_in_future", "started_at")
    if report.result is CallResult.PROMISED and (
        report.promise_kind is None or report.promise_due_at is None
    ):
        raise Refused("promise_needs_time", "promise_due_at")
    if report.next_action_at is not None and report.next_action_at <= now:
        raise Refused("next_action_in_past", "next_action_at")


def minutes_between(started_at: datetime, ended_at: datetime) -> int:
    """How long a call took, as people count: every minute begun."""
    seconds = max((ended_at - started_at).total_seconds(), 0)
    return min(math.ceil(seconds / 60), LONGEST_CALL)


def next_action_after(report: CallReport, now: datetime) -> tuple[NextAction, datetime]:
    """What the desk does next and when, for a call that did not end the case."""
    if report.promise_kind is not None and report.promise_due_at is not None:
        return NextAction.CHECK_PROMISE, report.promise_due_at
    return NextAction.CALL, report.next_action_at or now + TRY_AGAIN_AFTER
