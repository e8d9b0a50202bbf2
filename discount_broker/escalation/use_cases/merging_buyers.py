"""Two cards of one buyer become one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update

from discount_broker.accounts.models import Buyer, BuyerCard, BuyerNote, Consent, ContactWish
from discount_broker.accounts.operations import note_change
from discount_broker.accounts.operations.cards import card_to_write, subject_of
from discount_broker.accounts.queries import get_buyer
from discount_broker.accounts.queries.buyers import list_merged_into
from discount_broker.accounts.queries.cards import card_of
from discount_broker.accounts.status import Standing
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries.buyers import list_messages_to
from discount_broker.escalation.operations.wishes import requeue_shops_of, respect_wishes
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.models import NewsItem, NewsPreference
from discount_broker.watches.models import Watch

MOVING = (DiscountRequest, ContactWish, BuyerNote)
Belonging = DiscountRequest | ContactWish | BuyerNote | NewsItem | NewsPreference | Consent | Watch


@dataclass(frozen=True)
class BuyerMerge:
    """What a merge would do; nothing of it has happened yet."""

    other: Buyer
    """Stays as another address of the buyer."""
    kept: Buyer
    requests: int
    wishes: int
    notes: int
    messages: int
    takes_standing: bool
    """The kept card says nothing of how to deal with them, and the other does."""


def plan_buyer_merge(other_id: UUID, kept_id: UUID) -> BuyerMerge:
    """Look at what a merge would do.

    Raises:
        Refused: `merge_itself`, `merge_gone`.

    """
    other, kept = get_buyer(other_id), get_buyer(kept_id)
    _check(other, kept)
    requests, wishes, notes = (_count(model, other) for model in MOVING)
    takes_standing = card_of(kept_id).standing is Standing.NONE is not card_of(other_id).standing
    return BuyerMerge(other, kept, requests, wishes, notes, len(list_messages_to(other)), takes_standing)


@again_if_deadlocked
def merge_buyers(other_id: UUID, kept_id: UUID, operator_id: UUID, now: datetime) -> None:
    """Make one card of two; the address of the first leads to the second from now on.

    Raises:
        Refused: `merge_itself`, `merge_gone`.

    """
    with transaction():
        for locked in sorted({other_id, kept_id}):  # in one order, or two merges wait for each other
            if find_row(Buyer, locked, lock=True) is None:
                raise NotFound("buyer")
        other, kept = get_buyer(other_id), get_buyer(kept_id)
        _check(other, kept)
        _move_all(other, kept)
        for merged in list_merged_into(other.id):
            merged.merged_into_id = kept.id
        _fill_in(other, kept, now)
        other.merged_into_id, kept.phone = kept.id, kept.phone or other.phone
        for subject in (kept.id, other.id):
            note_change(
                "cards_merged",
                now,
                operator_id,
                subject=subject_of(subject),
                other=str(other.id),
                kept=str(kept.id),
            )
        respect_wishes(kept.id, operator_id, now)
        requeue_shops_of(kept.id, now)


def _check(other: Buyer, kept: Buyer) -> None:
    if other.id == kept.id:
        raise Refused("merge_itself", "other")
    if any(each.merged_into_id or each.erased_at or each.deletion_due_at for each in (other, kept)):
        raise Refused("merge_gone", "other")


def _count(model: type[Belonging], buyer: Buyer) -> int:
    return db.session.scalar(select(func.count(model.id)).where(model.buyer_id == buyer.id)) or 0


def _move_all(other: Buyer, kept: Buyer) -> None:
    for model in (*MOVING, NewsItem, Consent, Watch):
        _move(model, other, kept)
    _join_preferences(other, kept)


def _join_preferences(other: Buyer, kept: Buyer) -> None:
    """How the kept card wants its news counts; what it never chose comes as the other one chose."""
    chosen = select(NewsPreference.kind).where(NewsPreference.buyer_id == kept.id)
    both = NewsPreference.buyer_id == other.id, NewsPreference.kind.in_(list(db.session.scalars(chosen)))
    db.session.execute(delete(NewsPreference).where(*both), execution_options={"synchronize_session": False})
    _move(NewsPreference, other, kept)


def _move(model: type[Belonging], other: Buyer, kept: Buyer) -> None:
    moved = update(model).where(model.buyer_id == other.id).values(buyer_id=kept.id)
    db.session.execute(moved, execution_options={"synchronize_session": False})
    db.session.expire_all()


def _fill_in(other: Buyer, kept: Buyer, now: datetime) -> None:
    """What the kept card does not say, the other one may."""
    theirs = db.session.get(BuyerCard, other.id)
    if theirs is None:
        return
    card = card_to_write(kept.id, now)
    if card.standing is Standing.NONE:
        card.standing, card.standing_reason = theirs.standing, theirs.standing_reason
    if not card.is_lead_type_set:
        card.lead_type, card.is_lead_type_set = theirs.lead_type, theirs.is_lead_type_set
    card.birthday, card.zone = card.birthday or theirs.birthday, card.zone or theirs.zone
    card.wants_greeting = card.wants_greeting or theirs.wants_greeting
    card.changed_at = now
    db.session.delete(theirs)
