"""What operators write down of a call, and what follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.models import Call, EscalationCase
from discount_broker.escalation.operations import keep_by_call, make_promise, requeue, tell_made, wind
from discount_broker.escalation.operations.calls_told import tell_of_call
from discount_broker.escalation.queries import find_entry, get_case
from discount_broker.escalation.queries.calls import (
    find_call_under_way,
    get_call_under_way,
    get_phone_call,
    list_missed_from,
)
from discount_broker.escalation.queries.queue import is_held_by_another
from discount_broker.escalation.rules import (
    ENDING_OF_RESULT,
    CallReport,
    check_call,
    next_action_after,
)
from discount_broker.escalation.status import CallDirection, CaseStatus
from discount_broker.escalation.use_cases.cases import (
    end_case,
    held_case,
    take_in_hand,
)
from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.errors import NotAllowed, NotFound, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.shops.models import Shop, ShopPerson
from discount_broker.shops.operations import PersonTold, direct_number, meet
from discount_broker.shops.queries import list_people


@again_if_deadlocked
def start_call(case_id: UUID, operator_id: UUID, now: datetime, number: str = "") -> Call:
    """Start the clock of a call to the shop of a case; the shop is in this operator's hands then.

    Pressed twice, or in another tab, it is the same call.

    Raises:
        NotAllowed: a colleague has the shop, or the case is closed.
        Refused: `call_under_way`, with another shop.

    """
    with transaction():
        case = held_case(case_id, operator_id, now)
        shop_id = case.outreach.shop_id
        call = find_call_under_way(operator_id)
        if call is not None and call.shop_id != shop_id:
            raise Refused("call_under_way")
        if call is None:
            new = Call(shop_id=shop_id, operator_id=operator_id, started_at=now, number=number[:30])
            call = add_or_find(new, lambda: find_call_under_way(operator_id))
            note_change("call_started", now, operator_id, case_id=case_id, shop_id=shop_id)
        take_in_hand(shop_id, operator_id, now)
        return call


def drop_call(call_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Nothing came of it, not even a dialling tone: the clock is stopped and nothing kept.

    Raises:
        NotFound: this operator has no such call under way.

    """
    with transaction() as session:
        call = get_call_under_way(call_id, operator_id)
        note_change("call_dropped", now, operator_id, shop_id=call.shop_id)
        session.delete(call)


@again_if_deadlocked
def log_call(case_id: UUID, operator_id: UUID, report: CallReport, now: datetime) -> tuple[UUID, ...]:
    """Write down a call; it leaves a next action with every case it was about, or ends it.

    Returns those of its cases that had been closed before: it is written down with them, and changes nothing.

    Raises:
        NotAllowed: a colleague has the shop.
        NotFound: a case of another shop was ticked, or the call is not under way.
        Refused: codes of `check_call`, `direct_number_unclear`.

    """
    check_call(report, now)
    with transaction():
        cases = _cases_of(case_id, report.also_for)
        shop = cases[0].outreach.shop
        if is_held_by_another(find_entry(shop.id), operator_id, now):
            raise NotAllowed("case")
        met = _whoever_was_met(shop, report, now)
        report = replace(report, person=_named(met, report))
        _settle_what_the_exchange_told(_call_of(cases, operator_id, report, met), report, now)
        late = tuple(case.id for case in cases if case.status is CaseStatus.CLOSED)
        for case in cases:
            _note(case, report, operator_id, now)
            if report.direction is CallDirection.IN:
                keep_by_call(case.outreach, report.started_at, now)
            if case.status is CaseStatus.OPEN:
                _draw_consequences(case, report, met, operator_id, now)
            wind(case, now)
        requeue(shop.id, now)
        return late


def _whoever_was_met(shop: Shop, report: CallReport, now: datetime) -> ShopPerson | None:
    if not _spoke_to_somebody(report, shop.id):
        return None
    told = PersonTold(name=report.person, role=report.role, phone=report.direct_number)
    return meet(shop, told, now, report.person_id)


def _cases_of(case_id: UUID, also_for: Sequence[UUID]) -> list[EscalationCase]:
    """The cases a call was about, the one it was made for first; locked in one order, whoever asks."""
    ids = {case_id, *also_for}
    found = {each: get_case(each, lock=True) for each in sorted(ids)}
    first = found.pop(case_id)
    others = sorted(found.values(), key=lambda case: case.opened_at)
    if any(case.outreach.shop_id != first.outreach.shop_id for case in others):
        raise NotFound("case")
    return [first, *others]


def _spoke_to_somebody(report: CallReport, shop_id: UUID) -> bool:
    """Whether a person at the shop is to be kept: somebody known, or named with what helps to find them.

    A word like "the boy at the till" stands on the call, and makes no entry in the list of people.
    """
    if report.person_id is not None:
        return True
    name = report.person.strip().casefold()
    is_known = any(person.name.casefold() == name for person in list_people(shop_id))
    is_findable = bool(report.role.strip() or report.direct_number.strip())
    return bool(name) and (is_known or is_findable)


def _named(met: ShopPerson | None, report: CallReport) -> str:
    """Name and role, as they stand on the call and on its promises."""
    if met is None:
        return report.person.strip()[:200]
    return ", ".join(filter(None, (met.name, met.role)))[:200]


def _call_of(
    cases: list[EscalationCase], operator_id: UUID, report: CallReport, met: ShopPerson | None
) -> Call:
    """The call under way that this report finishes, or a new one, filled in."""
    shop = cases[0].outreach.shop
    if report.call_id is not None:
        call = get_call_under_way(report.call_id, operator_id)
        call.shop_id = shop.id  # which may have been merged while they spoke
    else:
        call = Call(shop_id=shop.id, operator_id=operator_id)
    call.started_at, call.minutes, call.result = report.started_at, report.minutes, report.result
    call.direction, call.number = report.direction, _number(report, shop.country) or call.number or ""
    call.person, call.note = report.person, report.note.strip()[:2000]
    call.person_id = met.id if met else None
    db.session.add(call)
    call.cases = cases
    return call


def _number(report: CallReport, country: str | None) -> str:
    try:
        return direct_number(report.number, country)
    except Refused:
        return report.number.strip()[:30]


def _settle_what_the_exchange_told(call: Call, report: CallReport, now: datetime) -> None:
    """What the exchange told of this call is written down with it; whom we missed has been called back."""
    if report.phone_call_id is not None:
        told = get_phone_call(report.phone_call_id)
        if told.shop_id == call.shop_id and told.call_id is None:
            told.call, told.settled_at = call, now
            call.ended_at = told.ended_at
    if report.direction is CallDirection.OUT:
        for missed in list_missed_from(call.number, call.shop_id):
            missed.settled_at = now


def _note(case: EscalationCase, report: CallReport, operator_id: UUID, now: datetime) -> None:
    outreach = case.outreach
    tell(outreach.discount_request, "called_shop", now, shop=outreach.shop.name, result=report.result)
    note_change(
        "call_logged",
        now,
        operator_id,
        case_id=case.id,
        shop_id=outreach.shop_id,
        result=report.result,
        minutes=report.minutes,
    )


def _draw_consequences(
    case: EscalationCase, report: CallReport, met: ShopPerson | None, operator_id: UUID, now: datetime
) -> None:
    outreach = case.outreach
    if report.result in ENDING_OF_RESULT:
        cause = f"call: {report.note.strip()[:500]}"
        end_case(outreach, ENDING_OF_RESULT[report.result], cause, now, operator_id)
        return
    case.next_action, case.next_action_at = next_action_after(report, now)
    if report.promise_kind is not None and report.promise_due_at is not None:
        promise = make_promise(
            outreach,
            report.promise_kind,
            report.promise_due_at,
            now,
            report.person,
            person_id=met.id if met else None,
            operator_id=operator_id,
        )
        tell_made(promise, now)
    tell_of_call(case, report, now)
