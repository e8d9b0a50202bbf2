"""What other slices do to promises."""

from datetime import datetime
from uuid import UUID

from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.operations.queue import requeue
from discount_broker.escalation.queries import find_case_of, list_promises
from discount_broker.escalation.rules import recipient_of, settling_event, side_of
from discount_broker.escalation.status import (
    CaseReason,
    CaseStatus,
    NextAction,
    PromiseEvent,
    PromiseKind,
    PromiseSide,
    PromiseStatus,
    next_status,
)
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach


def make_promise(
    outreach: Outreach,
    kind: PromiseKind,
    due_at: datetime,
    now: datetime,
    promised_by: str = "",
    *,
    side: PromiseSide | None = None,
    person_id: UUID | None = None,
    operator_id: UUID | None = None,
) -> Promise:
    """Write down what the shop, or one of us, undertook; an open case waits for it.

    Args:
        outreach: for which request of which buyer.
        kind: what will be done.
        due_at: by when; a time that has passed was promised and missed, and is broken from the beginning.
        now: aware.
        promised_by: name and role, as somebody said it.
        side: whose promise it is; as `rules.side_of` says where nobody says otherwise. Whom it is made to
            follows from this and the kind (`rules.recipient_of`).
        person_id: who at the shop gave it.
        operator_id: who wrote it down; a promise of ours is theirs to keep, and needs one.

    """
    side = side or side_of(kind)
    promise = Promise(
        outreach=outreach,
        kind=kind,
        side=side,
        promised_to=recipient_of(kind, side),
        due_at=due_at,
        promised_by=promised_by,
        person_id=person_id,
        operator_id=operator_id,
        made_at=now,
    )
    db.session.add(promise)
    is_missed = due_at <= now
    if is_missed:
        promise.status, promise.settled_at, promise.evidence = PromiseStatus.BROKEN, now, "missed before"
    case = find_case_of(outreach.id)
    if case is not None and case.status is CaseStatus.OPEN:
        _wait_for(case, due_at, now, is_missed=is_missed)
    requeue(outreach.shop_id, now)
    return promise


def _wait_for(case: EscalationCase, due_at: datetime, now: datetime, *, is_missed: bool) -> None:
    if is_missed:
        case.reason, case.next_action, case.next_action_at = CaseReason.PROMISE_BROKEN, NextAction.CALL, now
    else:
        case.next_action, case.next_action_at = NextAction.CHECK_PROMISE, due_at


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
