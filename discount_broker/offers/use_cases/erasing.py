"""A buyer wants to be forgotten: their requests end politely, and nothing but numbers stays of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from discount_broker.accounts.models import Buyer
from discount_broker.accounts.operations import note_change
from discount_broker.accounts.operations.cards import kept_buyer, subject_of
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries.buyers import list_asked, list_messages_to
from discount_broker.kernel.db import find_row
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.messaging.queries.stopping import find_suppression
from discount_broker.offers.operations.forgetting import EVERYTHING, forget, is_open, known_by, stop_keys
from discount_broker.offers.use_cases.declining import withdraw
from discount_broker.outreach.queries.buyers import list_letters_of_buyer


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
        open_requests=sum(is_open(request) for request in asked),
        requests=len(asked),
        messages=len(list_messages_to(buyer, EVERYTHING)),
        letters=len(list_letters_of_buyer(buyer_id, EVERYTHING)),
        is_stopped=any(find_suppression(key) for key in stop_keys(known_by(buyer, asked))),
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
            if is_open(request):
                withdraw(find_row(DiscountRequest, request.id, lock=True) or request, now)
        forget(buyer, now)
        note_change("buyer_erased", now, operator_id, subject=subject_of(buyer_id), requests=len(asked))
