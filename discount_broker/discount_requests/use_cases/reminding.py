"""Asking a buyer, once, whether to go on with what they began and did not confirm."""

from datetime import datetime
from functools import partial
from uuid import UUID

from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.operations.confirmation import send_reminder
from discount_broker.discount_requests.queries.baskets import (
    list_open_together,
    list_unfinished,
    lock_together,
)
from discount_broker.discount_requests.rules import CONFIRM_WITHIN, REMIND_AFTER
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import paced_for_hands
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import again_if_deadlocked, transaction


def remind_unconfirmed(now: datetime) -> int:
    """Write one letter to each buyer whose request has waited a day to be confirmed; how many were written.

    Never a second, none about what can no longer be confirmed, and none to who wants no such news.
    """
    patience = paced_for_hands(now + REMIND_AFTER, now) - now
    waiting = list_unfinished(now - CONFIRM_WITHIN, now - patience)
    return for_each(waiting, partial(_remind, now=now))


@again_if_deadlocked
def _remind(request_id: UUID, now: datetime) -> bool:
    with transaction():
        request = lock_together(request_id)
        if request.status is not RequestStatus.UNCONFIRMED or request.reminded_at is not None:
            return False
        together = list_open_together(request)
        if not send_reminder(request, together, now):
            return False
        for each in together:
            each.reminded_at = now
            tell(each, "reminded_buyer", now)
        return True
