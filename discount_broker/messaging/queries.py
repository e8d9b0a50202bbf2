"""Reading the outbox and the stop list."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.site import site
from discount_broker.messaging.models import Delivery, SendingHold, Suppression
from discount_broker.messaging.rules import HELD_AGAIN_AFTER
from discount_broker.messaging.status import ChannelKind, DeliveryStatus, FailureReason

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


def is_suppressed(keys: Collection[str], now: datetime | None = None) -> bool:
    """Whether any of these keys stands on the stop list, or an address at a domain that does."""
    asked = {*keys, *(f"domain:{key.rpartition('@')[2]}" for key in keys if key.startswith("email:"))}
    holds = or_(Suppression.until.is_(None), Suppression.until > (now or utcnow()))
    found = select(Suppression.id).where(Suppression.key.in_(asked), holds).limit(1)
    return db.session.scalar(found) is not None


def find_suppression(key: str) -> Suppression | None:
    return db.session.scalar(select(Suppression).where(Suppression.key == key))


def own_sender_key() -> str:
    """Key of the hold that pauses our own sending domain."""
    return f"sender:{site().mail_from.rpartition('@')[2]}"


def find_hold(key: str) -> SendingHold | None:
    return db.session.scalar(select(SendingHold).where(SendingHold.key == key))


def list_holds(now: datetime) -> Sequence[SendingHold]:
    """What is being held back, the oldest first."""
    return db.session.scalars(select(SendingHold).where(_is_in_force(now)).order_by(SendingHold.since)).all()


def held_until(delivery: Delivery, now: datetime) -> datetime | None:
    """When a held message should look again whether it may leave; None where nothing holds it."""
    keys = ["all", f"channel:{delivery.channel}", *delivery.stop_keys]
    if delivery.channel is ChannelKind.EMAIL:
        keys.append(own_sender_key())
    hold = db.session.scalar(select(SendingHold).where(SendingHold.key.in_(keys), _is_in_force(now)).limit(1))
    again = now + HELD_AGAIN_AFTER
    return None if hold is None else min(again, hold.until or again)


def _is_in_force(now: datetime) -> ColumnElement[bool]:
    return or_(SendingHold.until.is_(None), SendingHold.until > now)


def list_policy_domains(since: datetime) -> set[str]:
    """Domains whose servers have refused our mail as such."""
    query = select(Delivery.address).where(
        Delivery.failure == FailureReason.POLICY,
        Delivery.channel == ChannelKind.EMAIL,
        Delivery.created_at > since,
    )
    return {address.rpartition("@")[2].lower() for address in db.session.scalars(query.distinct())}


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
        select(Delivery.channel, Delivery.status, func.count(Delivery.id)).group_by(
            Delivery.channel, Delivery.status
        )
    )
    return [(str(channel), str(status), count) for channel, status, count in rows]
