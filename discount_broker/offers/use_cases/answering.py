"""A shop answers: by one press on its offer page, or through an operator; and may think better of it."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import get_request
from discount_broker.escalation.queries import find_case_of, find_entry
from discount_broker.escalation.queries.queue import is_held_by_another
from discount_broker.kernel.errors import IllegalTransition, NotAllowed, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.catalogue import ChangeReason
from discount_broker.offers.models import Offer
from discount_broker.offers.operations import (
    ANSWERABLE,
    check_against,
    is_the_same,
    make_offer,
    now_at,
    offer_of,
    replace_offer,
    settle_what_was_read,
    take_answer,
)
from discount_broker.offers.operations.countering import gives, settle_counter
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.queries.countering import find_counter
from discount_broker.offers.queries.standing import count_changes
from discount_broker.offers.rules import Answer, check_answer
from discount_broker.offers.status import GIVES, CounterAnswer, OfferEvent, OfferStatus
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import note_answered
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.status import OutreachEvent, OutreachStatus

MOST_CHANGES = 5
"""Of one answer: a shop that goes on changing it talks to a person."""
CHANGEABLE = (OfferStatus.OPEN, OfferStatus.EXPIRED)


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


def submit_answers(answers: dict[UUID, Answer], now: datetime) -> dict[UUID, bool]:
    """Take the answers to several requests, each for itself; whether each could be taken."""
    return {outreach_id: _is_taken(outreach_id, answer, now) for outreach_id, answer in answers.items()}


def _is_taken(outreach_id: UUID, answer: Answer, now: datetime) -> bool:
    try:
        submit_answer(outreach_id, answer, now)
    except (Refused, IllegalTransition):  # its own page says why, and lets the shop answer otherwise
        return False
    return True


@again_if_deadlocked
def change_answer(outreach_id: UUID, offer_id: UUID | None, answer: Answer, now: datetime) -> None:
    """Let a shop give something else than it said before. A second press changes nothing.

    Args:
        outreach_id: what it answers.
        offer_id: the offer that stood when it looked; None where it had said no.
        answer: what it gives now.
        now: aware.

    Raises:
        Refused: codes of `check_answer`; `change_gives_nothing`, `too_many_changes`.
        IllegalTransition: something else was said meanwhile, or the buyer has decided.

    """
    with transaction():
        request = get_request(get_outreach(outreach_id).discount_request_id, lock=True)
        outreach = get_outreach(outreach_id, lock=True)
        check_answer(answer, None, now_at(outreach.shop, now))
        standing = find_offer_of(outreach_id)
        if standing is not None and _says_the_same(standing, answer, now):
            return
        _check_change(outreach, request, standing, offer_id)
        if answer.kind not in GIVES:
            raise Refused("change_gives_nothing", "answer")
        check_against(outreach, answer, now)
        note_answered(outreach, None, now)
        _give(outreach, request, standing, answer, now)
        settle_what_was_read(outreach, answer, now)


def _says_the_same(standing: Offer, answer: Answer, now: datetime) -> bool:
    """Also until when; one whose term is over is said anew."""
    until = offer_of(answer, standing.outreach, now).valid_until
    is_until_then = answer.valid_until is None or until == standing.valid_until
    return standing.status is OfferStatus.OPEN and is_the_same(standing, answer) and is_until_then


def _check_change(
    outreach: Outreach, request: DiscountRequest, standing: Offer | None, offer_id: UUID | None
) -> None:
    if request.status not in ANSWERABLE or offer_id != (standing.id if standing else None):
        raise IllegalTransition(outreach.status, OutreachEvent.ANSWERED)
    if standing is None and outreach.status is not OutreachStatus.DECLINED:
        raise IllegalTransition(outreach.status, OutreachEvent.ANSWERED)
    if standing is not None and standing.status not in CHANGEABLE:
        raise IllegalTransition(standing.status, OfferEvent.REPLACED)
    if count_changes(outreach.id) >= MOST_CHANGES:
        raise Refused("too_many_changes", "answer")


def _give(
    outreach: Outreach, request: DiscountRequest, standing: Offer | None, answer: Answer, now: datetime
) -> None:
    if standing is None:
        make_offer(outreach, request, answer, now)
    else:
        _replace(standing, request, answer, now)


def _replace(standing: Offer, request: DiscountRequest, answer: Answer, now: datetime) -> None:
    """What the buyer asked for instead is answered with it, whatever the shop says now."""
    new, why = offer_of(answer, standing.outreach, now), ChangeReason.CHANGED
    counter = find_counter(standing.outreach_id)
    if counter is not None and counter.answer is None:
        is_given = gives(counter, new)
        settle_counter(counter, CounterAnswer.ACCEPTED if is_given else CounterAnswer.REFUSED, now)
        why = ChangeReason.GAVE_COUNTER if is_given else why
    replace_offer(standing, new, request, why, now)
