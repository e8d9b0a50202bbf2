"""Promises that wake by themselves: shortly before their time, at it, and when they were not kept."""

from datetime import datetime
from functools import partial
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.discount_requests.operations import tell, text_news
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import EscalationCase, Promise, QueueEntry
from discount_broker.escalation.operations import (
    go_on,
    keep_by_letter,
    may_be_settled,
    open_case,
    requeue,
    settle,
    withdraw_promises_of,
)
from discount_broker.escalation.queries import (
    find_case_of,
    get_promise,
    list_calls_to_check,
    list_waking_promises,
)
from discount_broker.escalation.rules import CLAIM_WAITS, PROMISE_GRACE, WARN_BEFORE, may_be_checked_at
from discount_broker.escalation.status import CaseReason, CaseStatus, NextAction, PromiseSide, PromiseStatus
from discount_broker.kernel.business_time import Calendar
from discount_broker.kernel.clock import paced
from discount_broker.kernel.site import site
from discount_broker.kernel.sweeping import for_each, in_turn
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.catalogue import PromiseCheck
from discount_broker.notifications.operations import notify
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import advance, news_from
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.status import OPEN, OutreachEvent, OutreachStatus

NOBODY_WAITS = (OutreachStatus.DECLINED, OutreachStatus.STOPPED)
BUSY_WITH = (NextAction.READ_REPLY, NextAction.READ_LETTER, NextAction.FILL_FORM, NextAction.FIND_OUT)
"""What is due already and may settle the promise too is done first: that it is due is not said over it."""
ASKABLE = (RequestStatus.ASKED, RequestStatus.OFFERED, RequestStatus.ACCEPTED)


def wake_promises(now: datetime) -> int:
    """Tell the desk of promises that are due soon, due or broken; and ask buyers whether they were called.

    How many were looked at. Each is written down by itself, under the lock of its outreach: of several
    workers one tells it.
    """
    grace, warning = paced(now + PROMISE_GRACE, now) - now, paced(now + WARN_BEFORE, now) - now
    waking = list_waking_promises(now, now + warning, now - grace)
    in_turn(
        lambda: for_each(waking, partial(_wake, broken_since=now - grace, now=now)),
        lambda: _ask_buyers(now),
    )
    return len(waking)


def _ask_buyers(now: datetime) -> int:
    calls = {promise_id: (due_at, calendar) for promise_id, due_at, calendar in list_calls_to_check(now)}
    return for_each(calls, lambda promise_id: _ask_in_time(promise_id, *calls[promise_id], now))


def _ask_in_time(promise_id: UUID, due_at: datetime, calendar: Calendar, now: datetime) -> None:
    if now >= paced(may_be_checked_at(due_at, calendar), due_at):
        _ask_buyer(promise_id, now)


@again_if_deadlocked
def _wake(promise_id: UUID, broken_since: datetime, now: datetime) -> None:
    with transaction():
        outreach = get_outreach(get_promise(promise_id).outreach_id, lock=True)
        promise = get_promise(promise_id, lock=True)
        if promise.status is not PromiseStatus.PENDING:
            return
        if outreach.status in NOBODY_WAITS:
            withdraw_promises_of(outreach, "no longer needed", now)
        elif promise.due_at <= now and keep_by_letter(outreach, now) and promise.settled_at is not None:
            _let_go_on(outreach, now)
        elif promise.due_at <= broken_since:
            settle(promise, kept=False, evidence="time ran out", now=now)
            note_broken(promise, now)
        else:
            _tell_desk(promise, now)


def _let_go_on(outreach: Outreach, now: datetime) -> None:
    case = find_case_of(outreach.id)
    if case is not None:
        go_on(case, now)
    requeue(outreach.shop_id, now)


def _tell_desk(promise: Promise, now: datetime) -> None:
    """It is due, or will be soon; what is due is on the desk whether there was a case or not."""
    is_due = promise.due_at <= now
    if promise.woken_at is not None or (promise.warned_at is not None and not is_due):
        return
    promise.warned_at = promise.warned_at or now
    case = find_case_of(promise.outreach_id)
    if is_due:
        promise.woken_at = now
        reason = case.reason if case else CaseReason.PROMISE_DUE
        put_on_desk(promise.outreach, reason, _next_of(case, now), now)
    elif case is not None and case.status is CaseStatus.OPEN:
        case.next_action, case.next_action_at = _next_of(case, now), now
    _hold_for_whose_it_is(promise, requeue(promise.outreach.shop_id, now), now)


def _next_of(case: EscalationCase | None, now: datetime) -> NextAction:
    is_busy = case is not None and case.next_action_at is not None and case.next_action_at <= now
    return (
        case.next_action if case and is_busy and case.next_action in BUSY_WITH else NextAction.CHECK_PROMISE
    )


def _hold_for_whose_it_is(promise: Promise, entry: QueueEntry, now: datetime) -> None:
    """A promise of ours is its operator's to keep: the shop waits in their hands, for a while."""
    whose = promise.operator
    is_free = entry.open_cases > 0 and entry.held_by(now) is None
    if promise.side is PromiseSide.US and whose and whose.is_active and is_free:
        entry.operator_id, entry.claimed_until = whose.id, max(now, promise.due_at) + CLAIM_WAITS


def note_broken(promise: Promise, now: datetime, operator_id: UUID | None = None) -> None:
    """Say it to whom it was promised to, and put the shop on top where the shop broke its word."""
    outreach, is_ours = promise.outreach, promise.side is PromiseSide.US
    if not is_ours:
        tell(outreach.discount_request, "promise_broken", now, shop=outreach.shop.name)
    case = find_case_of(outreach.id)
    note_change(
        "promise_broken",
        now,
        operator_id,
        case_id=case.id if case else None,
        shop_id=outreach.shop_id,
        kind=promise.kind,
        side=promise.side,
        evidence=promise.evidence,
    )
    put_on_desk(
        outreach, CaseReason.PROMISE_DUE if is_ours else CaseReason.PROMISE_BROKEN, NextAction.CALL, now
    )


def put_on_desk(outreach: Outreach, reason: CaseReason, next_action: NextAction, now: datetime) -> None:
    if outreach.status in OPEN:
        if outreach.status is OutreachStatus.ASKED:
            outreach.exhausted_why = reason
            advance(outreach, OutreachEvent.LADDER_ENDED)
        open_case(outreach, reason, now, next_action)
    elif reason is CaseReason.PROMISE_BROKEN and _awaits_its_offer(outreach):
        open_case(outreach, CaseReason.NOT_REACHED, now, next_action)
    requeue(outreach.shop_id, now)


def _awaits_its_offer(outreach: Outreach) -> bool:
    """Whether the buyer took this shop's offer, and waits to hear from it."""
    is_taken = outreach.discount_request.status is RequestStatus.ACCEPTED
    return is_taken and outreach.status is OutreachStatus.ANSWERED


@again_if_deadlocked
def _ask_buyer(promise_id: UUID, now: datetime) -> None:
    """Ask the buyer once whether the shop has called them, when it has had a while more to do so."""
    with transaction():
        outreach = get_outreach(get_promise(promise_id).outreach_id, lock=True)
        promise = get_promise(promise_id, lock=True)
        request = outreach.discount_request
        if promise.buyer_asked_at is not None or not may_be_settled(promise, kept=True):
            return
        promise.buyer_asked_at = now
        buyer = request.buyer
        if buyer is None or buyer.erased_at is not None or request.status not in ASKABLE:
            return
        message = PromiseCheck(
            **news_from(outreach),
            shop=outreach.shop.name,
            promised_for=promise.due_at,
            check_url=check_url(promise),
        )
        purpose = f"promise:{promise.id}:check"
        notify(message, to=buyer.email, language=request.language, purpose=purpose, now=now)
        text_news(request, message, purpose, now)


def check_url(promise: Promise) -> str:
    """The page on which the buyer says whether they were called, for whoever holds this link."""
    return f"{site().base_url}/promises/{issue_token(Purpose.PROMISE, promise.id, promise.made_at)}"
