"""What an operator makes of what a letter says: one press follows it, another puts it aside."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.operations import requeue, take_refusal
from discount_broker.escalation.status import Ending, NextAction
from discount_broker.escalation.use_cases.cases import end_case, held_case
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.outreach.inbound import IntentKind
from discount_broker.outreach.models import Suggestion
from discount_broker.outreach.operations import take_told_address
from discount_broker.outreach.operations.answering import settle_suggestion
from discount_broker.outreach.queries.suggestions import get_suggestion
from discount_broker.outreach.status import OPEN, OutreachEvent
from discount_broker.shops.extract.spelling import normal_value
from discount_broker.shops.operations import FoundDoor, take_correction
from discount_broker.shops.status import ContactKind, DoorSource

TOLD_BY_SHOP: Final = 0.95
"""Confidence in what the shop itself says."""
Follow = Callable[[EscalationCase, Suggestion, UUID, datetime], None]


@again_if_deadlocked
def take_suggestion(case_id: UUID, suggestion_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Do what the letter asks for. What has been settled stays as it is.

    Raises:
        NotAllowed: a colleague has the case, or it is closed.
        NotFound: no letter of this case says so.
        Refused: the address or number is none; `needs_a_person` where it takes more than a press.
        IllegalTransition: the shop has answered meanwhile.

    """
    with transaction():
        case = held_case(case_id, operator_id, now)
        suggestion = get_suggestion(suggestion_id, case.outreach_id, lock=True)
        if suggestion.settled_at is not None:
            return
        follow = FOLLOWED.get(suggestion.kind)
        if follow is None:
            raise Refused("needs_a_person")
        follow(case, suggestion, operator_id, now)
        settle_suggestion(suggestion, "taken", now)
        note_change(
            "suggestion_taken",
            now,
            operator_id,
            case_id=case_id,
            shop_id=case.outreach.shop_id,
            intent=suggestion.kind,
        )
        requeue(case.outreach.shop_id, now)


def dismiss_suggestion(case_id: UUID, suggestion_id: UUID, operator_id: UUID, now: datetime) -> None:
    """The letter does not say that, or nothing follows from it.

    Raises:
        NotAllowed: a colleague has the case, or it is closed.
        NotFound: no letter of this case says so.

    """
    with transaction():
        case = held_case(case_id, operator_id, now)
        suggestion = get_suggestion(suggestion_id, case.outreach_id, lock=True)
        settle_suggestion(suggestion, "dismissed", now)
        note_change(
            "suggestion_dismissed",
            now,
            operator_id,
            case_id=case_id,
            shop_id=case.outreach.shop_id,
            intent=suggestion.kind,
        )


def _decline(case: EscalationCase, _suggestion: Suggestion, _operator_id: UUID, now: datetime) -> None:
    if case.outreach.status not in OPEN:
        raise IllegalTransition(case.outreach.status, OutreachEvent.DECLINED)
    take_refusal(case.outreach, now)


def _call(case: EscalationCase, suggestion: Suggestion, operator_id: UUID, now: datetime) -> None:
    """The shop wants to be called: its number is kept, where it names one, and the call comes next."""
    shop = case.outreach.shop
    if suggestion.value:
        number = normal_value(ContactKind.PHONE, suggestion.value, shop.country)
        told = FoundDoor(ContactKind.PHONE, number, "", TOLD_BY_SHOP, suggestion.evidence)
        source = DoorSource.OPERATOR
        take_correction(shop, told, now, source=source, operator_id=operator_id, is_preferred=True)
    case.next_action, case.next_action_at = NextAction.CALL, now


def _write_there(case: EscalationCase, suggestion: Suggestion, _operator_id: UUID, now: datetime) -> None:
    take_told_address(case.outreach.shop, suggestion.value, suggestion.evidence, now)


def _stop(case: EscalationCase, suggestion: Suggestion, operator_id: UUID, now: datetime) -> None:
    end_case(case.outreach, Ending.STOPPED, f"letter: {suggestion.evidence[:500]}", now, operator_id)


def _written(_case: EscalationCase, _suggestion: Suggestion, _operator_id: UUID, _now: datetime) -> None:
    """The letter that says who we are was written first, by hand like any other."""


FOLLOWED: Final[dict[str, Follow]] = {
    IntentKind.DECLINE: _decline,
    IntentKind.CALL_US: _call,
    IntentKind.NEW_ADDRESS: _write_there,
    IntentKind.OPT_OUT: _stop,
    IntentKind.OUT_OF_STOCK: _decline,
    IntentKind.WHO_ARE_YOU: _written,
}
"""What one press does. The rest is written down by a person: an offer has terms, a question an answer."""
