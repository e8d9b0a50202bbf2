"""What operators do at a shop's doors that are closed to machines."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import null

from discount_broker.accounts.operations import note_change
from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.operations import requeue
from discount_broker.escalation.queries import find_case_of, get_case, list_forms_for_people, text_to_paste
from discount_broker.escalation.rules.hand_work import LONGEST_REASON, HandOutcome, next_after_form
from discount_broker.escalation.status import CaseReason, CaseStatus, NextAction
from discount_broker.escalation.use_cases.cases import held_case
from discount_broker.kernel.clock import paced
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind, FailureReason
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.queries import keys_of, list_steps_of
from discount_broker.outreach.rules import step_ends_at
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.operations import mark_dead


@again_if_deadlocked
def note_outcome(case_id: UUID, operator_id: UUID, now: datetime, *, arrived: bool) -> None:
    """A person found out whether the message had arrived: wait for its answer, or call.

    Raises:
        NotAllowed: a colleague has the case, or it is closed.

    """
    with transaction():
        case = held_case(case_id, operator_id, now)
        if case.reason is not CaseReason.OUTCOME_UNKNOWN:
            return
        _go_on(case, now, arrived=arrived)
        note_change("outcome_found", now, operator_id, case_id=case_id, shop_id=case.outreach.shop_id)


@again_if_deadlocked
def go_on_with_cases_of(delivery_id: UUID, now: datetime) -> None:
    """Its outcome was found out, by a person or by a bounce: the cases that waited for that go on."""
    with transaction():
        for outreach_id in sorted({step.outreach_id for step in list_steps_of(delivery_id)}):
            found = find_case_of(outreach_id)
            if found is None:
                continue
            case = get_case(found.id, lock=True)
            if case.status is CaseStatus.CLOSED:
                continue
            fates = {step.delivery.status for step in case.outreach.steps}
            if case.reason is CaseReason.OUTCOME_UNKNOWN and DeliveryStatus.UNKNOWN not in fates:
                _go_on(case, now, arrived=DeliveryStatus.SENT in fates)


def _go_on(case: EscalationCase, now: datetime, *, arrived: bool) -> None:
    if arrived:
        _wait_for_an_answer(case, now)
    else:
        case.reason, case.next_action = CaseReason.DOORS_DEAD, NextAction.CALL
        case.next_action_at = now
    requeue(case.outreach.shop_id, now)


@again_if_deadlocked
def note_hand_work(
    case_id: UUID,
    operator_id: UUID,
    contact_point_id: UUID,
    now: datetime,
    *,
    outcome: HandOutcome,
    why: str = "",
) -> None:
    """How it went with a form that wants a person: what was said there is kept as a message.

    Raises:
        NotAllowed: a colleague has the case, or it is closed.
        NotFound: this shop has no such form.
        Refused: `reason_missing`.

    """
    why = why.strip()[:LONGEST_REASON]
    if outcome is HandOutcome.COULD_NOT and not why:
        raise Refused("reason_missing", "why")
    with transaction():
        case = held_case(case_id, operator_id, now)
        outreach = case.outreach
        _note_outcome(case, _form_of(case, contact_point_id), outcome, why, now)
        requeue(outreach.shop_id, now)
        what = "sent_by_hand" if outcome is HandOutcome.SENT else "form_tried"
        facts = {"outcome": outcome, "why": why}
        note_change(what, now, operator_id, case_id=case_id, shop_id=outreach.shop_id, **facts)


def _form_of(case: EscalationCase, contact_point_id: UUID) -> ContactPoint:
    forms = {point.id: point for point in list_forms_for_people(case.outreach)}
    if contact_point_id not in forms:
        raise NotFound("form")
    return forms[contact_point_id]


def _keep_as_step(outreach: Outreach, point: ContactPoint, delivery: Delivery, now: datetime) -> None:
    outreach.steps_taken += 1
    if delivery.status is DeliveryStatus.SENT:
        outreach.asked_at = outreach.asked_at or now
    step = Step(number=outreach.steps_taken, contact_point=point, delivery=delivery, taken_at=now)
    outreach.steps.append(step)


def _note_success(case: EscalationCase, point: ContactPoint, now: datetime) -> None:
    outreach = case.outreach
    _keep_as_step(outreach, point, _delivery_by_hand(outreach, point, now), now)
    tell(outreach.discount_request, "asked_shop", now, shop=outreach.shop.name, door=point.kind)
    _wait_for_an_answer(case, now)


def _note_outcome(
    case: EscalationCase, point: ContactPoint, outcome: HandOutcome, why: str, now: datetime
) -> None:
    if outcome is HandOutcome.SENT:
        _note_success(case, point, now)
    else:
        _note_failure(case, point, outcome, why, now)


def _note_failure(
    case: EscalationCase, point: ContactPoint, outcome: HandOutcome, why: str, now: datetime
) -> None:
    """What was tried in vain stands in the conversation; a form that is gone is not offered again."""
    outreach = case.outreach
    if outcome is HandOutcome.GONE:
        mark_dead(point.id, "form_gone")
    if outcome is not HandOutcome.COULD_NOT:
        delivery = _delivery_by_hand(outreach, point, now)
        delivery.status, delivery.sent_at = DeliveryStatus.FAILED, None
        delivery.failure = FAILURE_OF_OUTCOME[outcome]
        delivery.last_error = why or None
        _keep_as_step(outreach, point, delivery, now)
    others = [form for form in list_forms_for_people(outreach) if form.id != point.id]
    action, at = next_after_form(outcome, now, has_other_form=bool(others))
    case.next_action, case.next_action_at = action, at
    if action is NextAction.CALL and case.reason is CaseReason.CAPTCHA:
        case.reason = CaseReason.DOORS_DEAD


FAILURE_OF_OUTCOME = {
    HandOutcome.REFUSED: FailureReason.REFUSED,
    HandOutcome.GONE: FailureReason.FORM_GONE,
}


def _delivery_by_hand(outreach: Outreach, point: ContactPoint, now: datetime) -> Delivery:
    written = text_to_paste(outreach, point)
    return Delivery(
        purpose=f"outreach:{outreach.id}:{outreach.steps_taken + 1}",
        template=written.message,
        channel=ChannelKind.WEB_FORM,
        address=point.value,
        stop_keys=keys_of(point),
        language=written.language,
        subject=written.subject,
        text=written.text,
        status=DeliveryStatus.SENT,
        created_at=now,
        due_at=null(),  # None would stand for the default, which is now
        sent_at=now,
        evidence={"sent_by": "operator"},
    )


def _wait_for_an_answer(case: EscalationCase, now: datetime) -> None:
    """A day of the shop's business time, as after every message; then the shop is called."""
    case.reason, case.next_action = CaseReason.ANSWER_AWAITED, NextAction.CALL
    case.next_action_at = paced(step_ends_at(now, case.outreach.shop.calendar), now)
