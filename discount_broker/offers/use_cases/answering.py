"""A shop answers: by one press on its offer page, or through an operator."""

from datetime import datetime
from uuid import UUID

from discount_broker.discount_requests.queries import get_request
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.offers.operations import take_answer
from discount_broker.offers.rules import Answer
from discount_broker.outreach.queries import get_outreach


@again_if_deadlocked
def submit_answer(outreach_id: UUID, answer: Answer, now: datetime, operator_id: UUID | None = None) -> None:
    """Take the shop's answer. A second press changes nothing.

    Raises:
        Refused: codes of `check_answer`.
        IllegalTransition: another answer was given before, or the buyer wants none any more.

    """
    with transaction():
        request = get_request(get_outreach(outreach_id).discount_request_id, lock=True)
        take_answer(get_outreach(outreach_id, lock=True), request, answer, now, operator_id)
