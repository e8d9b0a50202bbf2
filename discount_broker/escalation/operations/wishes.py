"""Keeping what is planned for a buyer out of the hours in which they want to be left alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.operations import note_change
from discount_broker.accounts.operations.cards import subject_of
from discount_broker.accounts.queries.cards import BuyerWishes
from discount_broker.accounts.status import Means
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import wishes_of_buyer
from discount_broker.escalation.models import Promise
from discount_broker.escalation.operations.queue import requeue
from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.queries.buyers import list_calls_planned, list_shops_in_queue
from discount_broker.escalation.status import CaseStatus
from discount_broker.kernel.db import db
from discount_broker.notifications.operations import move_texts


@dataclass(frozen=True)
class Moved:
    """What a wish has changed of the things that were planned."""

    calls: int = 0
    """Calls to the buyer that were put off."""
    texts: int = 0
    """SMS that wait longer, or are dropped because there is no hour for them."""
    unwanted: int = 0
    """Calls that shops have promised and that the buyer does not want at all."""

    def __bool__(self) -> bool:
        return bool(self.calls or self.texts or self.unwanted)


def respect_wishes(buyer_id: UUID, operator_id: UUID | None, now: datetime) -> Moved:
    """Move every call and text that is planned for the buyer to when they may be rung."""
    wishes = wishes_of_buyer(buyer_id)
    planned = list_calls_planned(buyer_id, now)
    moved = [promise for promise in planned if _put_off(promise, wishes, operator_id, now)]
    unwanted = [each for each in planned if wishes.next_allowed(each.due_at, means=Means.CALL) is None]
    texts = sum(move_texts(phone, wishes, now) for phone in _phones_of(buyer_id))
    requeue_shops_of(buyer_id, now)
    return Moved(len(moved), texts, len(unwanted))


def _put_off(promise: Promise, wishes: BuyerWishes, operator_id: UUID | None, now: datetime) -> bool:
    """Put a call off to the first moment that is free; whether it had to be."""
    was, free = promise.due_at, wishes.next_allowed(promise.due_at, means=Means.CALL)
    if free is None or free == was:
        return False
    promise.due_at, promise.warned_at, promise.woken_at = free, None, None
    case, request = find_case_of(promise.outreach_id), promise.outreach.discount_request
    if case is not None and case.status is CaseStatus.OPEN and case.next_action_at == was:
        case.next_action_at = free
    note_change(
        "planned_call_moved",
        now,
        operator_id,
        case_id=case.id if case else None,
        shop_id=promise.outreach.shop_id,
        subject=subject_of(request.buyer_id) if request.buyer_id else "",
        number=request.number,
        was_at=was.isoformat(),
        until=free.isoformat(),
    )
    return True


def _phones_of(buyer_id: UUID) -> set[str]:
    query = select(DiscountRequest.phone).where(DiscountRequest.buyer_id == buyer_id)
    return {phone for phone in db.session.scalars(query.distinct()) if phone}


def requeue_shops_of(buyer_id: UUID, now: datetime) -> None:
    """Reckon anew where the shops of the buyer's open cases stand; always in one order."""
    for shop_id in list_shops_in_queue(buyer_id):
        requeue(shop_id, now)
