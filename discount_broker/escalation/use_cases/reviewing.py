"""What a person should look at, once: doors that died, and our own sending when it is refused."""

from datetime import datetime
from functools import partial
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.escalation.models import Review
from discount_broker.escalation.queries.reviews import (
    find_review,
    get_review,
    list_alarms,
    list_unreviewed_dead_doors,
)
from discount_broker.escalation.status import ReviewKind
from discount_broker.kernel.db import add_or_find
from discount_broker.kernel.sweeping import for_each, in_turn
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery, SendingHold
from discount_broker.shops.models import ContactPoint


def open_reviews(now: datetime) -> int:
    """Make a task of each door that died of a letter, and of each alarm; one, however often it happened."""
    dead = {point.id: delivery.id for point, delivery in list_unreviewed_dead_doors()}
    alarms = [hold.id for hold in list_alarms(now)]
    in_turn(
        lambda: for_each(dead, lambda point_id: _review_door(point_id, dead[point_id], now)),
        lambda: for_each(alarms, partial(_review_alarm, now=now)),
    )
    return len(dead) + len(alarms)


def _review_door(point_id: UUID, delivery_id: UUID, now: datetime) -> None:
    with transaction() as session:
        _add(_of_door(session.get_one(ContactPoint, point_id), session.get_one(Delivery, delivery_id), now))


def _review_alarm(hold_id: UUID, now: datetime) -> None:
    with transaction() as session:
        hold = session.get(SendingHold, hold_id)
        if hold is not None:  # else somebody has lifted it meanwhile
            _add(_of_alarm(hold, now))


def _add(review: Review) -> None:
    if find_review(review.key) is None:
        add_or_find(review, partial(find_review, review.key))


def _of_door(point: ContactPoint, delivery: Delivery, now: datetime) -> Review:
    said = delivery.last_error or ""
    return Review(
        key=f"{ReviewKind.ADDRESS_DEAD}:{point.id}",
        kind=ReviewKind.ADDRESS_DEAD,
        shop_id=point.shop_id,
        contact_point_id=point.id,
        facts={"door": point.kind, "value": point.value, "found_at": point.found_at, "said": said},
        created_at=now,
    )


def _of_alarm(hold: SendingHold, now: datetime) -> Review:
    return Review(
        key=f"{ReviewKind.SENDING_PAUSED}:{hold.key}:{hold.since:%Y%m%d%H%M}",
        kind=ReviewKind.SENDING_PAUSED,
        facts={"key": hold.key, "said": hold.cause},
        created_at=now,
    )


def settle_review(review_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Somebody looked at it; a second press changes nothing."""
    with transaction():
        review = get_review(review_id, lock=True)
        if review.settled_at is None:
            review.settled_at, review.operator_id = now, operator_id
            note_change("task_settled", now, operator_id, shop_id=review.shop_id, task=review.kind)
