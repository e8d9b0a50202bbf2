"""What operators do with a case: call for it, put it off, end it."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.discount_requests.operations import tell
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.operations import free, open_case, requeue, settle_case, take_refusal
from discount_broker.escalation.queries import find_case_of, find_entry, get_case
from discount_broker.escalation.queries.cases import can_be_reopened
from discount_broker.escalation.queries.queue import is_held_by_another
from discount_broker.escalation.rules import CLAIM_LASTS
from discount_broker.escalation.status import CaseStatus, Ending, NextAction
from discount_broker.kernel.errors import NotAllowed, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import advance, end, forbid
from discount_broker.outreach.queries import list_open_of_shop
from discount_broker.outreach.status import OPEN, OutreachEvent
from discount_broker.shops.models import Shop


@again_if_deadlocked
def snooze_case(case_id: UUID, operator_id: UUID, until: datetime, now: datetime) -> None:
    """Wait with the next action; the shop is free for others where nothing else of it is due.

    Raises:
        NotAllowed: a colleague has the shop.
        Refused: `next_action_in_past`.

    """
    if until <= now:
        raise Refused("next_action_in_past", "until")
    with transaction():
        case = held_case(case_id, operator_id, now)
        case.next_action_at = until
        entry = requeue(case.outreach.shop_id, now)
        if not entry.is_due:
            free(entry)
        note_change(
            "case_snoozed", now, operator_id, case_id=case_id, shop_id=entry.shop_id, until=until.isoformat()
        )


@again_if_deadlocked
def close_case(case_id: UUID, operator_id: UUID, ending: Ending, now: datetime) -> None:
    """End the case by hand."""
    with transaction():
        case = held_case(case_id, operator_id, now)
        end_case(case.outreach, ending, "operator", now, operator_id)


@again_if_deadlocked
def reopen_case(case_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Take up again what was closed by hand; it is in this operator's hands then, and due at once.

    Raises:
        NotAllowed: a colleague has the shop, or the reason for which it was closed still holds.

    """
    with transaction():
        case = get_case(case_id, lock=True)
        outreach = case.outreach
        shop_id = outreach.shop_id
        if not can_be_reopened(case) or is_held_by_another(find_entry(shop_id), operator_id, now):
            raise NotAllowed("case")
        if outreach.status not in OPEN:
            advance(outreach, OutreachEvent.REOPENED)
            outreach.exhausted_why = outreach.exhausted_why or case.reason
        open_case(outreach, case.reason, now, NextAction.CALL)
        tell(outreach.discount_request, "case_reopened", now, shop=outreach.shop.name)
        note_change("case_reopened", now, operator_id, case_id=case_id, shop_id=shop_id)
        take_in_hand(shop_id, operator_id, now)


def take_in_hand(shop_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Whoever works for a shop that nobody else has in hand has it in hand, for as long as claims last."""
    entry = find_entry(shop_id, lock=True)
    if entry is not None and entry.open_cases and not is_held_by_another(entry, operator_id, now):
        entry.operator_id, entry.claimed_until = operator_id, now + CLAIM_LASTS


def end_case(outreach: Outreach, ending: Ending, cause: str, now: datetime, operator_id: UUID) -> None:
    request, shop = outreach.discount_request, outreach.shop
    settle_case(outreach, ending, now, operator_id)
    case = find_case_of(outreach.id)
    note_change(
        "case_closed",
        now,
        operator_id,
        case_id=case.id if case else None,
        shop_id=shop.id,
        ending=ending,
        number=request.number,
    )
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
    """The case, if this operator has its shop in hand or nobody has.

    Raises:
        NotAllowed

    """
    case = get_case(case_id, lock=True)
    entry = find_entry(case.outreach.shop_id)
    if case.status is CaseStatus.CLOSED or is_held_by_another(entry, operator_id, now):
        raise NotAllowed("case")
    return case
