"""Reading who is looking at a shop."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.models import Operator
from discount_broker.escalation.models import Presence
from discount_broker.escalation.rules.queue import PRESENCE_LASTS
from discount_broker.kernel.db import db


def find_presence(shop_id: UUID, operator_id: UUID) -> Presence | None:
    return db.session.scalar(
        select(Presence).where(Presence.shop_id == shop_id, Presence.operator_id == operator_id)
    )


def list_present(shop_ids: Collection[UUID], now: datetime) -> dict[UUID, dict[UUID, str]]:
    """Names of those who have a page of these shops open now: by shop, then by operator."""
    query = (
        select(Presence.shop_id, Operator.id, Operator.name)
        .join(Presence.operator)
        .where(Presence.shop_id.in_(shop_ids), Presence.seen_at > now - PRESENCE_LASTS)
        .order_by(Operator.name)
    )
    present: dict[UUID, dict[UUID, str]] = {}
    for shop_id, operator_id, name in db.session.execute(query):
        present.setdefault(shop_id, {})[operator_id] = name
    return present
