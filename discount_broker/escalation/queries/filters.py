"""Reading the filters that operators have saved."""

from uuid import UUID

from sqlalchemy import select

from discount_broker.escalation.models import SavedFilter
from discount_broker.kernel.db import db


def list_filters(operator_id: UUID) -> list[SavedFilter]:
    """An operator's own, by name."""
    query = select(SavedFilter).where(SavedFilter.operator_id == operator_id)
    return list(db.session.scalars(query.order_by(SavedFilter.name)))


def find_filter(operator_id: UUID, name: str) -> SavedFilter | None:
    query = select(SavedFilter).where(SavedFilter.operator_id == operator_id, SavedFilter.name == name)
    return db.session.scalar(query)
