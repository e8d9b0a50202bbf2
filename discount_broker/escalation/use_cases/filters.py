"""Searches of the queue that operators keep at hand."""

from datetime import datetime
from uuid import UUID

from discount_broker.escalation.models import SavedFilter
from discount_broker.escalation.queries.filters import find_filter, list_filters
from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.transaction import transaction

MOST_FILTERS = 20
LONGEST_NAME = 40
LONGEST_QUERY = 500


def save_filter(operator_id: UUID, name: str, query: str, now: datetime) -> bool:
    """Keep a search under a name; False where it takes the place of another one of that name.

    Raises:
        Refused: `name_missing`, `name_long`, `filters_full`.

    """
    name = " ".join(name.split())
    if not name:
        raise Refused("name_missing", "name")
    if len(name) > LONGEST_NAME:
        raise Refused("name_long", "name")
    with transaction():
        known = find_filter(operator_id, name)
        if known is None:
            if len(list_filters(operator_id)) >= MOST_FILTERS:
                raise Refused("filters_full", "name")
            new = SavedFilter(operator_id=operator_id, name=name, query=query[:LONGEST_QUERY], created_at=now)
            known = add_or_find(new, lambda: find_filter(operator_id, name))
            if known is new:
                return True
        known.query = query[:LONGEST_QUERY]
        return False


def delete_filter(operator_id: UUID, filter_id: UUID) -> None:
    """Forget a filter of one's own; one that is gone, or a colleague's, stays as it is."""
    with transaction():
        known = db.session.get(SavedFilter, filter_id)
        if known is not None and known.operator_id == operator_id:
            db.session.delete(known)
