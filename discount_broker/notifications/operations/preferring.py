"""How a buyer wants to hear of us, written down."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.models import Buyer, BuyerCard
from discount_broker.kernel.db import add_or_find, db, find_row
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import cancel_queued
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.models import NewsItem, NewsPreference
from discount_broker.notifications.operations.telling import leave_more_out, settle_item
from discount_broker.notifications.rules import BEYOND, TEXTABLE, ways_for
from discount_broker.notifications.status import NewsKind, NewsState, NewsWay


def set_way(buyer_id: UUID, kind: NewsKind, way: NewsWay, *, by: str, now: datetime) -> bool:
    """Let one kind of news come this way from now on; whether that is another way than was chosen before.

    A way that this kind does not have is left alone: required letters cannot be switched off.
    """
    if way not in ways_for(kind):
        return False
    row = _row(buyer_id, kind)
    if row is None:
        new = NewsPreference(buyer_id=buyer_id, kind=kind, way=way, changed_at=now, changed_by=by)
        row = add_or_find(new, lambda: _row(buyer_id, kind))
        if row is new:
            return True
    if row.way is way:
        return False
    row.way, row.changed_at, row.changed_by = way, now, by
    return True


def stop_texts_of(buyer_id: UUID, *, by: str, now: datetime) -> None:
    """Let no kind of news come by SMS any more; the mails stay as they were."""
    for kind in sorted(TEXTABLE):
        row = _row(buyer_id, kind)
        if row is None or row.way is NewsWay.TEXT:
            set_way(buyer_id, kind, NewsWay.MAIL, by=by, now=now)


def stop_more_than_asked(buyer_id: UUID) -> None:
    """Let nothing leave that goes beyond the buyer's own requests; a greeting is asked for anew.

    Under the lock of the buyer: what is being written to them meanwhile is in the outbox before, or obeys.
    """
    find_row(Buyer, buyer_id, lock=True)
    card = db.session.get(BuyerCard, buyer_id)
    if card is not None:
        card.wants_greeting = False
    theirs = select(NewsItem).where(NewsItem.buyer_id == buyer_id, NewsItem.kind.in_(BEYOND))
    for item in db.session.scalars(theirs.with_for_update()):
        if item.state is NewsState.WAITING:
            settle_item(item, NewsState.DROPPED)
        cancel_queued(item.purpose)
    for item in _list_not_left(buyer_id):
        leave_more_out(item)


def _list_not_left(buyer_id: UUID) -> list[NewsItem]:
    query = select(NewsItem).join(Delivery, NewsItem.delivery_id == Delivery.id)
    return list(
        db.session.scalars(
            query.where(NewsItem.buyer_id == buyer_id, Delivery.status == DeliveryStatus.QUEUED)
        )
    )


def _row(buyer_id: UUID, kind: NewsKind) -> NewsPreference | None:
    query = select(NewsPreference).where(NewsPreference.buyer_id == buyer_id, NewsPreference.kind == kind)
    return db.session.scalar(query)
