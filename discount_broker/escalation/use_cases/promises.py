"""What people say of promises: that one was given, that it was kept or broken, moved or taken back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.operations import (
    go_on,
    make_promise,
    may_be_settled,
    requeue,
    settle,
    tell_made,
    withdraw,
)
from discount_broker.escalation.queries import BY_BUYER, find_case_of, find_entry, get_case, get_promise
from discount_broker.escalation.queries.queue import is_held_by_another
from discount_broker.escalation.status import PromiseKind, PromiseSide, PromiseStatus
from discount_broker.escalation.use_cases.cases import held_case
from discount_broker.escalation.use_cases.waking_promises import note_broken
from discount_broker.kernel.errors import NotAllowed, NotFound
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.outreach.queries import get_outreach

LONGEST_WORDS = 500


@dataclass(frozen=True, kw_only=True)
class PromiseGiven:
    """What somebody undertook, as an operator writes it down."""

    kind: PromiseKind
    due_at: datetime
    side: PromiseSide | None = None
    """As the kind says, where nobody says otherwise."""
    promised_by: str = ""
    person_id: UUID | None = None


@again_if_deadlocked
def add_promise(case_id: UUID, operator_id: UUID, given: PromiseGiven, now: datetime) -> None:
    """Write down a promise that was made without a call: in a letter, on the page, or by one of us.

    Raises:
        NotAllowed: a colleague has the case, or it is closed.

    """
    with transaction():
        case = held_case(case_id, operator_id, now)
        promise = make_promise(
            case.outreach,
            given.kind,
            given.due_at,
            now,
            given.promised_by.strip()[:200],
            side=given.side,
            person_id=given.person_id,
            operator_id=operator_id,
        )
        tell_made(promise, now)
        _note("promise_made", promise, case, operator_id, now)


@again_if_deadlocked
def settle_promise(
    case_id: UUID, promise_id: UUID, operator_id: UUID, evidence: str, now: datetime, *, kept: bool
) -> None:
    """An operator found out whether a promise was kept.

    Raises:
        NotAllowed: a colleague has the case.
        NotFound: nobody promised this in this case.
        IllegalTransition: that was settled before.

    """
    with transaction():
        case, promise = _of_case(case_id, promise_id, operator_id, now)
        settle(promise, kept=kept, evidence=evidence.strip()[:LONGEST_WORDS] or "operator", now=now)
        if not kept:
            note_broken(promise, now, operator_id)
            return
        _note_kept(promise, case, operator_id, now)
        go_on(case, now)
        requeue(case.outreach.shop_id, now)


@again_if_deadlocked
def move_promise(case_id: UUID, promise_id: UUID, operator_id: UUID, due_at: datetime, now: datetime) -> None:
    """Another time was agreed: what was broken stays broken, what was waited for is let go.

    Raises:
        NotAllowed: a colleague has the case, or it is closed.
        NotFound: nobody promised this in this case.
        IllegalTransition: it was kept or taken back before.

    """
    with transaction():
        held_case(case_id, operator_id, now)
        case, promise = _of_case(case_id, promise_id, operator_id, now)
        if promise.status is not PromiseStatus.BROKEN:
            withdraw(promise, "another time was agreed", now)
        moved = make_promise(
            case.outreach,
            promise.kind,
            due_at,
            now,
            promise.promised_by,
            side=promise.side,
            person_id=promise.person_id,
            operator_id=operator_id,
        )
        tell_made(moved, now)
        _note("promise_moved", moved, case, operator_id, now)


@again_if_deadlocked
def withdraw_promise(case_id: UUID, promise_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Nobody waits for it any more.

    Raises:
        NotAllowed: a colleague has the case.
        NotFound: nobody promised this in this case.
        IllegalTransition: it was kept, broken or taken back before.

    """
    with transaction():
        case, promise = _of_case(case_id, promise_id, operator_id, now)
        withdraw(promise, "operator", now)
        _note("promise_withdrawn", promise, case, operator_id, now)
        go_on(case, now)
        requeue(case.outreach.shop_id, now)


@again_if_deadlocked
def report_call(promise_id: UUID, now: datetime, *, came: bool, called_at: datetime | None = None) -> bool:
    """The buyer says whether the promised call came; False where that was known before.

    Args:
        promise_id: of a call to the buyer.
        now: aware.
        came: their word.
        called_at: when; without it, as it was promised.

    """
    with transaction():
        outreach = get_outreach(get_promise(promise_id).outreach_id, lock=True)
        promise = get_promise(promise_id, lock=True)
        if promise.evidence == BY_BUYER or not may_be_settled(promise, kept=True):
            return False
        case = find_case_of(outreach.id)
        if came:
            at = min(called_at, now) if called_at else promise.due_at
            settle(promise, kept=True, evidence=BY_BUYER, now=now, at=max(at, promise.made_at))
            _note_kept(promise, case, None, now)
            if case is not None:
                go_on(case, now)
            requeue(outreach.shop_id, now)
            return True
        if promise.status is PromiseStatus.PENDING:
            settle(promise, kept=False, evidence=BY_BUYER, now=now)
        promise.evidence = BY_BUYER
        note_broken(promise, now)
        return True


def _of_case(
    case_id: UUID, promise_id: UUID, operator_id: UUID, now: datetime
) -> tuple[EscalationCase, Promise]:
    """The promise of this case, if no colleague has its shop in hand."""
    case = get_case(case_id, lock=True)
    promise = get_promise(promise_id, lock=True)
    if promise.outreach_id != case.outreach_id:
        raise NotFound("promise")
    if is_held_by_another(find_entry(case.outreach.shop_id), operator_id, now):
        raise NotAllowed("case")
    return case, promise


def _note_kept(
    promise: Promise, case: EscalationCase | None, operator_id: UUID | None, now: datetime
) -> None:
    if promise.side is PromiseSide.SHOP:
        tell(promise.outreach.discount_request, "promise_kept", now, shop=promise.outreach.shop.name)
    _note("promise_kept", promise, case, operator_id, now)


def _note(
    what: str, promise: Promise, case: EscalationCase | None, operator_id: UUID | None, now: datetime
) -> None:
    note_change(
        what,
        now,
        operator_id,
        case_id=case.id if case else None,
        shop_id=promise.outreach.shop_id,
        kind=promise.kind,
        side=promise.side,
        due_at=promise.due_at.isoformat(),
        late_minutes=int(promise.late_by.total_seconds() // 60),
    )
