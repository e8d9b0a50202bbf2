"""Telling buyers: messages are put into the outbox, never sent from here."""

from datetime import datetime, timedelta

from discount_broker.kernel.clock import paced
from discount_broker.kernel.short_links import short_code
from discount_broker.kernel.site import site
from discount_broker.messaging.extract.phone_numbers import textable_number, zones_of_number
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import Envelope, queue_delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.rendering import render_mail, render_sms
from discount_broker.notifications.catalogue import (
    BuyerMessage,
    OfferConfirmed,
    OfferMade,
    ShopWillCall,
)
from discount_broker.notifications.queries import has_been_texted
from discount_broker.notifications.rules import when_to_ring

TextMessage = OfferMade | ShopWillCall | OfferConfirmed
"""News for which a phone may ring."""
NEWS_FOR = timedelta(hours=24)
"""A text that could not leave for so long says nothing new: the mail has been read meanwhile."""


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


def text(
    message: BuyerMessage, *, phone: str | None, language: str, purpose: str, now: datetime
) -> Delivery | None:
    """Send the same news to a buyer's phone, by day; None where it is none for a phone.

    For those alone who gave their number and agreed to texts; nothing happens where no gateway is set
    up, the number takes no texts, or they were told this already. The mail goes out in any case.
    """
    here = site()
    number = textable_number(phone or "", here.time_zone)
    if not here.sends_texts or number is None or not isinstance(message, TextMessage):
        return None
    if is_suppressed([f"phone:{number}"], now):
        return None
    due_at = paced(when_to_ring(now, zones_of_number(number, here.time_zone)), now)
    link = f"{here.base_url}/t/{short_code(message.number)}"
    rendered = render_sms(message, language, here, link=link, is_first=not has_been_texted(number))
    return queue_delivery(
        rendered, _envelope_to(number, due_at), purpose=f"{purpose}:text", now=now, due_at=due_at
    )


def _envelope_to(number: str, due_at: datetime) -> Envelope:
    return Envelope(
        channel=ChannelKind.SMS,
        address=number,
        stop_keys=[f"phone:{number}"],
        sender_name=site().service_name,
        expires_at=due_at + NEWS_FOR,
    )
