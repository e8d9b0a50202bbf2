"""Telling buyers: messages are put into the outbox, never sent from here."""

from datetime import datetime

from discount_broker.kernel.site import site
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import Envelope, queue_delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.rendering import render_mail
from discount_broker.notifications.catalogue import BuyerMessage


def notify(
    message: BuyerMessage,
    *,
    to: str,
    language: str,
    purpose: str,
    now: datetime,
    due_at: datetime | None = None,
) -> Delivery | None:
    """Write to a buyer in their language; None when they were told this already (`purpose`)."""
    here = site()
    envelope = Envelope(
        channel=ChannelKind.EMAIL,
        address=to,
        stop_keys=[f"email:{to.lower()}"],
        sender_name=here.service_name,
    )
    return queue_delivery(
        render_mail(message, language, here), envelope, purpose=purpose, now=now, due_at=due_at
    )
