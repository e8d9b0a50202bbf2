"""What a person should look at, once: doors that died, and our own sending when it is refused."""

from datetime import datetime
from uuid import UUID

from discount_broker.escalation.models import Review
from discount_broker.escalation.queries.reviews import (
    find_review,
    get_review,
    list_alarms,
    list_unreviewed_dead_doors,
)
from discount_broker.escalation.status import ReviewKind
from discount_broker.kernel.db import add_or_find
from discount_broker.kernel.transaction import transaction


def open_reviews(now: datetime) -> int:
    """Make a task of each door that died of a letter, and of each alarm; one, however often it happened."""
    with transaction():
        dead, alarms = list_unreviewed_dead_doors(), list_alarms(now)
        for point, delivery in dead:
            said = delivery.last_error or ""
            _open(
                Review(
                    key=f"{ReviewKind.ADDRESS_DEAD}:{point.id}",
                    kind=ReviewKind.ADDRESS_DEAD,
                    shop_id=point.shop_id,
                    contact_point_id=point.id,
                    facts={
                        "door": point.kind,
                        "value": point.value,
                        "found_at": point.found_at,
                        "said": said,
                    },
                    created_at=now,
                )
            )
        for hold in alarms:
            _open(
                Review(
                    key=f"{ReviewKind.SENDING_PAUSED}:{hold.key}:{hold.since:%Y%m%d%H%M}",
                    kind=ReviewKind.SENDING_PAUSED,
                    facts={"key": hold.key, "said": hold.cause},
                    created_at=now,
                )
            )
        return len(dead) + len(alarms)


def _open(review: Review) -> None:
    if find_review(review.key) is None:
        add_or_find(review, lambda: find_review(review.key))


def settle_review(review_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Somebody looked at it; a second press changes nothing."""
    with transaction():
        review = get_review(review_id, lock=True)
        if review.settled_at is None:
            review.settled_at, review.operator_id = now, operator_id
