"""Seeded promises of our own: one of us said they would call again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from discount_broker.accounts.models import Operator
from discount_broker.accounts.operations import note_change
from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.status import (
    CaseStatus,
    PromiseKind,
    PromiseSide,
    PromiseStatus,
    PromiseTo,
)
from discount_broker.kernel.db import db

S = PromiseStatus
LATENESS = {S.KEPT: -timedelta(minutes=20), S.LATE: timedelta(hours=3), S.BROKEN: timedelta(hours=1)}
"""When it was settled, against the time that was named."""
FATES = (S.KEPT, S.KEPT, S.KEPT, S.LATE, S.BROKEN)


class PromiseSeeder:
    def __init__(self, chance: Random, operators: Sequence[Operator], now: datetime) -> None:
        self.chance, self.operators, self.now = chance, operators, now

    def give(self, case: EscalationCase) -> None:
        """Kept in time, late, or not at all; what is not over yet is still to come."""
        made_at = case.opened_at + (self.now - case.opened_at) * self.chance.uniform(0.1, 0.9)
        due_at = made_at + timedelta(hours=self.chance.randint(2, 30))
        fate = self.chance.choice(FATES)
        settled_at = due_at + LATENESS[fate]
        if settled_at <= self.now:
            promise = self._promise(case, made_at, due_at)
            promise.status, promise.settled_at, promise.woken_at = fate, settled_at, due_at
            promise.evidence = "call" if fate is not S.BROKEN else "time ran out"
        elif case.status is CaseStatus.OPEN:
            self._promise(case, made_at, max(due_at, self.now + timedelta(hours=2)))

    def _promise(self, case: EscalationCase, made_at: datetime, due_at: datetime) -> Promise:
        operator = self.chance.choice(self.operators)
        promise = Promise(
            id=UUID(int=self.chance.getrandbits(128), version=4),
            outreach_id=case.outreach_id,
            kind=PromiseKind.CALL_SHOP,
            side=PromiseSide.US,
            promised_to=PromiseTo.SHOP,
            promised_by=operator.name,
            operator_id=operator.id,
            due_at=due_at,
            made_at=made_at,
        )
        db.session.add(promise)
        facts = {"kind": promise.kind.value, "due_at": due_at.isoformat()}
        shop_id = case.outreach.shop_id
        note_change(
            "promise_made", made_at, operator.id, case_id=case.id, shop_id=shop_id, subject="", **facts
        )
        return promise
