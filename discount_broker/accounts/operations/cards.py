"""What other slices write on a buyer's card."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.models import Buyer, BuyerCard, ContactWish
from discount_broker.accounts.operations.trail import note_change
from discount_broker.accounts.queries.buyers import get_buyer
from discount_broker.accounts.queries.cards import as_wish, list_wishes
from discount_broker.accounts.rules.wishes import Wish
from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.errors import NotFound

LONGEST_WORDS = 300


def subject_of(buyer_id: UUID) -> str:
    """How the trail names a buyer."""
    return f"buyer:{buyer_id}"


def kept_buyer(buyer_id: UUID) -> Buyer:
    """The buyer, if their card can be written on.

    Raises:
        NotFound: there is none, they were erased, or their card is kept elsewhere.

    """
    buyer = get_buyer(buyer_id)
    if buyer.erased_at is not None or buyer.merged_into_id is not None:
        raise NotFound("buyer")
    return buyer


def card_to_write(buyer_id: UUID, now: datetime) -> BuyerCard:
    """The card of a buyer; an empty one is begun where there is none."""
    buyer = kept_buyer(buyer_id)
    card = db.session.get(BuyerCard, buyer_id, with_for_update=True)
    if card is None:
        new = BuyerCard(buyer_id=buyer.id, changed_at=now)
        card = add_or_find(new, lambda: db.session.get(BuyerCard, buyer_id))
    return card


def add_wish(buyer_id: UUID, wish: Wish, words: str, operator_id: UUID, now: datetime) -> ContactWish | None:
    """Keep a contact wish; None where the same one holds already."""
    buyer = kept_buyer(buyer_id)
    if any(as_wish(row) == wish for row in list_wishes(buyer.id)):
        return None
    row = ContactWish(
        buyer_id=buyer.id,
        kind=wish.kind,
        from_minute=wish.from_minute,
        until_minute=wish.until_minute,
        on_day=wish.on_day,
        words=words.strip()[:LONGEST_WORDS],
        operator_id=operator_id,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    note_change("wish_added", now, operator_id, subject=subject_of(buyer_id), wish=wish.kind)
    return row
