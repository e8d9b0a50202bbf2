"""What leaves when its time has come: news that waited, and a word on a birthday."""

from datetime import datetime

from discount_broker.accounts.queries.cards import wishes_of
from discount_broker.kernel.site import site
from discount_broker.kernel.transaction import transaction
from discount_broker.notifications.catalogue import Greeting
from discount_broker.notifications.operations import notify, send_due_news_of
from discount_broker.notifications.queries import list_greeted_around, list_waiting_buyers
from discount_broker.notifications.rules import greeting_at


def send_waiting_news(now: datetime) -> int:
    """Send what waited for the end of quiet hours, or for the letter of the day; how many mails it makes."""
    letters = 0
    for buyer_id in list_waiting_buyers(now):
        with transaction():
            letters += send_due_news_of(buyer_id, now)
    return letters


def send_greetings(now: datetime) -> int:
    """Greet who has birthday and asked for it, once a year, in the morning of their own clock."""
    greeted = 0
    for card in list_greeted_around(now):
        with transaction():
            zone = wishes_of(card.buyer_id, site().time_zone).zone
            at = greeting_at(card.birthday, now, zone) if card.birthday else None
            if at is None or at > now:
                continue
            told = notify(
                Greeting(),
                to=card.buyer.email,
                language=card.buyer.language,
                purpose=f"buyer:{card.buyer_id}:greeting:{at:%Y}",
                now=now,
            )
            greeted += told is not None
    return greeted
