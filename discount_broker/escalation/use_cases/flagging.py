"""What operators do with a case that is not clear: ask a lead to look at it."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.escalation.operations import requeue
from discount_broker.escalation.queries import get_case
from discount_broker.escalation.status import CaseStatus
from discount_broker.kernel.errors import NotAllowed, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction

LONGEST_NOTE = 2_000


@again_if_deadlocked
def flag_case(case_id: UUID, operator_id: UUID, note: str, now: datetime) -> None:
    """Ask a lead to look at an open case, whoever has it in hand; a second note is put under the first.

    Raises:
        Refused: `flag_note_missing`.
        NotAllowed: the case is closed.

    """
    said = note.strip()[:LONGEST_NOTE]
    if not said:
        raise Refused("flag_note_missing", "note")
    with transaction():
        case = get_case(case_id, lock=True)
        if case.status is CaseStatus.CLOSED:
            raise NotAllowed("case")
        if case.flagged_at is None:
            case.flagged_at, case.flagged_by_id, case.flag_note = now, operator_id, said
        else:
            case.flag_note = f"{case.flag_note}\n{said}"
        shop_id = case.outreach.shop_id
        note_change("case_flagged", now, operator_id, case_id=case_id, shop_id=shop_id)
        requeue(shop_id, now)
