"""What operators do, and what wakes by itself on the desk."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, update

from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.models import Call, EscalationCase, Promise
from discount_broker.escalation.operations import make_promise, open_case, settle, settle_case
from discount_broker.escalation.queries import (
    find_case_of,
    get_case,
    get_promise,
    list_due_promises,
    list_uncased_outreaches,
    list_unread_replies,
)
from discount_broker.escalation.rules import (
    CLAIM_LASTS,
    ENDING_OF_RESULT,
    PROMISE_GRACE,
    CallReport,
    check_call,
    next_action_after,
)
from discount_broker.escalation.status import CaseReason, CaseStatus, Ending
from discount_broker.kernel.clock import paced
from discount_broker.kernel.errors import NotAllowed, Refused
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.operations import suppress
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import advance, end
from discount_broker.outreach.status import OPEN, OutreachEvent, OutreachStatus
from discount_broker.shops.operations import mark_stopped


def open_due_cases(now: datetime) -> int:
    """Put every outreach whose ladder has ended on the desk, once; and every letter that waits to be read."""
    with transaction():
        outreaches = list_uncased_outreaches()
        for outreach in outreaches:
            open_case(outreach, CaseReason(outreach.exhausted_why), now)
        for case in list_unread_replies():
            case.reason, case.next_action, case.next_action_at = CaseReason.REPLY_TO_READ, "read_reply", now
        return len(outreaches)


def claim_case(case_id: UUID, operator_id: UUID, now: datetime) -> bool:
    """Take a case in hand; False when a colleague has it. Of two who press at once, one wins."""
    with transaction() as session:
        won = session.scalar(
            update(EscalationCase)
            .where(
                EscalationCase.id == case_id,
                EscalationCase.status == CaseStatus.OPEN,
                or_(
                    EscalationCase.operator_id.is_(None),
                    EscalationCase.operator_id == operator_id,
                    EscalationCase.claimed_until <= now,
                ),
            )
            .values(operator_id=operator_id, claimed_until=now + CLAIM_LASTS)
            .returning(EscalationCase.id)
        )
        return won is not None


def release_case(case_id: UUID, operator_id: UUID, now: datetime) -> None:
    with transaction():
        case = _held_case(case_id, operator_id, now)
        case.operator_id, case.claimed_until = None, None


def snooze_case(case_id: UUID, operator_id: UUID, until: datetime, now: datetime) -> None:
    """Wait with the next action.

    Raises:
        NotAllowed: a colleague has the case.
        Refused: `next_action_in_past`.

    """
    if until <= now:
        raise Refused("next_action_in_past", "until")
    with transaction():
        case = _held_case(case_id, operator_id, now)
        case.next_action_at = until
        case.operator_id, case.claimed_until = None, None


def log_call(case_id: UUID, operator_id: UUID, report: CallReport, now: datetime) -> None:
    """Write down a call; it leaves a next action, or ends the case.

    Raises:
        NotAllowed: a colleague has the case, or it is closed.
        Refused: codes of `check_call`.

    """
    check_call(report, now)
    with transaction() as session:
        case = _held_case(case_id, operator_id, now)
        session.add(
            Call(
                case=case,
                operator_id=operator_id,
                started_at=report.started_at,
                minutes=report.minutes,
                result=report.result,
                person=report.person.strip()[:200],
                note=report.note.strip()[:2000],
            )
        )
        tell(
            case.outreach.discount_request,
            "called_shop",
            now,
            shop=case.outreach.shop.name,
            result=report.result,
        )
        _draw_consequences(case, report, now)


def _draw_consequences(case: EscalationCase, report: CallReport, now: datetime) -> None:
    outreach = case.outreach
    if report.result in ENDING_OF_RESULT:
        _end(outreach, ENDING_OF_RESULT[report.result], f"call: {report.note.strip()[:500]}", now)
        return
    case.next_action, case.next_action_at = next_action_after(report, now)
    if report.promise_kind is not None and report.promise_due_at is not None:
        make_promise(outreach, report.promise_kind, report.promise_due_at, now, report.person.strip()[:200])
        tell(
            outreach.discount_request,
            "promise_made",
            now,
            shop=outreach.shop.name,
            kind=report.promise_kind,
            due_at=report.promise_due_at.isoformat(),
        )


def close_case(case_id: UUID, operator_id: UUID, ending: Ending, now: datetime) -> None:
    """End the case by hand."""
    with transaction():
        case = _held_case(case_id, operator_id, now)
        _end(case.outreach, ending, "operator", now)


def _end(outreach: Outreach, ending: Ending, cause: str, now: datetime) -> None:
    request, shop = outreach.discount_request, outreach.shop
    settle_case(outreach, ending, now)
    if ending is Ending.STOPPED:
        suppress(f"shop:{shop.domain}", reason="call", cause=cause, now=now)
        mark_stopped(shop)
        tell(request, "shop_forbids", now, shop=shop.name)
    elif ending is Ending.DECLINED:
        tell(request, "shop_declined", now, shop=shop.name)
    elif ending is Ending.UNREACHABLE:
        tell(request, "shop_unreachable", now, shop=shop.name)
    if outreach.status in OPEN:
        declined = ending is Ending.DECLINED
        end(outreach, OutreachEvent.DECLINED if declined else OutreachEvent.STOPPED, now)


def _held_case(case_id: UUID, operator_id: UUID, now: datetime) -> EscalationCase:
    """The case, if this operator has it in hand or nobody has.

    Raises:
        NotAllowed

    """
    case = get_case(case_id, lock=True)
    is_free = case.operator_id is None or case.claimed_until is None or case.claimed_until <= now
    if case.status is CaseStatus.CLOSED or not (is_free or case.operator_id == operator_id):
        raise NotAllowed("case")
    return case


def wake_promises(now: datetime) -> None:
    """Tell the desk of promises that are due, and count as broken those that nobody kept."""
    for promise_id in list_due_promises(now):
        with transaction():
            _wake(get_promise(promise_id), now)


def _wake(promise: Promise, now: datetime) -> None:
    outreach = promise.outreach
    if promise.settled_at is not None:
        return
    grace_ends_at = paced(promise.due_at + PROMISE_GRACE, promise.due_at)
    if now >= grace_ends_at:
        settle(promise, kept=False, evidence="time ran out", now=now)
        tell(outreach.discount_request, "promise_broken", now, shop=outreach.shop.name)
        _put_on_desk(outreach, CaseReason.PROMISE_BROKEN, "call", now)
    elif promise.woken_at is None:
        promise.woken_at = now
        case = find_case_of(outreach.id)
        reason = case.reason if case else CaseReason.PROMISE_DUE
        _put_on_desk(outreach, reason, "check_promise", now)


def _put_on_desk(outreach: Outreach, reason: CaseReason, next_action: str, now: datetime) -> None:
    if outreach.status in OPEN:
        if outreach.status is OutreachStatus.ASKED:
            outreach.exhausted_why = reason
            advance(outreach, OutreachEvent.LADDER_ENDED)
        open_case(outreach, reason, now, next_action)


def settle_promise(promise_id: UUID, evidence: str, now: datetime, *, kept: bool) -> None:
    """An operator found out whether a promise was kept.

    Raises:
        IllegalTransition: that was settled before.

    """
    with transaction():
        promise = get_promise(promise_id)
        settle(promise, kept=kept, evidence=evidence.strip()[:500] or "operator", now=now)
        if not kept:
            tell(promise.outreach.discount_request, "promise_broken", now, shop=promise.outreach.shop.name)
            _put_on_desk(promise.outreach, CaseReason.PROMISE_BROKEN, "call", now)
