"""Reading the outbox."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from discount_broker.kernel.db import db, in_parts
from discount_broker.kernel.errors import NotFound
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus

PATIENCE = timedelta(minutes=15)
"""A message that has been due for longer than this waits for a worker that is not there."""


def get_delivery(delivery_id: UUID) -> Delivery:
    """One row of the outbox.

    Raises:
        NotFound

    """
    delivery = db.session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound("delivery")
    return delivery


def find_delivery_for(purpose: str) -> Delivery | None:
    return db.session.scalar(select(Delivery).where(Delivery.purpose == purpose))


def statuses_for(purposes: Collection[str]) -> dict[str, DeliveryStatus]:
    """How far the message for each of these purposes has got, of those that were written."""
    query = select(Delivery.purpose, Delivery.status)
    return {
        purpose: status
        for part in in_parts(purposes)
        for purpose, status in db.session.execute(query.where(Delivery.purpose.in_(part)))
    }


def list_stuck(now: datetime) -> Sequence[Delivery]:
    """Messages that should have moved and did not: due and unclaimed, or claimed and forgotten."""
    too_long_ago = now - PATIENCE
    unclaimed = and_(Delivery.status == DeliveryStatus.QUEUED, Delivery.due_at < too_long_ago)
    forgotten = and_(Delivery.status == DeliveryStatus.SENDING, Delivery.leased_until < too_long_ago)
    return db.session.scalars(
        select(Delivery).where(or_(unclaimed, forgotten)).order_by(Delivery.created_at)
    ).all()


def ping() -> None:
    """Raise whatever the driver raises when the database cannot be used."""
    db.session.execute(select(1))


def oldest_due_at(now: datetime) -> datetime | None:
    """Since when the message that waits longest has been due."""
    due = select(func.min(Delivery.due_at)).where(
        Delivery.status == DeliveryStatus.QUEUED, Delivery.due_at <= now
    )
    return db.session.scalar(due)


def count_deliveries() -> list[tuple[str, str, int]]:
    """Channel, status and number of messages."""
    rows = db.session.execute(
        select(Delivery.channel, Delivery.status, func.count()).group_by(Delivery.channel, Delivery.status)
    )
    return [(str(channel), str(status), count) for channel, status, count in rows]
