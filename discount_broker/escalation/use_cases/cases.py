"""What operators do with a case: take it, call for it, put it off, end it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.models import Call, EscalationCase
from discount_broker.escalation.operations import make_promise, settle_case, take_refusal
from discount_broker.escalation.queries import View, get_case, list_queue
from discount_broker.escalation.rules import (
    CLAIM_LASTS,
    ENDING_OF_RESULT,
    CallReport,
    check_call,
    next_action_after,
)
from discount_broker.escalation.status import CaseStatus, Ending
from discount_broker.kernel.errors import NotAllowed, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import end, forbid
from discount_broker.outreach.queries import list_open_of_shop
from discount_broker.outreach.status import OPEN, OutreachEvent
from discount_broker.shops.models import Shop


def claim_case(case_id: UUID, operator_id: UUID, now: datetime) -> bool:
    """Take a case in hand; False when a colleague has it. Of two who press at once, one wins."""
    with transaction() as session:
        return _claim(session, case_id, operator_id, now)


def claim_next(operator_id: UUID, now: datetime) -> UUID | None:
    """Take the most urgent case that nobody has; None when there is none."""
    with transaction() as session:
        free = list_queue(View.UNASSIGNED, operator_id, now, limit=20)
        return next((case.id for case in free if _claim(session, case.id, operator_id, now)), None)


def _claim(session: Session, case_id: UUID, operator_id: UUID, now: datetime) -> bool:
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
        case = held_case(case_id, operator_id, now)
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
        case = held_case(case_id, operator_id, now)
        case.next_action_at = until
        case.operator_id, case.claimed_until = None, None


@again_if_deadlocked
def log_call(case_id: UUID, operator_id: UUID, report: CallReport, now: datetime) -> None:
    """Write down a call; it leaves a next action, or ends the case.

    Raises:
        NotAllowed: a colleague has the case, or it is closed.
        Refused: codes of `check_call`.

    """
    check_call(report, now)
    with transaction() as session:
        case = held_case(case_id, operator_id, now)
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
        end_case(outreach, ENDING_OF_RESULT[report.result], f"call: {report.note.strip()[:500]}", now)
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


@again_if_deadlocked
def close_case(case_id: UUID, operator_id: UUID, ending: Ending, now: datetime) -> None:
    """End the case by hand."""
    with transaction():
        case = held_case(case_id, operator_id, now)
        end_case(case.outreach, ending, "operator", now)


def end_case(outreach: Outreach, ending: Ending, cause: str, now: datetime) -> None:
    request, shop = outreach.discount_request, outreach.shop
    settle_case(outreach, ending, now)
    if ending is Ending.STOPPED:
        _stop_shop(shop, cause, now)
    elif ending is Ending.DECLINED and outreach.status in OPEN:
        take_refusal(outreach, now)
    elif ending is Ending.UNREACHABLE:
        tell(request, "shop_unreachable", now, shop=shop.name)
    if outreach.status in OPEN:
        end(outreach, OutreachEvent.STOPPED, now)


def _stop_shop(shop: Shop, cause: str, now: datetime) -> None:
    """The shop forbids it: for every buyer, through every door, and on the phone too."""
    forbid(shop, reason="call", cause=cause, now=now)
    for forbidden in list_open_of_shop(shop.id):
        end(forbidden, OutreachEvent.STOPPED, now)
        settle_case(forbidden, Ending.STOPPED, now)
        tell(forbidden.discount_request, "shop_forbids", now, shop=shop.name)


def held_case(case_id: UUID, operator_id: UUID, now: datetime) -> EscalationCase:
    """The case, if this operator has it in hand or nobody has.

    Raises:
        NotAllowed

    """
    case = get_case(case_id, lock=True)
    is_free = case.operator_id is None or case.claimed_until is None or case.claimed_until <= now
    if case.status is CaseStatus.CLOSED or not (is_free or case.operator_id == operator_id):
        raise NotAllowed("case")
    return case
