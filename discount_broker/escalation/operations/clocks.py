"""Setting the clocks of a case by what is known: started, resting, stopped, warned of, missed."""

from datetime import datetime, timedelta

from discount_broker.accounts.operations import note_change
from discount_broker.escalation.models import CaseClock, EscalationCase
from discount_broker.escalation.queries.clocks import allowances, list_clocks, list_events
from discount_broker.escalation.rules.clocks import Allowance, Life, Run, run_of
from discount_broker.escalation.status import CaseStatus, ClockKind
from discount_broker.kernel.db import add_or_find, db


def wind(case: EscalationCase, now: datetime) -> None:
    """Set all clocks of the case anew; each warning and each miss is noted once.

    What is known is read again from letters, offers and calls, so that it does not matter in which order
    they came, or how often this is called. Whoever calls it reckons the shop's place afterwards.
    """
    db.session.flush()
    clocks = list_clocks(case.id, lock=True)
    if not clocks and case.status is CaseStatus.CLOSED:
        return
    life, events, given = _life_of(case, clocks.get(ClockKind.SOLVED), now), list_events(case), allowances()
    for kind in ClockKind:
        run = run_of(kind, events, life, case.outreach.shop.calendar)
        if run is not None:
            clock = clocks.get(kind)
            is_past = clock is None and run.stopped_at is not None
            clock = clock or _new(case, kind, run, given[kind])
            _set(clock, run, given[kind], case, now)
            _note_what_is_due(clock, run, case, now, is_past=is_past)
    db.session.flush()


def _life_of(case: EscalationCase, solved: CaseClock | None, now: datetime) -> Life:
    """Since when the case is open this time; opened again it begins anew."""
    if solved is None:
        return Life(case.opened_at, case.closed_at, is_first=True)
    if solved.stopped_at is not None and case.status is CaseStatus.OPEN:
        return Life(now, None, is_first=False)
    return Life(solved.started_at, case.closed_at, is_first=solved.started_at <= case.opened_at)


def _new(case: EscalationCase, kind: ClockKind, run: Run, given: Allowance) -> CaseClock:
    clock = CaseClock(
        case_id=case.id,
        kind=kind,
        started_at=run.started_at,
        limit_seconds=int(given.limit.total_seconds()),
        spent_seconds=0,
        misses=0,
    )
    return add_or_find(clock, lambda: list_clocks(case.id, lock=True).get(kind))


def _set(clock: CaseClock, run: Run, given: Allowance, case: EscalationCase, now: datetime) -> None:
    if run.started_at > clock.started_at:
        # A new run: what the one before missed is counted, and stands in the trail.
        clock.limit_seconds = int(given.limit.total_seconds())
        clock.warned_at, clock.missed_at = None, None
    calendar = case.outreach.shop.calendar
    warn_after = timedelta(seconds=clock.limit_seconds) - given.warning
    clock.started_at, clock.spent_seconds = run.started_at, run.spent_seconds
    clock.running_since, clock.stopped_at = run.running_since, run.stopped_at
    clock.breach_at = run.moment_of(clock.limit_seconds, calendar)
    clock.warn_at = run.moment_of(warn_after.total_seconds(), calendar)
    clock.wound_at = now


def _note_what_is_due(
    clock: CaseClock, run: Run, case: EscalationCase, now: datetime, *, is_past: bool
) -> None:
    """Note a warning or a miss; of what was over before anybody watched, the miss without a word."""
    is_missed = run.spent_at(now, case.outreach.shop.calendar) > clock.limit_seconds
    if clock.missed_at is None and (is_missed or _has_come(clock.breach_at, now)):
        clock.missed_at, clock.misses = now, clock.misses + 1
        clock.warned_at = clock.warned_at or now
        if not is_past:
            _note("clock_missed", clock, case, now)
    elif clock.warned_at is None and _has_come(clock.warn_at, now):
        clock.warned_at = now
        _note("clock_warned", clock, case, now)


def _has_come(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


def _note(what: str, clock: CaseClock, case: EscalationCase, now: datetime) -> None:
    note_change(what, now, None, case_id=case.id, shop_id=case.outreach.shop_id, clock=clock.kind)
