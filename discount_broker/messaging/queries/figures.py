"""Figures for whoever watches the service: what was heard, what left last, what should have left long ago."""

from datetime import datetime

from sqlalchemy import exists, func, or_, select

from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery, DeliveryReceipt
from discount_broker.messaging.rules import HELD_AGAIN_AFTER
from discount_broker.messaging.status import ChannelKind, DeliveryStatus


def count_receipts() -> list[tuple[str, int]]:
    """Kind and number of what was heard of messages."""
    rows = db.session.execute(
        select(DeliveryReceipt.kind, func.count(DeliveryReceipt.id)).group_by(DeliveryReceipt.kind)
    )
    return [(str(kind), count) for kind, count in rows]


def last_sent_at() -> datetime | None:
    return db.session.scalar(select(func.max(Delivery.sent_at)))


def is_any_overdue(written_before: datetime, now: datetime) -> bool:
    """Whether a message from before then still waits that should leave now: held, refused or forgotten."""
    wants_to_leave = or_(Delivery.due_at <= now + HELD_AGAIN_AFTER, Delivery.attempts > 0)
    waiting = exists().where(
        Delivery.status.in_((DeliveryStatus.QUEUED, DeliveryStatus.SENDING)),
        or_(Delivery.status == DeliveryStatus.SENDING, wants_to_leave),
        Delivery.created_at <= written_before,
    )
    return bool(db.session.scalar(select(waiting)))


def count_letters_sent(since: datetime, until: datetime) -> int:
    """Mails to shops that left in between; those alone carry the link that stops us."""
    query = select(func.count(Delivery.id)).where(
        Delivery.channel == ChannelKind.EMAIL,
        Delivery.stop_url != "",
        Delivery.sent_at >= since,
        Delivery.sent_at < until,
    )
    return db.session.scalar(query) or 0
