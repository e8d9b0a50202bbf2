"""What comes to the desk by itself: ladders that ended, letters to read, promises that fall due."""

from datetime import datetime
from uuid import UUID

from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.operations import (
    open_case,
    requeue,
    settle,
    settle_case,
    withdraw_promises_of,
)
from discount_broker.escalation.queries import (
    find_case_of,
    get_case,
    get_promise,
    list_due_promises,
    list_late_letters,
    list_overtaken_cases,
    list_stranded_letters,
    list_uncased_outreaches,
    list_unread_letters,
    list_unread_replies,
)
from discount_broker.escalation.rules import PROMISE_GRACE
from discount_broker.escalation.status import CaseReason, Ending, NextAction
from discount_broker.kernel.clock import paced
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.transaction import transaction
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import advance
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.status import OPEN, OutreachEvent, OutreachStatus

NOBODY_WAITS = (OutreachStatus.DECLINED, OutreachStatus.STOPPED)
ENDING_OF_OUTREACH = {
    OutreachStatus.ANSWERED: Ending.OFFERED,
    OutreachStatus.DECLINED: Ending.DECLINED,
    OutreachStatus.STOPPED: Ending.NO_LONGER_NEEDED,
}


def open_due_cases(now: datetime) -> int:
    """Put every outreach whose ladder has ended on the desk, once; and every letter that waits to be read."""
    with transaction():
        outreaches = list_uncased_outreaches()
        for outreach in outreaches:
            open_case(outreach, CaseReason(outreach.exhausted_why), now)
        for case in list_unread_replies():
            case.reason, case.next_action = CaseReason.REPLY_TO_READ, NextAction.READ_REPLY
            case.next_action_at = now
            case.outreach.exhausted_why = CaseReason.SILENCE  # told; the next letter is told again
            requeue(case.outreach.shop_id, now)
        for case in list_unread_letters():
            _show_letter(case, now)
        for outreach in list_late_letters():
            open_case(outreach, CaseReason.LATE_LETTER, now)
        for outreach in list_stranded_letters():
            open_case(outreach, CaseReason.STRANDED_LETTER, now)
        for case in list_overtaken_cases():
            # Nobody calls a shop that has forbidden it, nor for a buyer who has left.
            settle_case(case.outreach, ENDING_OF_OUTREACH[case.outreach.status], now)
        return len(outreaches)


MAY_WAIT = (CaseReason.SILENCE, CaseReason.ANSWER_AWAITED)
"""Reasons that a letter of the buyer may take the place of: what else a case is for is not forgotten."""


def _show_letter(case: EscalationCase, now: datetime) -> None:
    """Bring an open case up again whose buyer wrote something for people."""
    if case.reason in MAY_WAIT:
        case.reason, case.next_action = CaseReason.STRANDED_LETTER, NextAction.READ_LETTER
    case.next_action_at = now
    case.outreach.exhausted_why = CaseReason.SILENCE  # told; the next letter is told again
    requeue(case.outreach.shop_id, now)


def wake_promises(now: datetime) -> None:
    """Tell the desk of promises that are due, and count as broken those that nobody kept."""
    for promise_id in list_due_promises(now):
        with transaction():
            _wake(get_promise(promise_id), now)


def _wake(promise: Promise, now: datetime) -> None:
    if promise.settled_at is not None:
        return
    outreach = get_outreach(promise.outreach_id, lock=True)
    if outreach.status in NOBODY_WAITS:
        withdraw_promises_of(outreach, "no longer needed", now)
        return
    grace_ends_at = paced(promise.due_at + PROMISE_GRACE, promise.due_at)
    if now >= grace_ends_at:
        settle(promise, kept=False, evidence="time ran out", now=now)
        requeue(outreach.shop_id, now)
        tell(outreach.discount_request, "promise_broken", now, shop=outreach.shop.name)
        _put_on_desk(outreach, CaseReason.PROMISE_BROKEN, NextAction.CALL, now)
    elif promise.woken_at is None:
        promise.woken_at = now
        case = find_case_of(outreach.id)
        reason = case.reason if case else CaseReason.PROMISE_DUE
        _put_on_desk(outreach, reason, NextAction.CHECK_PROMISE, now)


def _put_on_desk(outreach: Outreach, reason: CaseReason, next_action: NextAction, now: datetime) -> None:
    if outreach.status in OPEN:
        if outreach.status is OutreachStatus.ASKED:
            outreach.exhausted_why = reason
            advance(outreach, OutreachEvent.LADDER_ENDED)
        open_case(outreach, reason, now, next_action)


def settle_promise(case_id: UUID, promise_id: UUID, evidence: str, now: datetime, *, kept: bool) -> None:
    """An operator found out whether a promise was kept.

    Raises:
        NotFound: nobody promised this in this case.
        IllegalTransition: that was settled before.

    """
    with transaction():
        promise = get_promise(promise_id)
        if promise.outreach_id != get_case(case_id).outreach_id:
            raise NotFound("promise")
        settle(promise, kept=kept, evidence=evidence.strip()[:500] or "operator", now=now)
        if kept:
            requeue(promise.outreach.shop_id, now)
            tell(promise.outreach.discount_request, "promise_kept", now, shop=promise.outreach.shop.name)
        else:
            tell(promise.outreach.discount_request, "promise_broken", now, shop=promise.outreach.shop.name)
            _put_on_desk(promise.outreach, CaseReason.PROMISE_BROKEN, NextAction.CALL, now)
