"""What people want to hear no more: a text that says STOP, a press in a mail, a mail program's own button."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from discount_broker.accounts.models import BuyerCard
from discount_broker.accounts.operations.consents import take_back
from discount_broker.accounts.queries.buyers import list_buyers_with_phone
from discount_broker.accounts.rules.consents import BY_MAIL
from discount_broker.accounts.status import ConsentKind
from discount_broker.kernel.db import db
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.messaging.extract.stop_words import says_stop
from discount_broker.messaging.operations import suppress
from discount_broker.notifications.operations import set_way, stop_more_than_asked, stop_texts_of
from discount_broker.notifications.queries import Reader, reader_of
from discount_broker.notifications.rules import REQUIRED
from discount_broker.notifications.status import NewsKind, NewsWay

LONGEST_CAUSE = 300


def hear_text(phone: str, words: str, provider: str, now: datetime) -> bool:
    """Take a text from a phone: a stop counts at once and for good, anything else is not for us.

    Nothing is answered, for an answer would cost, and after a stop it would be one text too many.
    Returns whether it was a stop.
    """
    if not says_stop(words):
        return False
    _stop(phone, reason="sms", cause=f"{provider}: {words.strip()[:LONGEST_CAUSE]}", now=now)
    return True


def stop_texts(phone: str, cause: str, now: datetime) -> None:
    """Text this phone never again: its owner pressed the button."""
    _stop(phone, reason="page", cause=cause, now=now)


def _stop(phone: str, *, reason: str, cause: str, now: datetime) -> None:
    with transaction():
        suppress(f"phone:{phone}", reason=reason, cause=cause, now=now)
        for buyer in list_buyers_with_phone(phone):
            stop_texts_of(buyer.id, by="stop", now=now)


def unsubscribe(delivery_id: UUID, now: datetime, *, by: str) -> None:
    """Send no more news of the kinds that this mail told; letters that must come are no such kind.

    Raises:
        NotFound: the mail was none to a buyer who is still known.

    """
    with transaction():
        reader = reader_of(delivery_id)
        _switch_off(reader.buyer_id, reader.kinds, by, now)


@again_if_deadlocked
def unsubscribe_from_all(delivery_id: UUID, now: datetime) -> None:
    """Send the buyer who got this mail nothing but what must come.

    Raises:
        NotFound: likewise.

    """
    with transaction():
        reader = reader_of(delivery_id)
        _switch_off(reader.buyer_id, list(NewsKind), "unsubscribe", now)
        _end_texts(reader, now)
        _end_more(reader, now)


def unsubscribe_from_texts(delivery_id: UUID, now: datetime) -> None:
    """Send the buyer who got this mail no SMS any more; the mails stay as they were.

    Raises:
        NotFound: likewise.

    """
    with transaction():
        _end_texts(reader_of(delivery_id), now)


@again_if_deadlocked
def unsubscribe_from_more(delivery_id: UUID, now: datetime) -> None:
    """Send the buyer who got this mail nothing beyond their own requests and watches.

    Raises:
        NotFound: likewise.

    """
    with transaction():
        _end_more(reader_of(delivery_id), now)


def choose_ways(delivery_id: UUID, ways: Mapping[NewsKind, NewsWay], now: datetime) -> None:
    """Let the buyer who got this mail choose how each kind of news comes.

    Raises:
        NotFound: likewise.

    """
    with transaction():
        buyer_id = reader_of(delivery_id).buyer_id
        for kind, way in ways.items():
            set_way(buyer_id, kind, way, by="unsubscribe", now=now)


def _switch_off(buyer_id: UUID, kinds: Collection[NewsKind], by: str, now: datetime) -> None:
    for kind in kinds:
        if kind not in REQUIRED:
            set_way(buyer_id, kind, NewsWay.NONE, by=by, now=now)
    card = db.session.get(BuyerCard, buyer_id)
    if NewsKind.GREETING in kinds and card is not None:
        card.wants_greeting = False


def _end_texts(reader: Reader, now: datetime) -> None:
    take_back(reader.buyer_id, ConsentKind.TEXTS, reader.language, BY_MAIL, now)
    stop_texts_of(reader.buyer_id, by="unsubscribe", now=now)


def _end_more(reader: Reader, now: datetime) -> None:
    if take_back(reader.buyer_id, ConsentKind.NEWS, reader.language, BY_MAIL, now):
        stop_more_than_asked(reader.buyer_id)
