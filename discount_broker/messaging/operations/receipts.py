"""What receipts make of a message that has left."""

from datetime import datetime

from sqlalchemy import select

from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.messaging.models import Delivery, DeliveryReceipt
from discount_broker.messaging.operations.stopping import suppress, withhold
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import (
    list_policy_domains,
    own_sender_key,
)
from discount_broker.messaging.rules import (
    DOMAINS_THAT_PAUSE,
    PAUSE,
    POLICY_WINDOW,
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
    if kind is ReceiptKind.COMPLAINT:
        _obey(delivery, now)
    draw_fate(delivery, now)
    enqueue_after_commit(Job.SETTLE_DELIVERY, delivery.id)


def _obey(delivery: Delivery, now: datetime) -> None:
    """Somebody called our mail spam: from this very moment nothing leaves to them, whatever bell is lost."""
    for key in delivery.stop_keys:
        suppress(key, reason="complaint", cause=f"complaint about: {delivery.subject}", now=now)


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
