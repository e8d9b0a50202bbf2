"""A shop answers: by one press on its offer page, or through an operator."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.discount_requests.queries import get_request
from discount_broker.escalation.queries import find_case_of, find_entry
from discount_broker.escalation.queries.queue import is_held_by_another
from discount_broker.kernel.errors import NotAllowed
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.offers.operations import take_answer
from discount_broker.offers.rules import Answer
from discount_broker.outreach.queries import get_outreach


@again_if_deadlocked
def submit_answer(outreach_id: UUID, answer: Answer, now: datetime, operator_id: UUID | None = None) -> None:
    """Take the shop's answer. A second press changes nothing.

    Raises:
        Refused: codes of `check_answer`.
        NotAllowed: an operator enters it, and a colleague has the shop.
        IllegalTransition: another answer was given before, or the buyer wants none any more.

    """
    with transaction():
        request = get_request(get_outreach(outreach_id).discount_request_id, lock=True)
        outreach = get_outreach(outreach_id, lock=True)
        if operator_id is not None and is_held_by_another(find_entry(outreach.shop_id), operator_id, now):
            raise NotAllowed("case")
        take_answer(outreach, request, answer, now, operator_id)
        if operator_id is not None:
            case = find_case_of(outreach_id)
            case_id, shop_id = case.id if case else None, outreach.shop_id
            note_change("answer_entered", now, operator_id, case_id=case_id, shop_id=shop_id)
