"""Reading what a person should look at."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select

from discount_broker.escalation.models import Review
from discount_broker.escalation.status import ReviewKind
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.messaging.models import Delivery, SendingHold
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Step
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.status import ContactState

CAME_BACK = (FailureReason.ADDRESS_DEAD, FailureReason.MAILBOX_FULL, FailureReason.FORM_GONE)


def get_review(review_id: UUID, *, lock: bool = False) -> Review:
    """One task.

    Raises:
        NotFound

    """
    review = find_row(Review, review_id, lock=lock)
    if review is None:
        raise NotFound("review")
    return review


def find_review(key: str) -> Review | None:
    return db.session.scalar(select(Review).where(Review.key == key))


def list_reviews(limit: int = 200) -> list[Review]:
    """What waits to be looked at, the oldest first."""
    query = select(Review).where(Review.settled_at.is_(None)).order_by(Review.created_at).limit(limit)
    return list(db.session.scalars(query))


def count_reviews() -> int:
    return db.session.scalar(select(func.count(Review.id)).where(Review.settled_at.is_(None))) or 0


def list_unreviewed_dead_doors() -> list[tuple[ContactPoint, Delivery]]:
    """Doors that died of a letter of ours and have no task yet, each with the last such letter."""
    has_review = exists().where(
        Review.contact_point_id == ContactPoint.id, Review.kind == ReviewKind.ADDRESS_DEAD
    )
    query = (
        select(ContactPoint, Delivery)
        .join(Step, Step.contact_point_id == ContactPoint.id)
        .join(Delivery, Step.delivery_id == Delivery.id)
        .where(
            ContactPoint.state == ContactState.DEAD,
            Delivery.status.in_((DeliveryStatus.BOUNCED, DeliveryStatus.FAILED)),
            Delivery.failure.in_(CAME_BACK),
            ~has_review,
        )
        .order_by(Delivery.created_at)
    )
    return list({point.id: (point, delivery) for point, delivery in db.session.execute(query)}.values())


def list_alarms(now: datetime) -> list[SendingHold]:
    """Holds that nobody asked for: our sending is refused."""
    query = select(SendingHold).where(SendingHold.operator_id.is_(None), SendingHold.since <= now)
    return list(db.session.scalars(query))
