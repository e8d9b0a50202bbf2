"""Reading what buyers were told and are to be told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import extract, or_, select
from sqlalchemy.orm import joinedload

from discount_broker.accounts.models import Buyer, BuyerCard
from discount_broker.accounts.queries.buyers import find_kept
from discount_broker.kernel.db import db, in_parts
from discount_broker.kernel.errors import Forgotten, NotFound
from discount_broker.messaging.queries import find_delivery_for
from discount_broker.messaging.queries.outbox import statuses_for
from discount_broker.notifications.models import NewsItem
from discount_broker.notifications.status import NewsKind, NewsState

ENOUGH = 100_000


@dataclass(frozen=True)
class Reader:
    """Whose mail it was, and what it told."""

    buyer_id: UUID
    kinds: tuple[NewsKind, ...]
    language: str
    """Of the buyer."""


def find_item(purpose: str) -> NewsItem | None:
    return db.session.scalar(select(NewsItem).where(NewsItem.purpose == purpose))


def was_told(purpose: str) -> bool:
    """Whether a buyer was told this, is going to be, or did not want to be."""
    return find_item(purpose) is not None or find_delivery_for(purpose) is not None


def told_of(purposes: Collection[str]) -> set[str]:
    """Those of many for which `was_told` is true."""
    noted = select(NewsItem.purpose)
    return {
        purpose
        for part in in_parts(purposes)
        for purpose in db.session.scalars(noted.where(NewsItem.purpose.in_(part)))
    } | {*statuses_for(purposes)}


def list_waiting_buyers(now: datetime) -> list[UUID]:
    """Buyers for whom something that waited may leave now."""
    due = select(NewsItem.buyer_id).where(NewsItem.due_at <= now).distinct()
    return list(db.session.scalars(due))


def list_due_items(buyer_id: UUID, now: datetime) -> list[NewsItem]:
    """What waited for this buyer and may leave now, the oldest first; locked."""
    due = select(NewsItem).where(NewsItem.buyer_id == buyer_id, NewsItem.due_at <= now)
    return list(db.session.scalars(due.order_by(NewsItem.created_at, NewsItem.id).with_for_update()))


def list_items_about(buyer_id: UUID, number: str, kinds: Collection[NewsKind]) -> list[NewsItem]:
    """What this buyer was or is to be told of these kinds about one request."""
    query = select(NewsItem).where(
        NewsItem.buyer_id == buyer_id,
        NewsItem.subject == number,
        NewsItem.kind.in_(kinds),
        NewsItem.state != NewsState.DROPPED,
    )
    return list(db.session.scalars(query.with_for_update()))


def reader_of(delivery_id: UUID) -> Reader:
    """The buyer to whom this mail told news.

    Raises:
        NotFound: it told none.
        Forgotten: its buyer was forgotten since.

    """
    items = list(db.session.scalars(select(NewsItem).where(NewsItem.delivery_id == delivery_id)))
    buyer = find_kept(items[0].buyer_id) if items else None
    if buyer is None:
        raise NotFound("news")
    if buyer.erased_at is not None:
        raise Forgotten("news")
    return Reader(buyer.id, tuple(sorted({item.kind for item in items})), buyer.language)


def list_news_of(buyer_id: UUID, limit: int = ENOUGH) -> list[NewsItem]:
    """Everything a buyer was told, is to be told or did not want to be, the latest first."""
    query = select(NewsItem).where(NewsItem.buyer_id == buyer_id)
    return list(db.session.scalars(query.order_by(NewsItem.created_at.desc(), NewsItem.id).limit(limit)))


def list_greeted_around(now: datetime) -> list[BuyerCard]:
    """Cards of buyers who asked for a greeting and whose birthday is about now, wherever they are."""
    days = [(now + timedelta(days=n)).date() for n in (-1, 0, 1)]
    # On 28 February those of the 29th are looked at as well: most years have no other day for them.
    dates = {(day.month, day.day) for day in days} | ({(2, 29)} if days[1].month == 2 else set())
    month, day = extract("month", BuyerCard.birthday), extract("day", BuyerCard.birthday)
    query = (
        select(BuyerCard)
        .join(Buyer, Buyer.id == BuyerCard.buyer_id)
        .where(
            BuyerCard.wants_greeting.is_(True),
            Buyer.erased_at.is_(None),
            Buyer.deletion_due_at.is_(None),
            Buyer.merged_into_id.is_(None),
            or_(*((month == m) & (day == d) for m, d in sorted(dates))),
        )
        .options(joinedload(BuyerCard.buyer))
    )
    return list(db.session.scalars(query))
