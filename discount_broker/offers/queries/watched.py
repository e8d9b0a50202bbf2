"""Reading what a buyer waits for, beside what they have asked for."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from discount_broker.kernel.db import db
from discount_broker.watches.models import Watch


def list_watches_of(buyer_id: UUID) -> list[Watch]:
    """Every watch of a buyer, over or not, the latest first."""
    query = select(Watch).where(Watch.buyer_id == buyer_id).options(joinedload(Watch.watched_page))
    return list(db.session.scalars(query.order_by(Watch.created_at.desc(), Watch.id)))
