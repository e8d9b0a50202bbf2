"""News that rings a phone, when it may."""

from datetime import datetime, timedelta

from sqlalchemy import select

from discount_broker.accounts.queries.cards import BuyerWishes
from discount_broker.accounts.status import Means
from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import db
from discount_broker.kernel.short_links import short_code
from discount_broker.kernel.site import site
from discount_broker.messaging.extract.phone_numbers import textable_number, zones_of_number
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import Envelope, cancel_queued, queue_delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.rendering import render_sms
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.catalogue import BuyerMessage, BuyerNews
from discount_broker.notifications.queries import has_been_texted
from discount_broker.notifications.rules import NEWS, when_to_text

NEWS_FOR = timedelta(hours=24)
"""A text that could not leave for so long says nothing new: the mail has been read meanwhile."""


def text(
    message: BuyerMessage,
    *,
    phone: str | None,
    language: str,
    purpose: str,
    now: datetime,
    wishes: BuyerWishes | None = None,
    by_hand: bool = False,
) -> Delivery | None:
    """Send the same news to a buyer's phone, when it may ring; None where it is none for a phone.

    For those alone who gave their number and agreed to texts; nothing happens where no gateway is set
    up, the number takes no texts, or they were told this already. The mail goes out in any case.
    """
    here = site()
    number = textable_number(phone or "", here.time_zone)
    if not here.sends_texts or number is None or not isinstance(message, BuyerNews):
        return None
    if not NEWS[message.message].can_text or is_suppressed([f"phone:{number}"], now):
        return None
    free_at = may_ring_at(number, wishes, now)
    if free_at is None:
        return None
    due_at = paced(free_at, now)
    link = f"{here.base_url}/t/{short_code(message.number)}"
    rendered = render_sms(message, language, here, link=link, is_first=not has_been_texted(number))
    envelope = _envelope_to(number, due_at, by_hand=by_hand)
    return queue_delivery(rendered, envelope, purpose=f"{purpose}:text", now=now, due_at=due_at)


def may_ring_at(number: str, wishes: BuyerWishes | None, now: datetime) -> datetime | None:
    """When a text may leave to this number (E.164): by day, and as its owner wishes; None for never."""
    zones = zones_of_number(number, site().time_zone)
    return when_to_text(now, zones, lambda at: wishes.next_allowed(at, means=Means.SMS) if wishes else at)


def move_texts(phone: str, wishes: BuyerWishes, now: datetime) -> int:
    """Let the texts that wait for this phone wait until they may ring; how many were moved or dropped."""
    number = textable_number(phone, site().time_zone)
    if number is None:
        return 0
    waiting = select(Delivery).where(
        Delivery.channel == ChannelKind.SMS,
        Delivery.address == number,
        Delivery.status == DeliveryStatus.QUEUED,
    )
    return sum(_moved(delivery, wishes, now) for delivery in db.session.scalars(waiting.with_for_update()))


def _moved(delivery: Delivery, wishes: BuyerWishes, now: datetime) -> bool:
    was = max(delivery.due_at or now, now)
    free_at = may_ring_at(delivery.address, wishes, was)
    if free_at is None:
        cancel_queued(delivery.purpose)
        return True
    if free_at == was:
        return False
    delivery.due_at, delivery.expires_at = free_at, free_at + NEWS_FOR
    return True


def _envelope_to(number: str, due_at: datetime, *, by_hand: bool = False) -> Envelope:
    return Envelope(
        channel=ChannelKind.SMS,
        address=number,
        stop_keys=[f"phone:{number}"],
        sender_name=site().service_name,
        expires_at=due_at + NEWS_FOR,
        by_hand=by_hand,
    )
