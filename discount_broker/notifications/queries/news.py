"""Reading what buyers were told and are to be told."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from discount_broker.kernel.db import db
from discount_broker.messaging.queries import find_delivery_for
from discount_broker.notifications.models import NewsItem
from discount_broker.notifications.status import NewsKind, NewsState

ENOUGH = 100_000


def find_item(purpose: str) -> NewsItem | None:
    return db.session.scalar(select(NewsItem).where(NewsItem.purpose == purpose))


def was_told(purpose: str) -> bool:
    """Whether a buyer was told this, is going to be, or did not want to be."""
    return find_item(purpose) is not None or find_delivery_for(purpose) is not None


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


def list_items_in(delivery_id: UUID) -> list[NewsItem]:
    """The news that one mail told."""
    return list(db.session.scalars(select(NewsItem).where(NewsItem.delivery_id == delivery_id)))


def list_news_of(buyer_id: UUID, limit: int = ENOUGH) -> list[NewsItem]:
    """Everything a buyer was told, is to be told or did not want to be, the latest first."""
    query = select(NewsItem).where(NewsItem.buyer_id == buyer_id)
    return list(db.session.scalars(query.order_by(NewsItem.created_at.desc(), NewsItem.id).limit(limit)))
