"""What became of the letters to a shop, door by door and request by request."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from discount_broker.escalation.models import EscalationCase
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.status import OPEN
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.queries import list_stopped_domains
from discount_broker.shops.status import ContactKind, ContactState


@dataclass
class DoorRecord:
    """How one door has fared, over all that was written through it."""

    arrived: int = 0
    failed: int = 0
    unknown: int = 0
    waiting: int = 0
    held_back: int = 0
    last_sent_at: datetime | None = None
    last_failure: FailureReason | None = None
    last_failed_at: datetime | None = None


def list_door_records(shop_id: UUID) -> dict[UUID, DoorRecord]:
    """What became of the letters through each door of the shop, by contact point."""
    query = (
        select(Step.contact_point_id, Step.taken_at, Delivery.status, Delivery.sent_at, Delivery.failure)
        .join(Delivery, Step.delivery_id == Delivery.id)
        .join(ContactPoint, Step.contact_point_id == ContactPoint.id)
        .where(ContactPoint.shop_id == shop_id)
        .order_by(Step.taken_at)
    )
    records: dict[UUID, DoorRecord] = defaultdict(DoorRecord)
    for door_id, taken_at, status, sent_at, failure in db.session.execute(query):
        record, outcome = records[door_id], OUTCOMES[status]
        setattr(record, outcome, getattr(record, outcome) + 1)
        record.last_sent_at = sent_at or record.last_sent_at
        if outcome == "failed":
            record.last_failure, record.last_failed_at = failure, taken_at
    return dict(records)


OUTCOMES = {
    DeliveryStatus.QUEUED: "waiting",
    DeliveryStatus.SENDING: "waiting",
    DeliveryStatus.SENT: "arrived",
    DeliveryStatus.BOUNCED: "failed",
    DeliveryStatus.FAILED: "failed",
    DeliveryStatus.UNKNOWN: "unknown",
    DeliveryStatus.STOPPED: "held_back",
}


def list_requests_put_to(shop_id: UUID, limit: int = 20) -> list[tuple[Outreach, EscalationCase | None]]:
    """What the shop was asked, open ones first, then the latest; with the case where there is one."""
    is_over = case((Outreach.status.in_(OPEN), 0), else_=1)
    query = (
        select(Outreach, EscalationCase)
        .outerjoin(EscalationCase, EscalationCase.outreach_id == Outreach.id)
        .where(Outreach.shop_id == shop_id)
        .order_by(is_over, Outreach.created_at.desc())
        .limit(limit)
        .options(joinedload(Outreach.discount_request))
    )
    return [(outreach, case_) for outreach, case_ in db.session.execute(query)]


def count_dead_addresses(shop_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many e-mail addresses of each shop turned out not to exist."""
    is_dead = ContactPoint.kind == ContactKind.EMAIL, ContactPoint.state == ContactState.DEAD
    query = (
        select(ContactPoint.shop_id, func.count())
        .where(ContactPoint.shop_id.in_(shop_ids), *is_dead)
        .group_by(ContactPoint.shop_id)
    )
    return dict(db.session.execute(query).all())


def list_stopped(shop_ids: Collection[UUID]) -> set[UUID]:
    """Those of the shops that cannot be asked: they forbid it, or are another name of a shop."""
    shops = list(db.session.scalars(select(Shop).where(Shop.id.in_(shop_ids))))
    stopped = list_stopped_domains([shop.domain for shop in shops])
    return {shop.id for shop in shops if shop.domain in stopped or shop.merged_into_id}
