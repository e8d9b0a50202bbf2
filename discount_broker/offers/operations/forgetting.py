"""Taking one buyer out of everything: nothing but numbers stays of them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from discount_broker.accounts.models import Buyer, BuyerCard, BuyerNote, ContactWish
from discount_broker.accounts.queries.buyers import list_merged_into
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries.buyers import list_asked, list_messages_to
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import PhoneCall
from discount_broker.kernel.db import db
from discount_broker.kernel.site import site
from discount_broker.messaging.extract.phone_numbers import textable_number
from discount_broker.messaging.models import Delivery, Suppression
from discount_broker.messaging.operations import cancel_queued
from discount_broker.messaging.queries.stopping import find_suppression, hashed
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.models import NewsItem, NewsPreference
from discount_broker.notifications.status import NewsState
from discount_broker.offers.models import CounterOffer, Offer
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations.forgetting import blank_conversations, veil_everywhere
from discount_broker.watches.models import Watch
from discount_broker.watches.status import WatchStatus

EVERYTHING = 100_000
NEVER_SIGNED = (RequestStatus.DRAFT, RequestStatus.UNCONFIRMED)
SHORTEST_SECRET = 4
"""What is shorter stands in other words too, and tells nothing by itself."""
NO_SYNC = {"synchronize_session": False}


def is_open(request: DiscountRequest) -> bool:
    return request.status not in (*NEVER_SIGNED, RequestStatus.CLOSED)


def forget(buyer: Buyer, now: datetime) -> None:
    """Keep that somebody asked, when, for what, and what came of it; and their "stop" as a hash."""
    asked = list_asked(buyer.id, EVERYTHING)
    db.session.flush()
    cards = [buyer, *list_merged_into(buyer.id)]
    known, written = known_by(buyer, asked), _written_by(asked)
    _keep_stops(stop_keys(known))
    _blank_messages(list_messages_to(buyer, EVERYTHING), buyer)
    blank_conversations(buyer.id, known)
    owners = [card.id for card in cards]
    for model in (BuyerCard, ContactWish, BuyerNote, NewsPreference):
        db.session.execute(delete(model).where(model.buyer_id.in_(owners)), execution_options=NO_SYNC)
    _blank_news(owners)
    _end_watches(owners, now)
    _blank_words_to_shops([request.id for request in asked])
    for request in asked:
        request.phone, request.note, request.best_time, request.city = None, "", "", ""
        request.may_contact_directly = request.wants_texts = False
    for card in cards:
        card.email, card.phone, card.email_confirmed_at = f"{card.id}@erased.invalid", None, None
        card.erased_at, card.deletion_due_at = now, None
    db.session.flush()
    db.session.execute(update(PhoneCall).where(PhoneCall.number.in_(known)).values(number=""))
    veil_everywhere([request.id for request in asked], known | written)


def known_by(buyer: Buyer, asked: Iterable[DiscountRequest]) -> set[str]:
    """Every spelling of the addresses and phones of a buyer."""
    cards = [buyer, *list_merged_into(buyer.id)]
    given = [*(card.phone for card in cards), *(request.phone for request in asked)]
    phones = {phone for phone in given if phone}
    numbers = {textable_number(phone, site().time_zone) for phone in phones}
    return {*(card.email for card in cards), *phones, *(number for number in numbers if number)}


def _written_by(asked: Iterable[DiscountRequest]) -> set[str]:
    said = {text.strip() for request in asked for text in (request.note, request.best_time)}
    return {text for text in said if len(text) >= SHORTEST_SECRET}


def stop_keys(known: Iterable[str]) -> list[str]:
    return [f"email:{word}" if "@" in word else f"phone:{word}" for word in known]


def _keep_stops(keys: Iterable[str]) -> None:
    """A "stop" survives its author: by a keyed hash, which names nobody."""
    for key in keys:
        stop = find_suppression(key)
        if stop is None:
            continue
        if find_suppression(hashed(key)) is None:
            db.session.add(
                Suppression(key=hashed(key), reason=stop.reason, until=stop.until, created_at=stop.created_at)
            )
        db.session.delete(stop)
    db.session.flush()


def _blank_messages(messages: Iterable[Delivery], buyer: Buyer) -> None:
    """What was written to them: that it was, when, and how it fared stays."""
    gone: dict[str, Any] = {"subject": "", "text": "", "html": None, "reply_to": "", "stop_url": ""}
    gone |= {"stop_keys": [], "evidence": {}, "last_error": None, "provider_reference": None}
    for message in messages:
        if message.status is DeliveryStatus.QUEUED:
            cancel_queued(message.purpose)
        for receipt in message.receipts:
            receipt.detail = receipt.reference = str(receipt.id)
        db.session.execute(
            update(Delivery)
            .where(Delivery.id == message.id)
            .values(**gone, address=f"{buyer.id}@erased.invalid")
        )
    db.session.flush()


def _blank_news(owners: Collection[UUID]) -> None:
    """That something was told stays, and nothing of what it said; what waits is told no more."""
    theirs = update(NewsItem).where(NewsItem.buyer_id.in_(owners))
    blank = theirs.values(headline="", link="", facts={})
    waiting = theirs.where(NewsItem.state == NewsState.WAITING).values(state=NewsState.DROPPED, due_at=None)
    for change in (blank, waiting):
        db.session.execute(change, execution_options=NO_SYNC)


def _end_watches(owners: Collection[UUID], now: datetime) -> None:
    theirs = update(Watch).where(Watch.buyer_id.in_(owners), Watch.status == WatchStatus.WATCHING)
    ended = theirs.values(status=WatchStatus.ENDED, ended_at=now)
    db.session.execute(ended, execution_options=NO_SYNC)


def _blank_words_to_shops(request_ids: Collection[UUID]) -> None:
    """What the buyer wrote beside a counter-offer and beside a "no"."""
    theirs = select(Outreach.id).where(Outreach.discount_request_id.in_(request_ids))
    db.session.execute(
        update(CounterOffer).where(CounterOffer.outreach_id.in_(theirs)).values(words=""),
        execution_options=NO_SYNC,
    )
    db.session.execute(
        update(Offer).where(Offer.outreach_id.in_(theirs)).values(decline_words=""), execution_options=NO_SYNC
    )
