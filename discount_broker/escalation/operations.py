"""What other slices do to cases and promises."""

from datetime import datetime

from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.queries import news_of
from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.queries import find_case_of, list_promises
from discount_broker.escalation.rules import settling_event
from discount_broker.escalation.status import (
    FIRST_ACTION,
    CaseReason,
    CaseStatus,
    Ending,
    NextAction,
    PromiseEvent,
    PromiseKind,
    PromiseStatus,
    next_status,
)
from discount_broker.kernel.db import db
from discount_broker.notifications.catalogue import ShopDeclined
from discount_broker.notifications.operations import notify
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import end
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.status import OPEN, OutreachEvent


def open_case(
    outreach: Outreach, reason: CaseReason, now: datetime, next_action: NextAction | None = None
) -> EscalationCase:
    """Put the outreach on the desk, due now; a case that was closed is opened again."""
    case = find_case_of(outreach.id)
    if case is None:
        case = EscalationCase(outreach_id=outreach.id, opened_at=now)
        db.session.add(case)
    case.status, case.reason = CaseStatus.OPEN, reason
    case.next_action = next_action or FIRST_ACTION.get(reason, NextAction.CALL)
    case.next_action_at = now
    case.closed_at, case.ending = None, None
    db.session.flush()
    return case


def settle_case(outreach: Outreach, ending: Ending, now: datetime) -> None:
    """Close the outreach's case, if it has an open one."""
    case = find_case_of(outreach.id)
    if case is None or case.status is CaseStatus.CLOSED:
        return
    case.status, case.ending, case.closed_at = CaseStatus.CLOSED, ending, now
    case.next_action_at = None
    case.operator_id, case.claimed_until = None, None


def make_promise(
    outreach: Outreach, kind: PromiseKind, due_at: datetime, now: datetime, promised_by: str = ""
) -> Promise:
    """Write down what the shop undertook; an open case waits for it."""
    promise = Promise(outreach_id=outreach.id, kind=kind, due_at=due_at, promised_by=promised_by, made_at=now)
    db.session.add(promise)
    case = find_case_of(outreach.id)
    if case is not None and case.status is CaseStatus.OPEN:
        case.next_action, case.next_action_at = NextAction.CHECK_PROMISE, due_at
    db.session.flush()
    return promise


def settle_promises_of(outreach: Outreach, *, kept: bool, evidence: str, now: datetime) -> None:
    """What happened shows whether the shop's pending promises were kept."""
    for promise in list_promises(outreach.id):
        if promise.status is PromiseStatus.PENDING or (kept and promise.status is PromiseStatus.BROKEN):
            settle(promise, kept=kept, evidence=evidence, now=now)


def withdraw_promises_of(outreach: Outreach, why: str, now: datetime) -> None:
    """Nobody waits for what the shop promised any more: it is neither kept nor broken."""
    for promise in list_promises(outreach.id):
        if promise.status is PromiseStatus.PENDING:
            promise.status = next_status(promise.status, PromiseEvent.WITHDRAWN)
            promise.settled_at, promise.evidence = now, why


def settle(promise: Promise, *, kept: bool, evidence: str, now: datetime) -> None:
    promise.status = next_status(promise.status, settling_event(kept=kept, due_at=promise.due_at, now=now))
    promise.settled_at, promise.evidence = now, evidence


def take_refusal(outreach: Outreach, now: datetime) -> None:
    """The shop said no to this request: its case ends, and the buyer is told who has not answered yet."""
    request = outreach.discount_request
    if outreach.status in OPEN:
        end(outreach, OutreachEvent.DECLINED, now)
    settle_case(outreach, Ending.DECLINED, now)
    withdraw_promises_of(outreach, "declined", now)
    tell(request, "shop_declined", now, shop=outreach.shop.name)
    waiting = sum(other.status in OPEN for other in list_outreaches(request.id))
    assert request.buyer is not None, "shops are asked for confirmed requests alone"
    notify(
        ShopDeclined(**news_of(request), shop=outreach.shop.name, shops_waiting=waiting),
        to=request.buyer.email,
        language=request.language,
        purpose=f"outreach-declined:{outreach.id}",
        now=now,
    )
