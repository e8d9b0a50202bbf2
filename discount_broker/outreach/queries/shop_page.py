"""Reading what a shop's own page shows: who waits for its answer, and what it answered."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OPEN, OutreachStatus

WANTED = (RequestStatus.ASKED, RequestStatus.OFFERED)
"""The buyer still waits for answers."""
MOST_SHOWN = 100


def list_waiting_for(shop_id: UUID) -> list[Outreach]:
    """The buyers who wait for an answer of the shop, whoever has waited longest first."""
    query = (
        select(Outreach)
        .join(Outreach.discount_request)
        .where(Outreach.shop_id == shop_id, Outreach.status.in_(OPEN), DiscountRequest.status.in_(WANTED))
        .options(joinedload(Outreach.discount_request).joinedload(DiscountRequest.product))
        .order_by(Outreach.created_at, Outreach.id)
    )
    return list(db.session.scalars(query.limit(MOST_SHOWN)))


def count_waiting_for(shop_id: UUID) -> int:
    """How many buyers wait, be they shown or not."""
    query = (
        select(func.count(Outreach.id))
        .join(Outreach.discount_request)
        .where(Outreach.shop_id == shop_id, Outreach.status.in_(OPEN), DiscountRequest.status.in_(WANTED))
    )
    return db.session.scalar(query) or 0


def count_other_answers(shop_id: UUID, request_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many other shops have made an offer on these requests; which they are is not told."""
    query = (
        select(Outreach.discount_request_id, func.count(Outreach.id))
        .where(
            Outreach.discount_request_id.in_(request_ids),
            Outreach.shop_id != shop_id,
            Outreach.status == OutreachStatus.ANSWERED,
        )
        .group_by(Outreach.discount_request_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def list_answered_by(shop_id: UUID, since: datetime, limit: int = 20) -> list[Outreach]:
    """What the shop answered lately, the latest first."""
    query = (
        select(Outreach)
        .where(
            Outreach.shop_id == shop_id,
            Outreach.status.in_((OutreachStatus.ANSWERED, OutreachStatus.DECLINED)),
            Outreach.answered_at > since,
        )
        .options(joinedload(Outreach.discount_request))
        .order_by(Outreach.answered_at.desc(), Outreach.id)
    )
    return list(db.session.scalars(query.limit(limit)))


def find_put_to(shop_id: UUID, number: str) -> Outreach | None:
    """The request with this number, if it was put to this very shop."""
    query = (
        select(Outreach)
        .join(Outreach.discount_request)
        .where(Outreach.shop_id == shop_id, DiscountRequest.number == number)
    )
    return db.session.scalar(query)
