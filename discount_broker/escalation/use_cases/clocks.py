"""Watching the clocks of cases, and what leads say of how much time they give."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.escalation.models import ClockPolicy
from discount_broker.escalation.operations import requeue, wind
from discount_broker.escalation.queries import get_case
from discount_broker.escalation.queries.clocks import (
    find_policy,
    list_cases_of_due_clocks,
    list_stale_cases,
    list_unwound_cases,
    newest_version,
)
from discount_broker.escalation.rules.clocks import Allowance
from discount_broker.escalation.status import ClockKind
from discount_broker.kernel.db import add_or_find
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import again_if_deadlocked, transaction

LOOKED_AT_EVERY = timedelta(hours=1)
LONGEST = 60 * 9 * 60
"""Minutes of sixty business days: nothing is waited for so long."""


def watch_clocks(now: datetime) -> int:
    """Tell the desk once of each clock that runs out soon, and of each that has; of how many cases."""
    return for_each(list_cases_of_due_clocks(now), partial(_wind, now=now))


def wind_clocks(now: datetime) -> int:
    """Give old cases their clocks, and look at letters that have left since a case was touched."""
    cases = [*list_unwound_cases(), *list_stale_cases(now - LOOKED_AT_EVERY)]
    return for_each(dict.fromkeys(cases), partial(_wind, now=now))


@again_if_deadlocked
def _wind(case_id: UUID, now: datetime) -> int:
    with transaction():
        case = get_case(case_id, lock=True)
        wind(case, now)
        requeue(case.outreach.shop_id, now)
    return 1


def change_clock(
    kind: ClockKind, given: Allowance, seen_version: int, operator_id: UUID, now: datetime
) -> None:
    """A lead says how much time a clock gives from now on; what runs already keeps what it was given.

    Raises:
        Refused: `clock_out_of_range`, `warning_out_of_range`.
        IllegalTransition: another lead has changed it meanwhile.

    """
    _check(given)
    minutes, warns = given.minutes, given.warn_minutes
    with transaction():
        policy = ClockPolicy(
            kind=kind, version=seen_version + 1, minutes=minutes, warn_minutes=warns, operator_id=operator_id,
            made_at=now,
        )  # fmt: skip
        is_newest = newest_version(kind) == seen_version
        if not is_newest or add_or_find(policy, partial(find_policy, kind, policy.version)) is not policy:
            raise IllegalTransition(kind, "changed")
        subject = f"clock:{kind}"
        note_change(
            "clock_changed",
            now,
            operator_id,
            subject=subject,
            clock=kind,
            minutes=minutes,
            warn_minutes=warns,
        )


def _check(given: Allowance) -> None:
    if not 1 <= given.minutes <= LONGEST:
        raise Refused("clock_out_of_range", "minutes")
    if not 0 <= given.warn_minutes <= given.minutes:
        raise Refused("warning_out_of_range", "warn_minutes")
