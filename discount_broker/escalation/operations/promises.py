"""What other slices do to promises."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.operations.queue import requeue
from discount_broker.escalation.queries import find_case_of, list_pending_promises, list_promises
from discount_broker.escalation.rules import recipient_of, settling_event, side_of
from discount_broker.escalation.rules.queue import PROMISED
from discount_broker.escalation.status import (
    CaseReason,
    CaseStatus,
    NextAction,
    PromiseEvent,
    PromiseKind,
    PromiseSide,
    PromiseStatus,
    PromiseTo,
    next_status,
)
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import ReplyKind

UNKEPT = (PromiseStatus.PENDING, PromiseStatus.BROKEN)


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

    Whose it is, and whom it was made to, follow from the kind where nobody says otherwise. `operator_id` is
    who wrote it down; a promise of ours is theirs to keep. What was due in the past has been missed: it is
    broken from the beginning.
    """
    side = side or side_of(kind)
    promise = Promise(
        outreach=outreach, kind=kind, side=side, promised_to=recipient_of(kind, side), due_at=due_at,
        made_at=now, promised_by=promised_by, person_id=person_id, operator_id=operator_id,
    )  # fmt: skip
    db.session.add(promise)
    _begin_to_wait(promise, now)
    requeue(outreach.shop_id, now)
    return promise


def _begin_to_wait(promise: Promise, now: datetime) -> None:
    """The case waits for it; what was missed already is broken, and the case is due."""
    is_missed = promise.due_at <= now
    if is_missed:
        promise.status, promise.settled_at, promise.evidence = PromiseStatus.BROKEN, now, "missed before"
    case = find_case_of(promise.outreach.id)
    if case is not None and case.status is CaseStatus.OPEN:
        if is_missed:
            is_ours = promise.side is PromiseSide.US
            case.reason = CaseReason.PROMISE_DUE if is_ours else CaseReason.PROMISE_BROKEN
        case.next_action = NextAction.CALL if is_missed else NextAction.CHECK_PROMISE
        case.next_action_at = now if is_missed else promise.due_at


def tell_made(promise: Promise, now: datetime) -> None:
    """The buyer reads of what the shop undertook; what had been missed already is told as that."""
    request, shop = promise.outreach.discount_request, promise.outreach.shop.name
    if promise.side is PromiseSide.US:
        return
    tell(request, "promise_made", now, shop=shop, kind=promise.kind, due_at=promise.due_at.isoformat())
    if promise.status is PromiseStatus.BROKEN:
        tell(request, "promise_broken", now, shop=shop)


def settle_promises_of(outreach: Outreach, *, kept: bool, evidence: str, now: datetime) -> None:
    """What happened shows whether the shop kept its word; what one of us promised is another matter."""
    for promise in list_promises(outreach.id):
        if promise.side is PromiseSide.SHOP and may_be_settled(promise, kept=kept):
            settle(promise, kept=kept, evidence=evidence, now=now)
    requeue(outreach.shop_id, now)


def keep_by_call(outreach: Outreach, at: datetime, now: datetime) -> None:
    """The shop has called, as it said it would."""
    for promise in list_promises(outreach.id):
        is_theirs = promise.kind is PromiseKind.CALL_US and promise.side is PromiseSide.SHOP
        if is_theirs and at >= promise.made_at and may_be_settled(promise, kept=True):
            settle(promise, kept=True, evidence="call", now=now, at=at)


def keep_by_letter(outreach: Outreach, now: datetime) -> bool:
    """Whether a letter of a person at the shop has kept its promise to write, as late as it came."""
    kept = False
    for promise in list_promises(outreach.id):
        came_at = min(_letters_since(outreach, promise), default=None)
        if promise.kind is PromiseKind.ANSWER_BY_MAIL and came_at and may_be_settled(promise, kept=True):
            settle(promise, kept=True, evidence="letter", now=now, at=came_at)
            kept = True
    return kept


def _letters_since(outreach: Outreach, promise: Promise) -> Iterator[datetime]:
    is_ours = promise.side is PromiseSide.US
    return (
        reply.received_at
        for reply in outreach.replies
        if reply.kind is ReplyKind.HUMAN and reply.received_at >= promise.made_at and not is_ours
    )


def may_be_settled(promise: Promise, *, kept: bool) -> bool:
    """What waits can be kept or broken; what was given up on can still be kept."""
    return promise.status is PromiseStatus.PENDING or (kept and promise.status is PromiseStatus.BROKEN)


def withdraw_promises_of(outreach: Outreach, why: str, now: datetime) -> None:
    """Nobody waits for what was promised any more: it is neither kept nor broken."""
    for promise in list_promises(outreach.id):
        if promise.status is PromiseStatus.PENDING:
            withdraw(promise, why, now)
    requeue(outreach.shop_id, now)


def withdraw_word_to_shop(outreach: Outreach, why: str, now: datetime) -> None:
    """What one of us told the shop they would do lapses with its case; what the buyer was told does not."""
    for promise in list_promises(outreach.id):
        is_ours = promise.side is PromiseSide.US and promise.promised_to is PromiseTo.SHOP
        if is_ours and promise.status is PromiseStatus.PENDING:
            withdraw(promise, why, now)


def withdraw(promise: Promise, why: str, now: datetime) -> None:
    promise.status = next_status(promise.status, PromiseEvent.WITHDRAWN)
    promise.settled_at, promise.evidence = now, why
    _name_another_reason(promise.outreach)


def settle(promise: Promise, *, kept: bool, evidence: str, now: datetime, at: datetime | None = None) -> None:
    """Say how a promise ended; `at` is when it was kept, where that was before somebody found out."""
    done_at = at or now
    event = settling_event(kept=kept, due_at=promise.due_at, now=done_at)
    promise.status = next_status(promise.status, event)
    promise.settled_at, promise.evidence = done_at, evidence
    _name_another_reason(promise.outreach)


def _name_another_reason(outreach: Outreach) -> None:
    """A case is no longer there for a promise when the last one neither waits nor was broken."""
    case = find_case_of(outreach.id)
    if case is None or case.reason not in PROMISED:
        return
    given = [each for each in list_promises(outreach.id) if each.status is not PromiseStatus.WITHDRAWN]
    if not given or given[-1].status not in UNKEPT:
        why = outreach.exhausted_why
        case.reason = CaseReason(why) if why and why not in PROMISED else CaseReason.SILENCE


def go_on(case: EscalationCase, now: datetime) -> None:
    """A promise is off the table: an open case that waited for it waits for the next one, or is due now."""
    if case.status is not CaseStatus.OPEN or case.next_action is not NextAction.CHECK_PROMISE:
        return
    waiting = list_pending_promises(case.outreach_id)
    if waiting:
        case.next_action_at = waiting[0].due_at
    else:
        case.next_action, case.next_action_at = NextAction.CALL, now
