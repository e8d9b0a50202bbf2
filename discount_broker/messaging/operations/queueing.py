"""Putting messages into the outbox, and taking back what has not left."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import or_, update

from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations.texts import note_failed_text
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import (
    find_delivery_for,
)
from discount_broker.messaging.rendering import Rendered
from discount_broker.messaging.rules import (
    UNDO,
)
from discount_broker.messaging.status import (
    DeliveryEvent,
    DeliveryStatus,
    next_status,
)


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
    expires_at: datetime | None = None
    """After this it is of no use any more."""
    by_hand: bool = False
    """A person wrote or sent this very message: it waits half a minute, in which they may take it back."""
    written_with: str = ""
    """The version of the canned text it was begun with."""
    follows: UUID | None = None
    """The delivery it belongs under in the recipient's mailbox."""


def queue_delivery(
    rendered: Rendered,
    envelope: Envelope,
    *,
    purpose: str,
    now: datetime,
    due_at: datetime | None = None,
    delivery_id: UUID | None = None,
) -> Delivery | None:
    """Put a message into the outbox; None when this purpose was served before, so that nothing is said twice.

    The bell is rung at once only for what is due; the sweep rings for the rest. `delivery_id` is given
    where the text itself has to name it.
    """
    if find_delivery_for(purpose) is not None:
        return None
    if envelope.by_hand:
        due_at = max(due_at or now, now + UNDO)
    delivery = _new(rendered, envelope, purpose, now)
    delivery.id, delivery.due_at = delivery_id or uuid4(), due_at or now
    db.session.add(delivery)
    db.session.flush()
    if rendered.failed_version:
        note_failed_text(delivery, rendered, now)
    if due_at is None or due_at <= now:
        enqueue_after_commit(Job.DELIVER, delivery.id)
    return delivery


def _new(rendered: Rendered, envelope: Envelope, purpose: str, now: datetime) -> Delivery:
    return Delivery(
        purpose=purpose,
        template=rendered.message,
        channel=envelope.channel,
        address=envelope.address,
        stop_keys=sorted(envelope.stop_keys),
        language=rendered.language,
        text_version=rendered.text_version,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        sender_name=envelope.sender_name,
        reply_to=envelope.reply_to,
        stop_url=envelope.stop_url,
        by_hand=envelope.by_hand,
        written_with=envelope.written_with,
        follows_id=envelope.follows,
        expires_at=envelope.expires_at,
        created_at=now,
    )


def cancel_queued(purpose: str) -> int:
    """Stop what was to leave for this purpose or one below it (`a:b` is below `a`); how many that were.

    A message a worker has claimed meanwhile is not touched: it is on its way.
    """
    cancelled = db.session.execute(
        update(Delivery)
        .where(
            Delivery.status == DeliveryStatus.QUEUED,
            or_(
                Delivery.purpose == purpose,
                Delivery.purpose.startswith(f"{purpose}:", autoescape=True),
            ),
        )
        .values(status=next_status(DeliveryStatus.QUEUED, DeliveryEvent.STOPPED), due_at=None)
        .returning(Delivery.id)
    )
    return len(cancelled.all())


def reword_queued(delivery_id: UUID, rendered: Rendered) -> bool:
    """Let what has not left say this instead; whether it had not. What a worker has claimed is on its way."""
    reworded = db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.status == DeliveryStatus.QUEUED)
        .values(subject=rendered.subject, text=rendered.text, html=rendered.html)
        .returning(Delivery.id)
    )
    return reworded.scalar() is not None


def cancel_by_hand(delivery_id: UUID) -> bool:
    """Stop a message that a person sent, if no worker has tried it yet; whether it was stopped."""
    cancelled = db.session.execute(
        update(Delivery)
        .where(
            Delivery.id == delivery_id,
            Delivery.status == DeliveryStatus.QUEUED,
            Delivery.by_hand.is_(True),
            Delivery.attempts == 0,
        )
        .values(status=next_status(DeliveryStatus.QUEUED, DeliveryEvent.STOPPED), due_at=None)
        .returning(Delivery.id)
    )
    return cancelled.scalar() is not None
