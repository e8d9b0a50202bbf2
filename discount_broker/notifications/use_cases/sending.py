"""What leaves when its time has come: news that waited, and a word on a birthday."""

from datetime import datetime
from functools import partial
from uuid import UUID

from discount_broker.accounts.models import BuyerCard
from discount_broker.accounts.queries.cards import wishes_of
from discount_broker.kernel.db import db
from discount_broker.kernel.site import site
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.catalogue import Greeting
from discount_broker.notifications.operations import notify, send_due_news_of
from discount_broker.notifications.queries import list_greeted_around, list_waiting_buyers
from discount_broker.notifications.rules import greeting_at


def send_waiting_news(now: datetime) -> int:
    """Send what waited for the end of quiet hours, or for the letter of the day; how many mails it makes."""
    return for_each(list_waiting_buyers(now), partial(_send_waiting, now=now))


@again_if_deadlocked
def _send_waiting(buyer_id: UUID, now: datetime) -> int:
    with transaction():
        return send_due_news_of(buyer_id, now)


def send_greetings(now: datetime) -> int:
    """Greet who has birthday and asked for it, once a year, in the morning of their own clock."""
    return for_each([card.buyer_id for card in list_greeted_around(now)], partial(_greet, now=now))


@again_if_deadlocked
def _greet(buyer_id: UUID, now: datetime) -> bool:
    with transaction():
        card = db.session.get(BuyerCard, buyer_id)
        if card is None or card.birthday is None or not card.wants_greeting:
            return False
        at = greeting_at(card.birthday, now, wishes_of(buyer_id, site().time_zone).zone)
        if at is None or at > now:
            return False
        told = notify(
            Greeting(),
            to=card.buyer.email,
            language=card.buyer.language,
            purpose=f"buyer:{buyer_id}:greeting:{at:%Y}",
            now=now,
        )
        return told is not None
