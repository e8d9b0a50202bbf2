"""A buyer wants to be forgotten: their requests end politely, and nothing but numbers stays of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from discount_broker.accounts.models import Buyer, BuyerCard, BuyerNote, ContactWish
from discount_broker.accounts.operations import note_change
from discount_broker.accounts.operations.cards import kept_buyer, subject_of
from discount_broker.accounts.queries.buyers import list_merged_into
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries.buyers import list_asked, list_messages_to
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import PhoneCall
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.messaging.extract.phone_numbers import textable_number
from discount_broker.messaging.models import Delivery, Suppression
from discount_broker.messaging.operations import cancel_queued
from discount_broker.messaging.queries.stopping import find_suppression, hashed
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.use_cases.declining import withdraw
from discount_broker.outreach.operations.forgetting import blank_conversations, veil_everywhere
from discount_broker.outreach.queries.buyers import list_letters_of_buyer

EVERYTHING = 100_000
NEVER_SIGNED = (RequestStatus.DRAFT, RequestStatus.UNCONFIRMED)
SHORTEST_SECRET = 4
"""What is shorter stands in other words too, and tells nothing by itself."""


@dataclass(frozen=True)
class Erasure:
    """What an erasure would do; nothing of it has happened yet."""

    buyer: Buyer
    open_requests: int
    requests: int
    messages: int
    letters: int
    is_stopped: bool
    """Their address or phone stands on the stop list: that survives, without naming them."""


def plan_erasure(buyer_id: UUID) -> Erasure:
    """Look at what an erasure would do."""
    buyer, asked = kept_buyer(buyer_id), list_asked(buyer_id, EVERYTHING)
    return Erasure(
        buyer,
        open_requests=sum(_is_open(request) for request in asked),
        requests=len(asked),
        messages=len(list_messages_to(buyer, EVERYTHING)),
        letters=len(list_letters_of_buyer(buyer_id, EVERYTHING)),
        is_stopped=any(find_suppression(key) for key in _stop_keys(_known_by(buyer, asked))),
    )


@again_if_deadlocked
def erase_buyer(buyer_id: UUID, typed: str, operator_id: UUID, now: datetime) -> None:
    """Forget a buyer. Their open requests are withdrawn first; what is counted stays without a person.

    Args:
        buyer_id: the buyer.
        typed: their address, as the lead typed it to confirm.
        operator_id: the lead.
        now: aware.

    Raises:
        Refused: `confirm_missing`: another address was typed.

    """
    with transaction():
        buyer = kept_buyer(buyer_id)
        if typed.strip().lower() != buyer.email:
            raise Refused("confirm_missing", "address")
        find_row(Buyer, buyer_id, lock=True)
        asked = list_asked(buyer_id, EVERYTHING)
        for request in asked:
            if _is_open(request):
                withdraw(find_row(DiscountRequest, request.id, lock=True) or request, now)
        _forget(buyer, asked, now)
        note_change("buyer_erased", now, operator_id, subject=subject_of(buyer_id), requests=len(asked))


def _is_open(request: DiscountRequest) -> bool:
    return request.status not in (*NEVER_SIGNED, RequestStatus.CLOSED)


def _forget(buyer: Buyer, asked: list[DiscountRequest], now: datetime) -> None:
    db.session.flush()
    cards = [buyer, *list_merged_into(buyer.id)]
    known, written = _known_by(buyer, asked), _written_by(asked)
    _keep_stops(_stop_keys(known))
    _blank_messages(list_messages_to(buyer, EVERYTHING), buyer)
    blank_conversations(buyer.id, known)
    for model in (BuyerCard, ContactWish, BuyerNote):
        owner = model.buyer_id.in_([card.id for card in cards])
        db.session.execute(delete(model).where(owner), execution_options={"synchronize_session": False})
    for request in asked:
        request.phone, request.note, request.best_time = None, "", ""
        request.may_contact_directly = request.wants_texts = False
    for card in cards:
        card.email, card.phone, card.email_confirmed_at = f"{card.id}@erased.invalid", None, None
        card.erased_at = now
    db.session.flush()
    db.session.execute(update(PhoneCall).where(PhoneCall.number.in_(known)).values(number=""))
    veil_everywhere([request.id for request in asked], known | written)


def _known_by(buyer: Buyer, asked: Iterable[DiscountRequest]) -> set[str]:
    """Every spelling of the addresses and phones of a buyer."""
    cards = [buyer, *list_merged_into(buyer.id)]
    given = [*(card.phone for card in cards), *(request.phone for request in asked)]
    phones = {phone for phone in given if phone}
    numbers = {textable_number(phone, site().time_zone) for phone in phones}
    return {*(card.email for card in cards), *phones, *(number for number in numbers if number)}


def _written_by(asked: Iterable[DiscountRequest]) -> set[str]:
    said = {text.strip() for request in asked for text in (request.note, request.best_time)}
    return {text for text in said if len(text) >= SHORTEST_SECRET}


def _stop_keys(known: Iterable[str]) -> list[str]:
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
