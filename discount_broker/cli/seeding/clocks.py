"""Seeded clocks: as they would have run since the shop was asked and the case was opened."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from discount_broker.escalation.models import CaseClock, EscalationCase
from discount_broker.escalation.rules.clocks import DEFAULTS
from discount_broker.escalation.status import ClockKind
from discount_broker.kernel.business_time import add_business_time
from discount_broker.kernel.db import db
from discount_broker.outreach.status import ReplyKind


class ClockSeeder:
    def __init__(self, chance: Random, now: datetime) -> None:
        self.chance, self.now = chance, now

    def wind(self, case: EscalationCase) -> None:
        """What began when, and whether it has run out; a word of the shop or the end stops it."""
        outreach = case.outreach
        heard = [reply.received_at for reply in outreach.replies if reply.kind is ReplyKind.HUMAN]
        ends = [*heard, *filter(None, (outreach.answered_at, case.closed_at))]
        if outreach.asked_at is not None:
            self._add(case, ClockKind.FIRST_ANSWER, outreach.asked_at, min(ends, default=None))
        self._add(case, ClockKind.SOLVED, case.opened_at, case.closed_at)

    def _add(
        self, case: EscalationCase, kind: ClockKind, started_at: datetime, stopped_at: datetime | None
    ) -> None:
        country, allowed = case.outreach.shop.country, DEFAULTS[kind]
        breach_at = add_business_time(started_at, allowed.limit, country)
        warn_at = add_business_time(started_at, allowed.limit - allowed.warning, country)
        until = stopped_at or self.now
        is_missed = breach_at <= until
        clock = CaseClock(
            id=UUID(int=self.chance.getrandbits(128), version=4),
            case=case,
            kind=kind,
            started_at=started_at,
            limit_seconds=int(allowed.limit / timedelta(seconds=1)),
            running_since=None if stopped_at else started_at,
            warn_at=None if stopped_at else warn_at,
            breach_at=None if stopped_at else breach_at,
            warned_at=warn_at if warn_at <= until else None,
            missed_at=breach_at if is_missed else None,
            misses=int(is_missed),
            stopped_at=stopped_at,
            wound_at=self.now,
        )
        db.session.add(clock)
