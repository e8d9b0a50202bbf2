"""When a promise counts as kept, late or broken. Pure."""

from datetime import datetime, timedelta

from discount_broker.escalation.status import PromiseEvent

PROMISE_GRACE = timedelta(hours=1)
"""How long after its time a promise is only late in coming, before it counts as broken."""


def settling_event(*, kept: bool, due_at: datetime, now: datetime) -> PromiseEvent:
    if not kept:
        return PromiseEvent.RAN_OUT
    return PromiseEvent.KEPT_IN_TIME if now <= due_at else PromiseEvent.KEPT_LATE
