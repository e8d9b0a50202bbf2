"""Reading the groups of buyers that are put to a shop together: how many they are, never who."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Outreach, Pool, Step
from discount_broker.outreach.rules.pools import people_in, product_key
from discount_broker.outreach.status import OPEN, OutreachStatus, ReplyKind

MOST_LISTED = 500
KNOWN_WITH_IT = (
    joinedload(Outreach.discount_request).joinedload(DiscountRequest.product),
    selectinload(Outreach.replies),
)
"""What tells whether two wait for the same, and still wait: read with them, not one by one."""


def key_of(outreach: Outreach) -> str:
    product = outreach.discount_request.product
    return product_key(product.gtin if product else None, outreach.product_url)


def list_alike(outreach: Outreach) -> list[Outreach]:
    """Everybody who waits for the same product of the same shop, this one with them, in their order."""
    query = (
        select(Outreach)
        .where(Outreach.shop_id == outreach.shop_id, Outreach.status.in_(OPEN))
        .options(*KNOWN_WITH_IT)
        .order_by(Outreach.created_at, Outreach.id)
        .limit(MOST_LISTED)
    )
    key = key_of(outreach)
    return [each for each in db.session.scalars(query) if key_of(each) == key and not _was_written(each)]


def find_pool(shop_id: UUID, key: str) -> Pool | None:
    """The group that has not ended."""
    query = select(Pool).where(Pool.shop_id == shop_id, Pool.product_key == key, Pool.ended_at.is_(None))
    return db.session.scalar(query.order_by(Pool.formed_at).limit(1))


def list_waiting_in(pool_id: UUID) -> list[Outreach]:
    """Those of a group that still want an answer."""
    query = (
        select(Outreach)
        .where(Outreach.pool_id == pool_id, Outreach.status.in_(OPEN))
        .options(*KNOWN_WITH_IT)
        .order_by(Outreach.created_at, Outreach.id)
    )
    return [each for each in db.session.scalars(query) if not _was_written(each)]


def people_waiting(outreaches: Sequence[Outreach]) -> int:
    """How many want it together; nobody where they are too few to stay unknown."""
    return people_in(each.discount_request.buyer_id for each in outreaches)


def people_with(request_id: UUID) -> int:
    """How many people want what this request asks for, its buyer among them; 0 where they are too few."""
    mine = select(Outreach.pool_id).where(
        Outreach.discount_request_id == request_id, Outreach.pool_id.is_not(None), Outreach.status.in_(OPEN)
    )
    return max(
        (people_waiting(list_waiting_in(pool)) for pool in db.session.scalars(mine) if pool), default=0
    )


def first_told_at(outreach_ids: Collection[UUID], point_id: UUID, letter_id: UUID) -> datetime | None:
    """When the first of them was put to this door by another letter; None unless each of them was."""
    query = (
        select(func.min(Delivery.sent_at))
        .join(Step, Step.delivery_id == Delivery.id)
        .where(
            Step.outreach_id.in_(outreach_ids),
            Step.contact_point_id == point_id,
            Delivery.id != letter_id,
            Delivery.status == DeliveryStatus.SENT,
        )
        .group_by(Step.outreach_id)
    )
    told = [at for at in db.session.scalars(query) if at is not None]
    return min(told) if told and len(told) == len(outreach_ids) else None


def list_due_with(outreach: Outreach, now: datetime) -> list[UUID]:
    """Others of the same group whose next step is due as well."""
    if outreach.pool_id is None:
        return []
    query = select(Outreach.id).where(
        Outreach.pool_id == outreach.pool_id,
        Outreach.id != outreach.id,
        Outreach.status == OutreachStatus.ASKED,
        Outreach.next_step_at <= now,
    )
    return list(db.session.scalars(query.order_by(Outreach.id)))


def _was_written(outreach: Outreach) -> bool:
    """Whoever has been written to in the shop's own words is in a conversation of their own."""
    return any(reply.kind is ReplyKind.HUMAN for reply in outreach.replies)
