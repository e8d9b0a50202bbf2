"""Why a shop stands where it stands in the queue, in sentences."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from babel.dates import format_timedelta
from flask_babel import LazyString, get_locale, gettext
from flask_babel import lazy_gettext as _l

from discount_broker.escalation.queries.queue_rows import RowFacts, facts_of_rows
from discount_broker.escalation.rules.queue import step_of
from discount_broker.escalation.status import CaseReason, CaseStatus, ClockKind, NextAction
from discount_broker.web.desk import in_words
from discount_broker.web.filters import moment_in_words

if TYPE_CHECKING:
    from discount_broker.escalation.models import CaseClock, EscalationCase, QueueEntry

RAN_OUT: Final[Mapping[str, LazyString]] = {
    ClockKind.FIRST_ANSWER: _l("the time for the first answer ran out %(when)s"),
    ClockKind.NEXT_ANSWER: _l("the time for the next answer ran out %(when)s"),
    ClockKind.SOLVED: _l("the time to settle it ran out %(when)s"),
}
RUNS_OUT: Final[Mapping[str, LazyString]] = {
    ClockKind.FIRST_ANSWER: _l("the time for the first answer runs out %(when)s"),
    ClockKind.NEXT_ANSWER: _l("the time for the next answer runs out %(when)s"),
    ClockKind.SOLVED: _l("the time to settle it runs out %(when)s"),
}
SAVINGS: Final = (
    _l("most to save"),
    _l("very much to save"),
    _l("much to save"),
    _l("something to save"),
    _l("a little to save"),
    _l("hardly anything to save"),
)
"""By the step of the value: what stands first is at stake for the buyers."""


def standing_of(case: "EscalationCase", now: datetime, facts: RowFacts | None = None) -> tuple[str, str]:
    """Why a case stands where it stands, and how urgent that looks; the usual order needs no word."""
    if case.status is CaseStatus.CLOSED or case.next_action_at is None:
        return gettext("closed %(when)s", when=in_words((case.closed_at or now) - now)), ""
    if case.next_action_at > now:
        return gettext("waits until %(time)s", time=moment_in_words(case.next_action_at, now)), "waiting"
    facts = facts or facts_of_rows([case], now)
    return _by_promise(case, facts, now) or _by_clock(facts.clocks.get(case.id), now) or ("", "")


def _by_promise(case: "EscalationCase", facts: RowFacts, now: datetime) -> tuple[str, str] | None:
    broken, pending = facts.broken.get(case.outreach_id), facts.pending.get(case.outreach_id)
    if case.reason is CaseReason.PROMISE_BROKEN:
        if broken is None:
            return gettext("first in line: a promise was broken"), "bad"
        return gettext("a promise is broken since %(time)s", time=moment_in_words(broken.due_at, now)), "bad"
    if case.reason is CaseReason.PROMISE_DUE or case.next_action is NextAction.CHECK_PROMISE:
        if pending is None:
            return gettext("a promise is due"), "due"
        return gettext("a promise is due since %(time)s", time=moment_in_words(pending.due_at, now)), "due"
    return None


def _by_clock(clock: "CaseClock | None", now: datetime) -> tuple[str, str] | None:
    if clock is None:
        return None
    if clock.missed_at is not None:
        return str(RAN_OUT[clock.kind] % {"when": in_words(clock.missed_at - now)}), "bad"
    if clock.breach_at is not None:
        return str(RUNS_OUT[clock.kind] % {"when": in_words(clock.breach_at - now)}), "due"
    return None


def weight_of(entry: "QueueEntry", now: datetime) -> list[str]:
    """What decides among shops that are equally urgent, in the order in which it counts."""
    age = format_timedelta(now - entry.oldest_at, threshold=1.2, locale=get_locale() or "en")
    loyal = [gettext("a loyal buyer")] if entry.is_loyal else []
    return [str(SAVINGS[step_of(entry.value)]), gettext("open for %(span)s", span=age), *loyal]


def holder_of(entry: "QueueEntry | None", now: datetime) -> str:
    """The name of whoever has the shop in hand now; empty when nobody has."""
    return entry.operator.name if entry and entry.operator and entry.held_by(now) else ""
