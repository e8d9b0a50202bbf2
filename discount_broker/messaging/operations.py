"""What other slices do to the outbox and the stop list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.messaging.models import Delivery, DeliveryReceipt, SendingHold, Suppression
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import (
    find_delivery_for,
    find_hold,
    find_suppression,
    list_policy_domains,
    own_sender_key,
)
from discount_broker.messaging.rendering import Rendered
from discount_broker.messaging.rules import (
    DOMAINS_THAT_PAUSE,
    PAUSE,
    POLICY_WINDOW,
    UNDO,
    Heard,
    fate_of,
)
from discount_broker.messaging.status import (
    DeliveryEvent,
    DeliveryStatus,
    FailureReason,
    ReceiptKind,
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
    follows: UUID | None = None
    """The delivery it belongs under in the recipient's mailbox."""


def queue_delivery(
    rendered: Rendered, envelope: Envelope, *, purpose: str, now: datetime, due_at: datetime | None = None
) -> Delivery | None:
    """Put a message into the outbox; None when this purpose was served before, so that nothing is said twice.

    The bell is rung at once only for what is due; the sweep rings for the rest.
    """
    if find_delivery_for(purpose) is not None:
        return None
    if envelope.by_hand:
        due_at = max(due_at or now, now + UNDO)
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
        by_hand=envelope.by_hand,
        follows_id=envelope.follows,
        expires_at=envelope.expires_at,
        created_at=now,
        due_at=due_at or now,
    )
    db.session.add(delivery)
    db.session.flush()
    if due_at is None or due_at <= now:
        enqueue_after_commit(Job.DELIVER, delivery.id)
    return delivery


def suppress(
    key: str,
    *,
    reason: str,
    cause: str,
    now: datetime,
    until: datetime | None = None,
    operator_id: UUID | None = None,
) -> None:
    """Put a key on the stop list, for good or `until` then.

    The first reason stays where there is one already, but a pause may grow longer and become a stop.
    """
    known = find_suppression(key)
    if known is None:
        stop = Suppression(
            key=key, reason=reason, cause=cause, until=until, operator_id=operator_id, created_at=now
        )
        known = add_or_find(stop, lambda: find_suppression(key))
    if known.until is not None and (until is None or until > known.until):
        known.until, known.reason, known.cause = until, reason, cause


def withhold(
    key: str,
    *,
    reason: str,
    cause: str,
    now: datetime,
    until: datetime | None = None,
    operator_id: UUID | None = None,
) -> None:
    """Let nothing leave under this key; a person's hold takes the place of an alarm's."""
    hold = find_hold(key)
    if hold is None:
        new = SendingHold(
            key=key, reason=reason, cause=cause, since=now, until=until, operator_id=operator_id
        )
        add_or_find(new, lambda: find_hold(key))
    elif operator_id is not None or (hold.until is not None and hold.until <= now):
        hold.reason, hold.cause, hold.until, hold.operator_id = reason, cause, until, operator_id


def release(key: str) -> None:
    """Lift a hold; what waited under it looks again within `HELD_AGAIN_AFTER`."""
    db.session.execute(delete(SendingHold).where(SendingHold.key == key))


def note_receipt(
    delivery: Delivery, kind: ReceiptKind, *, reference: str, detail: str, at: datetime, now: datetime
) -> None:
    """Keep a receipt of a locked delivery and let all of them together say what became of it."""
    known = select(DeliveryReceipt).where(
        DeliveryReceipt.delivery_id == delivery.id,
        DeliveryReceipt.kind == kind,
        DeliveryReceipt.reference == reference,
    )
    if db.session.scalar(known) is not None:
        return
    delivery.receipts.append(
        DeliveryReceipt(kind=kind, reference=reference, detail=detail[:500], at=at, received_at=now)
    )
    db.session.flush()
    draw_fate(delivery, now)
    enqueue_after_commit(Job.SETTLE_DELIVERY, delivery.id)


def draw_fate(delivery: Delivery, now: datetime) -> None:
    """Bring a message that has left to where its receipts say it is."""
    if delivery.status in (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.STOPPED):
        return  # still in our hands: the receipts are looked at when it has left
    fate = fate_of(Heard(receipt.kind, receipt.at, receipt.detail) for receipt in delivery.receipts)
    delivery.delivered_at = fate.delivered_at
    has_arrived = fate.event is DeliveryEvent.ACCEPTED and delivery.status is DeliveryStatus.SENT
    if fate.event is None or has_arrived:
        return
    delivery.status = next_status(delivery.status, fate.event)
    delivery.sent_at = delivery.sent_at or delivery.created_at
    delivery.failure = fate.failure
    if fate.failure is not None:
        delivery.last_error = fate.detail
        note_policy(delivery, now)


def note_policy(delivery: Delivery, now: datetime) -> None:
    """Pause a sending domain whose mail is refused as such by several servers; never their addresses."""
    if delivery.failure is not FailureReason.POLICY or delivery.channel is not ChannelKind.EMAIL:
        return
    db.session.flush()
    if len(list_policy_domains(now - POLICY_WINDOW)) >= DOMAINS_THAT_PAUSE:
        cause = delivery.last_error or ""
        withhold(own_sender_key(), reason="policy", cause=cause, now=now, until=now + PAUSE)


def cancel_by_hand(delivery_id: UUID) -> bool:
    """Stop a message that a person sent, if no worker has it yet; whether it was stopped."""
    cancelled = db.session.execute(
        update(Delivery)
        .where(
            Delivery.id == delivery_id, Delivery.status == DeliveryStatus.QUEUED, Delivery.by_hand.is_(True)
        )
        .values(status=next_status(DeliveryStatus.QUEUED, DeliveryEvent.STOPPED), due_at=None)
        .returning(Delivery.id)
    )
    return cancelled.scalar() is not None


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
