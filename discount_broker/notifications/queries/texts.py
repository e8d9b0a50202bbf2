"""What was texted, and to whom."""

from uuid import UUID

from sqlalchemy import select

from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.status import DeliveryStatus


def has_been_texted(phone: str) -> bool:
    """Whether this phone was told before who we are and how to stop us."""
    sent = select(Delivery.id).where(
        Delivery.channel == ChannelKind.SMS,
        Delivery.address == phone,
        Delivery.status.not_in((DeliveryStatus.FAILED, DeliveryStatus.STOPPED)),
    )
    return db.session.scalar(sent.limit(1)) is not None


def list_texts_to(phone: str) -> list[UUID]:
    """Ids of the messages that went to a phone, the newest first."""
    texts = select(Delivery.id).where(Delivery.channel == ChannelKind.SMS, Delivery.address == phone)
    return list(db.session.scalars(texts.order_by(Delivery.created_at.desc()).limit(100)))
