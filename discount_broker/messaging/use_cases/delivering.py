"""Sending what is in the outbox."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, update

from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import IllegalTransition, NotFound
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.site import site
from discount_broker.kernel.sweeping import for_each, in_turn
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction, until_written
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import draw_fate
from discount_broker.messaging.ports import (
    Channel,
    ChannelKind,
    Channels,
    DeliveryFailure,
    FailureReason,
    OutgoingMessage,
    TemporaryFailure,
)
from discount_broker.messaging.queries import get_delivery, held_until, is_suppressed
from discount_broker.messaging.rules import LEASE, may_repeat, next_attempt_at
from discount_broker.messaging.status import DeliveryEvent, DeliveryStatus, next_status
from discount_broker.messaging.use_cases.recording import note_doubt, record_acceptance, record_failure

AS_WRITTEN = {"populate_existing": True, "synchronize_session": False}
"""The row as the statement left it takes the place of the one that was read before."""


def deliver(delivery_id: UUID, channels: Channels, now: datetime) -> DeliveryStatus | None:
    """Send one delivery, unless another worker has it. Claim, send, record."""
    claimed = claim(delivery_id, now)
    if claimed is None:
        return None
    kind, message = claimed
    try:
        receipt = _way(channels, kind).send(message)  # no transaction is open here
    except DeliveryFailure as error:
        failure = error  # Python forgets `error` at the end of this block
        return until_written(lambda: record_failure(delivery_id, failure, now))
    return until_written(lambda: record_acceptance(delivery_id, receipt, now))


def _way(channels: Channels, kind: ChannelKind) -> Channel:
    """The channel; where it was taken out of the settings, what is written already waits or expires."""
    if kind not in channels:
        raise TemporaryFailure(f"nothing is set up that sends {kind}", counts=False)
    return channels[kind]


def claim(delivery_id: UUID, now: datetime) -> tuple[ChannelKind, OutgoingMessage] | None:
    """Take the delivery for this worker: exactly one claimant wins, and a stop wins over all."""
    with transaction() as session:
        delivery = get_delivery(delivery_id)
        event, values = _what_is_due(delivery, now)
        is_mine = (Delivery.status == DeliveryStatus.QUEUED) & (Delivery.due_at <= now)
        taken = update(Delivery).where(Delivery.id == delivery_id, is_mine).values(values)
        won = session.scalar(taken.returning(Delivery), execution_options=AS_WRITTEN)
        if won is None or event is None:
            return None
        if event is not DeliveryEvent.CLAIMED:
            draw_fate(won, now)  # an earlier try may have arrived after all
            enqueue_after_commit(Job.SETTLE_DELIVERY, delivery_id)
            return None
        return won.channel, to_message(won)


def _what_is_due(delivery: Delivery, now: datetime) -> tuple[DeliveryEvent | None, dict[str, Any]]:
    """What happens to a queued message now: it leaves, is stopped, comes too late, or is held a while."""
    if is_suppressed(delivery.stop_keys, now):
        event = DeliveryEvent.STOPPED
        return event, {"status": next_status(DeliveryStatus.QUEUED, event), "due_at": None}
    if delivery.expires_at is not None and delivery.expires_at <= now:
        event = DeliveryEvent.EXPIRED
        ended = {"status": next_status(DeliveryStatus.QUEUED, event), "due_at": None}
        return event, ended | {"failure": FailureReason.EXPIRED}
    if held := held_until(delivery, now):
        return None, {"due_at": held}
    return DeliveryEvent.CLAIMED, {
        "status": next_status(DeliveryStatus.QUEUED, DeliveryEvent.CLAIMED),
        "attempts": Delivery.attempts + 1,
        "leased_until": now + LEASE,
        "due_at": None,
    }


def requeue_lost(now: datetime) -> int:
    """Ring again for everything that is due, and end the leases of workers that never came back."""
    forgotten = select(Delivery.id).where(_is_forgotten(now))
    return in_turn(
        lambda: for_each(db.session.scalars(forgotten).all(), partial(_end_lease_of, now=now)),
        lambda: _ring_due(now),
    )


def _is_forgotten(now: datetime) -> ColumnElement[bool]:
    return and_(Delivery.status == DeliveryStatus.SENDING, Delivery.leased_until < now)


def _ring_due(now: datetime) -> int:
    with transaction() as session:
        due = select(Delivery.id).where(Delivery.status == DeliveryStatus.QUEUED, Delivery.due_at <= now)
        waiting = session.scalars(due).all()
        for delivery_id in waiting:
            enqueue_after_commit(Job.DELIVER, delivery_id)
        return len(waiting)


def _end_lease_of(delivery_id: UUID, now: datetime) -> None:
    with transaction() as session:
        still = select(Delivery).where(Delivery.id == delivery_id, _is_forgotten(now)).with_for_update()
        delivery = session.scalars(still).one_or_none()
        if delivery is not None:
            _end_lease(delivery, now)


def _end_lease(delivery: Delivery, now: datetime) -> None:
    """Nobody knows how far its worker came: it may have left."""
    is_heard_of = bool(delivery.receipts)
    doubts = note_doubt(delivery)
    delivery.leased_until = None
    may_go_again = may_repeat(delivery.channel, doubts) and not is_heard_of
    if may_go_again and next_attempt_at(delivery.attempts, now) is not None:
        delivery.status = next_status(delivery.status, DeliveryEvent.POSTPONED)
        delivery.due_at = now
        return
    delivery.status = next_status(delivery.status, DeliveryEvent.LOST)
    draw_fate(delivery, now)  # a receipt shows that it has left, whoever has forgotten to say so
    enqueue_after_commit(Job.SETTLE_DELIVERY, delivery.id)


def to_message(delivery: Delivery) -> OutgoingMessage:
    bounce_token = issue_token(Purpose.BOUNCE, delivery.id, delivery.created_at)
    return OutgoingMessage(
        to=delivery.address,
        subject=delivery.subject,
        text=delivery.text,
        html=delivery.html,
        language=delivery.language,
        idempotency_key=str(delivery.id),
        sender_name=delivery.sender_name,
        reply_to=delivery.reply_to,
        bounce_to=f"bounce+{bounce_token}@{site().mail_domain}",
        stop_url=delivery.stop_url,
        in_reply_to=str(delivery.follows_id or ""),
        by_hand=delivery.by_hand,
        feedback_id=f"{delivery.template}:{delivery.channel}",
        expires_at=delivery.expires_at,
    )


def resolve_unknown(delivery_id: UUID, now: datetime, *, arrived: bool) -> DeliveryStatus:
    """A person found out what became of a message whose outcome was not known.

    Raises:
        NotFound: there is no such message.
        IllegalTransition: its outcome is known.

    """
    with transaction():
        delivery = find_row(Delivery, delivery_id, lock=True)
        if delivery is None:
            raise NotFound("delivery")
        event = DeliveryEvent.ACCEPTED if arrived else DeliveryEvent.REFUSED
        if delivery.status is not DeliveryStatus.UNKNOWN:
            raise IllegalTransition(delivery.status, event)
        delivery.status = next_status(delivery.status, event)
        if arrived:
            delivery.sent_at = now
        enqueue_after_commit(Job.SETTLE_DELIVERY, delivery.id)
        return delivery.status
