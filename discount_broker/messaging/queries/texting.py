"""How many text messages arrive."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import ChannelKind, DeliveryStatus

NO_WORD = timedelta(days=3)
"""A phone that has not been reached for so long will not get the text any more."""


@dataclass(frozen=True)
class TextShare:
    """What became of the texts of a while."""

    texts: int
    """That were tried; those still on their way among them."""
    delivered: int
    undelivered: int
    """Refused, come back, or without a word from the phone for three days."""

    @property
    def share(self) -> float | None:
        """How many of those whose end is known did not arrive; None where none is known."""
        known = self.delivered + self.undelivered
        return self.undelivered / known if known else None


def share_undelivered(since: datetime, now: datetime) -> TextShare:
    """What became of the SMS that were written since then."""
    ended_badly = Delivery.status.in_((DeliveryStatus.FAILED, DeliveryStatus.BOUNCED))
    is_sent = Delivery.status == DeliveryStatus.SENT
    is_silent = and_(is_sent, Delivery.delivered_at.is_(None), Delivery.sent_at < now - NO_WORD)
    counted = select(
        func.count(Delivery.id),
        func.count(Delivery.id).filter(is_sent, Delivery.delivered_at.is_not(None)),
        func.count(Delivery.id).filter(or_(ended_badly, is_silent)),
    ).where(
        Delivery.channel == ChannelKind.SMS,
        Delivery.created_at >= since,
        Delivery.status.not_in((DeliveryStatus.QUEUED, DeliveryStatus.STOPPED)),
    )
    texts, delivered, undelivered = db.session.execute(counted).one()
    return TextShare(texts, delivered, undelivered)
