"""What operators write down of a call, and what follows from it."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.models import Call, EscalationCase
from discount_broker.escalation.operations import make_promise, requeue
from discount_broker.escalation.rules import ENDING_OF_RESULT, CallReport, check_call, next_action_after
from discount_broker.escalation.use_cases.cases import end_case, held_case
from discount_broker.kernel.transaction import again_if_deadlocked, transaction


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
        session.add(_call_of(case, operator_id, report))
        tell(
            case.outreach.discount_request,
            "called_shop",
            now,
            shop=case.outreach.shop.name,
            result=report.result,
        )
        _draw_consequences(case, report, operator_id, now)
        requeue(case.outreach.shop_id, now)
        note_change(
            "call_logged",
            now,
            operator_id,
            case_id=case_id,
            shop_id=case.outreach.shop_id,
            result=report.result,
            minutes=report.minutes,
        )


def _call_of(case: EscalationCase, operator_id: UUID, report: CallReport) -> Call:
    return Call(
        cases=[case],
        shop_id=case.outreach.shop_id,
        operator_id=operator_id,
        started_at=report.started_at,
        minutes=report.minutes,
        result=report.result,
        person=report.person.strip()[:200],
        note=report.note.strip()[:2000],
    )


def _draw_consequences(case: EscalationCase, report: CallReport, operator_id: UUID, now: datetime) -> None:
    outreach = case.outreach
    if report.result in ENDING_OF_RESULT:
        cause = f"call: {report.note.strip()[:500]}"
        end_case(outreach, ENDING_OF_RESULT[report.result], cause, now, operator_id)
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
