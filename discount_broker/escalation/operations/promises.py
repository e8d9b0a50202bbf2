"""What other slices do to promises."""

from datetime import datetime

from discount_broker.escalation.models import Promise
from discount_broker.escalation.operations.queue import requeue
from discount_broker.escalation.queries import find_case_of, list_promises
from discount_broker.escalation.rules import settling_event
from discount_broker.escalation.status import (
    CaseStatus,
    NextAction,
    PromiseEvent,
    PromiseKind,
    PromiseStatus,
    next_status,
)
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach


def make_promise(
    outreach: Outreach, kind: PromiseKind, due_at: datetime, now: datetime, promised_by: str = ""
) -> Promise:
    """Write down what the shop undertook; an open case waits for it."""
    promise = Promise(outreach_id=outreach.id, kind=kind, due_at=due_at, promised_by=promised_by, made_at=now)
    db.session.add(promise)
    case = find_case_of(outreach.id)
    if case is not None and case.status is CaseStatus.OPEN:
        case.next_action, case.next_action_at = NextAction.CHECK_PROMISE, due_at
    requeue(outreach.shop_id, now)
    return promise


def settle_promises_of(outreach: Outreach, *, kept: bool, evidence: str, now: datetime) -> None:
    """What happened shows whether the shop's pending promises were kept."""
    for promise in list_promises(outreach.id):
        if promise.status is PromiseStatus.PENDING or (kept and promise.status is PromiseStatus.BROKEN):
            settle(promise, kept=kept, evidence=evidence, now=now)
    requeue(outreach.shop_id, now)


def withdraw_promises_of(outreach: Outreach, why: str, now: datetime) -> None:
    """Nobody waits for what the shop promised any more: it is neither kept nor broken."""
    for promise in list_promises(outreach.id):
        if promise.status is PromiseStatus.PENDING:
            promise.status = next_status(promise.status, PromiseEvent.WITHDRAWN)
            promise.settled_at, promise.evidence = now, why
    requeue(outreach.shop_id, now)


def settle(promise: Promise, *, kept: bool, evidence: str, now: datetime) -> None:
    promise.status = next_status(promise.status, settling_event(kept=kept, due_at=promise.due_at, now=now))
    promise.settled_at, promise.evidence = now, evidence
