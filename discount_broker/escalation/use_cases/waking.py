"""What comes to the desk by itself: ladders that ended, and letters to read."""

from datetime import datetime

from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.operations import keep_by_letter, open_case, requeue, settle_case, wind
from discount_broker.escalation.queries import (
    list_late_letters,
    list_overtaken_cases,
    list_stranded_letters,
    list_uncased_outreaches,
    list_unread_letters,
    list_unread_replies,
)
from discount_broker.escalation.status import CaseReason, Ending, NextAction
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.outreach.status import OutreachStatus

ENDING_OF_OUTREACH = {
    OutreachStatus.ANSWERED: Ending.OFFERED,
    OutreachStatus.DECLINED: Ending.DECLINED,
    OutreachStatus.STOPPED: Ending.NO_LONGER_NEEDED,
}


@again_if_deadlocked
def open_due_cases(now: datetime) -> int:
    """Put every outreach whose ladder has ended on the desk, once; and every letter that waits to be read."""
    with transaction():
        outreaches = list_uncased_outreaches()
        for outreach in outreaches:
            open_case(outreach, CaseReason(outreach.exhausted_why), now)
        for case in list_unread_replies():
            case.reason, case.next_action = CaseReason.REPLY_TO_READ, NextAction.READ_REPLY
            case.next_action_at = now
            case.outreach.exhausted_why = CaseReason.SILENCE  # told; the next letter is told again
            keep_by_letter(case.outreach, now)
            wind(case, now)
            requeue(case.outreach.shop_id, now)
        for case in list_unread_letters():
            _show_letter(case, now)
        for outreach in list_late_letters():
            open_case(outreach, CaseReason.LATE_LETTER, now)
        for outreach in list_stranded_letters():
            open_case(outreach, CaseReason.STRANDED_LETTER, now)
        for case in list_overtaken_cases():
            # Nobody calls a shop that has forbidden it, nor for a buyer who has left.
            settle_case(case.outreach, ENDING_OF_OUTREACH[case.outreach.status], now)
        return len(outreaches)


MAY_WAIT = (CaseReason.SILENCE, CaseReason.ANSWER_AWAITED)
"""Reasons that a letter of the buyer may take the place of: what else a case is for is not forgotten."""


def _show_letter(case: EscalationCase, now: datetime) -> None:
    """Bring an open case up again whose buyer wrote something for people."""
    if case.reason in MAY_WAIT:
        case.reason, case.next_action = CaseReason.STRANDED_LETTER, NextAction.READ_LETTER
    case.next_action_at = now
    case.outreach.exhausted_why = CaseReason.SILENCE  # told; the next letter is told again
    requeue(case.outreach.shop_id, now)
