"""What operators do at a shop's doors that are closed to machines."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import null

from discount_broker.accounts.operations import note_change
from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.operations import requeue
from discount_broker.escalation.queries import list_forms_for_people, text_to_paste
from discount_broker.escalation.status import CaseReason, NextAction
from discount_broker.escalation.use_cases.cases import held_case
from discount_broker.kernel.clock import paced
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.queries import keys_of
from discount_broker.outreach.rules import step_ends_at
from discount_broker.shops.models import ContactPoint


def note_outcome(case_id: UUID, operator_id: UUID, now: datetime, *, arrived: bool) -> None:
    """A person found out whether the message had arrived: wait for its answer, or call.

    Raises:
        NotAllowed: a colleague has the case, or it is closed.

    """
    with transaction():
        case = held_case(case_id, operator_id, now)
        if case.reason is not CaseReason.OUTCOME_UNKNOWN:
            return
        if arrived:
            _wait_for_an_answer(case, now)
        else:
            case.reason, case.next_action = CaseReason.DOORS_DEAD, NextAction.CALL
            case.next_action_at = now
        requeue(case.outreach.shop_id, now)


def note_sent_by_hand(case_id: UUID, operator_id: UUID, contact_point_id: UUID, now: datetime) -> None:
    """An operator has filled in a form that wants a person: what was said there is kept as a message.

    Raises:
        NotAllowed: a colleague has the case, or it is closed.
        NotFound: this shop has no such form.

    """
    with transaction():
        case = held_case(case_id, operator_id, now)
        forms = {point.id: point for point in list_forms_for_people(case.outreach)}
        if contact_point_id not in forms:
            raise NotFound("form")
        outreach, point = case.outreach, forms[contact_point_id]
        outreach.steps_taken, outreach.asked_at = outreach.steps_taken + 1, outreach.asked_at or now
        delivery = _delivery_by_hand(outreach, point, now)
        step = Step(number=outreach.steps_taken, contact_point=point, delivery=delivery, taken_at=now)
        outreach.steps.append(step)
        tell(outreach.discount_request, "asked_shop", now, shop=outreach.shop.name, door=point.kind)
        _wait_for_an_answer(case, now)
        requeue(outreach.shop_id, now)
        note_change("sent_by_hand", now, operator_id, case_id=case_id, shop_id=outreach.shop_id)


def _delivery_by_hand(outreach: Outreach, point: ContactPoint, now: datetime) -> Delivery:
    written = text_to_paste(outreach, point)
    return Delivery(
        purpose=f"outreach:{outreach.id}:{outreach.steps_taken}",
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
    case.next_action_at = paced(step_ends_at(now, case.outreach.shop.country), now)
