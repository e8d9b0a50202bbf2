"""What comes to the desk by itself: ladders that ended, and letters to read."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from discount_broker.escalation.operations import keep_by_letter, open_case, requeue, settle_case, wind
from discount_broker.escalation.queries import (
    find_case_of,
    list_late_letters,
    list_overtaken_cases,
    list_stranded_letters,
    list_uncased_outreaches,
    list_unread_letters,
    list_unread_replies,
)
from discount_broker.escalation.status import CaseReason, Ending, NextAction
from discount_broker.kernel.sweeping import for_each, in_turn
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.status import OutreachStatus

ENDING_OF_OUTREACH = {
    OutreachStatus.ANSWERED: Ending.OFFERED,
    OutreachStatus.DECLINED: Ending.DECLINED,
    OutreachStatus.STOPPED: Ending.NO_LONGER_NEEDED,
}


class Arrivals(Protocol):
    """Outreaches that something has arrived about: all of them, or that one if it is among them."""

    def __call__(self, *, only: UUID | None = None) -> list[UUID]: ...


Take = Callable[[Outreach, datetime], None]


def open_due_cases(now: datetime) -> int:
    """Put every outreach whose ladder has ended on the desk, once, and every letter to be read; how many."""
    return in_turn(*(partial(_take_all, arrivals, take, now) for arrivals, take in TAKEN))


def _take_all(arrivals: Arrivals, take: Take, now: datetime) -> int:
    return for_each(arrivals(), partial(_take_one, arrivals=arrivals, take=take, now=now))


@again_if_deadlocked
def _take_one(outreach_id: UUID, arrivals: Arrivals, take: Take, now: datetime) -> bool:
    with transaction():
        is_due = bool(arrivals(only=outreach_id))  # somebody may have taken it meanwhile
        if is_due:
            take(get_outreach(outreach_id), now)
        return is_due


def _put_exhausted(outreach: Outreach, now: datetime) -> None:
    open_case(outreach, CaseReason(outreach.exhausted_why), now)


def _show_reply(outreach: Outreach, now: datetime) -> None:
    case = find_case_of(outreach.id)
    assert case is not None
    case.reason, case.next_action = CaseReason.REPLY_TO_READ, NextAction.READ_REPLY
    case.next_action_at = now
    outreach.exhausted_why = CaseReason.SILENCE  # told; the next letter is told again
    keep_by_letter(outreach, now)
    wind(case, now)
    requeue(outreach.shop_id, now)


MAY_WAIT = (CaseReason.SILENCE, CaseReason.ANSWER_AWAITED)
"""Reasons that a letter of the buyer may take the place of: what else a case is for is not forgotten."""


def _show_letter(outreach: Outreach, now: datetime) -> None:
    """Bring an open case up again whose buyer wrote something for people."""
    case = find_case_of(outreach.id)
    assert case is not None
    if case.reason in MAY_WAIT:
        case.reason, case.next_action = CaseReason.STRANDED_LETTER, NextAction.READ_LETTER
    case.next_action_at = now
    outreach.exhausted_why = CaseReason.SILENCE  # told; the next letter is told again
    requeue(outreach.shop_id, now)


def _put_late_letter(outreach: Outreach, now: datetime) -> None:
    open_case(outreach, CaseReason.LATE_LETTER, now)


def _put_stranded_letter(outreach: Outreach, now: datetime) -> None:
    open_case(outreach, CaseReason.STRANDED_LETTER, now)


def _settle_overtaken(outreach: Outreach, now: datetime) -> None:
    """Nobody calls a shop that has forbidden it, nor for a buyer who has left."""
    settle_case(outreach, ENDING_OF_OUTREACH[outreach.status], now)


TAKEN: tuple[tuple[Arrivals, Take], ...] = (
    (list_uncased_outreaches, _put_exhausted),
    (list_unread_replies, _show_reply),
    (list_unread_letters, _show_letter),
    (list_late_letters, _put_late_letter),
    (list_stranded_letters, _put_stranded_letter),
    (list_overtaken_cases, _settle_overtaken),
)
"""What arrives, and what is done with it, in this order."""
