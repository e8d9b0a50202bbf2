"""Who is looking at the cases of a shop."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete

from discount_broker.escalation.models import Presence
from discount_broker.escalation.queries import get_case
from discount_broker.escalation.queries.presence import find_presence
from discount_broker.kernel.db import add_or_find, db
from discount_broker.kernel.transaction import transaction

KEPT = timedelta(hours=1)


def note_presence(case_id: UUID, operator_id: UUID, now: datetime) -> None:
    """An operator has the page of a case open.

    Raises:
        NotFound: there is no such case.

    """
    with transaction():
        shop_id = get_case(case_id).outreach.shop_id
        seen = find_presence(shop_id, operator_id)
        if seen is None:
            new = Presence(shop_id=shop_id, operator_id=operator_id, seen_at=now)
            seen = add_or_find(new, lambda: find_presence(shop_id, operator_id))
        seen.seen_at = now


def forget_presence(now: datetime) -> None:
    """Remove what nobody asks for any more."""
    with transaction():
        db.session.execute(delete(Presence).where(Presence.seen_at < now - KEPT))
