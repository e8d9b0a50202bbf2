"""What other slices do to the outbox and the stop list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.messaging.models import Delivery, Suppression
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import find_delivery_for, find_suppression
from discount_broker.messaging.rendering import Rendered
from discount_broker.messaging.status import DeliveryEvent, DeliveryStatus, next_status


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Where a message goes, and how it can be answered and forbidden."""

    channel: ChannelKind
    address: str
    stop_keys: Collection[str]
    """Entries of the stop list that forbid it, e.g. `email:info@shop.example`, `shop:shop.example`."""
    sender_name: str = ""
    reply_to: str = ""
    stop_url: str = ""


def queue_delivery(
    rendered: Rendered, envelope: Envelope, *, purpose: str, now: datetime, due_at: datetime | None = None
) -> Delivery | None:
    """Put a message into the outbox; None when this purpose was served before, so that nothing is said twice.

    The bell is rung at once only for what is due; the sweep rings for the rest.
    """
    if find_delivery_for(purpose) is not None:
        return None
    delivery = Delivery(
        purpose=purpose,
        template=rendered.message,
        channel=envelope.channel,
        address=envelope.address,
        stop_keys=sorted(envelope.stop_keys),
        language=rendered.language,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        sender_name=envelope.sender_name,
        reply_to=envelope.reply_to,
        stop_url=envelope.stop_url,
        created_at=now,
        due_at=due_at or now,
    )
    db.session.add(delivery)
    db.session.flush()
    if due_at is None or due_at <= now:
        enqueue_after_commit(Job.DELIVER, delivery.id)
    return delivery


def suppress(key: str, *, reason: str, cause: str, now: datetime) -> None:
    """Put a key on the stop list; the first reason stays where there is one already."""
    if find_suppression(key) is None:
        stop = Suppression(key=key, reason=reason, cause=cause, created_at=now)
        add_or_find(stop, lambda: find_suppression(key))


def cancel_queued(purpose_prefix: str) -> int:
    """Stop what has not left yet and is no longer wanted; how many messages that were.

    A message a worker has claimed meanwhile is not touched: it is on its way.
    """
    cancelled = db.session.execute(
        update(Delivery)
        .where(
            Delivery.status == DeliveryStatus.QUEUED,
            Delivery.purpose.startswith(purpose_prefix, autoescape=True),
        )
        .values(status=next_status(DeliveryStatus.QUEUED, DeliveryEvent.STOPPED), due_at=None)
        .returning(Delivery.id)
    )
    return len(cancelled.all())
