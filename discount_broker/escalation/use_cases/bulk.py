"""What operators do with several shops of the queue at once: one transaction for each of them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.operations import free, requeue
from discount_broker.escalation.queries import find_entry, get_case, list_open_cases_of_shop
from discount_broker.escalation.queries.queue import is_held_by_another
from discount_broker.escalation.status import CaseStatus, Ending
from discount_broker.escalation.use_cases.cases import end_case
from discount_broker.kernel.errors import NotAllowed, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction

ENDINGS_AT_ONCE = (Ending.UNREACHABLE, Ending.DECLINED, Ending.NO_LONGER_NEEDED)
"""An offer has terms, and a stop has words: those are written down one by one."""


@again_if_deadlocked
def snooze_shop(shop_id: UUID, operator_id: UUID, until: datetime, now: datetime) -> int:
    """Let all that is due at a shop wait, and give the shop back; how many cases.

    Raises:
        NotAllowed: a colleague has the shop.
        Refused: `next_action_in_past`; `nothing_due` where nothing waits for us.

    """
    if until <= now:
        raise Refused("next_action_in_past", "until")
    with transaction():
        due = [case for case in _open_cases(shop_id, operator_id, now) if _is_due(case, now)]
        if not due:
            raise Refused("nothing_due")
        for case in due:
            case.next_action_at = until
            note_change(
                "case_snoozed", now, operator_id, case_id=case.id, shop_id=shop_id, until=until.isoformat()
            )
        free(requeue(shop_id, now))
        return len(due)


@again_if_deadlocked
def close_cases(
    shop_id: UUID, case_ids: Collection[UUID], operator_id: UUID, ending: Ending, now: datetime
) -> int:
    """End those of the cases that are still open, and no others of the shop; how many.

    Raises:
        NotAllowed: a colleague has the shop.
        Refused: `ending_one_by_one`; `nothing_open` where all of them have ended meanwhile.

    """
    if ending not in ENDINGS_AT_ONCE:
        raise Refused("ending_one_by_one", "ending")
    with transaction():
        named = [case for case in _open_cases(shop_id, operator_id, now) if case.id in case_ids]
        if not named:
            raise Refused("nothing_open")
        for case in named:
            end_case(case.outreach, ending, "operator", now, operator_id)
        return len(named)


def _open_cases(shop_id: UUID, operator_id: UUID, now: datetime) -> list[EscalationCase]:
    """The open cases of a shop that nobody else has in hand, locked in one order."""
    if is_held_by_another(find_entry(shop_id), operator_id, now):
        raise NotAllowed("shop")
    case_ids = sorted(case.id for case in list_open_cases_of_shop(shop_id))
    locked = [get_case(case_id, lock=True) for case_id in case_ids]
    return [case for case in locked if case.status is CaseStatus.OPEN]


def _is_due(case: EscalationCase, now: datetime) -> bool:
    return case.next_action_at is not None and case.next_action_at <= now
