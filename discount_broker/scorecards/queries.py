"""Reading what happened at a shop."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.status import PromiseSide, PromiseStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.money import percent_off
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.models import Offer
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.status import OPEN
from discount_broker.scorecards.models import ScoreCard
from discount_broker.scorecards.rules import Dealing, PromiseOutcome
from discount_broker.shops.models import ContactPoint


def find_scorecard(shop_id: UUID) -> ScoreCard | None:
    return db.session.scalar(select(ScoreCard).where(ScoreCard.shop_id == shop_id))


def list_asked_shops() -> list[UUID]:
    return list(db.session.scalars(select(Outreach.shop_id).where(Outreach.asked_at.is_not(None)).distinct()))


def list_dealings(shop_id: UUID) -> list[Dealing]:
    wrote_at = select(func.min(Step.answered_at)).where(Step.outreach_id == Outreach.id).scalar_subquery()
    rows = db.session.execute(
        select(Outreach, Offer, wrote_at)
        .outerjoin(Offer, Offer.outreach_id == Outreach.id)
        .where(Outreach.shop_id == shop_id, Outreach.asked_at.is_not(None))
    )
    return [_dealing(outreach, offer, wrote) for outreach, offer, wrote in rows]


def _dealing(outreach: Outreach, offer: Offer | None, wrote_at: datetime | None) -> Dealing:
    """A letter in free words is an answer too: the first word of a person counts."""
    answers = [at for at in (wrote_at, outreach.answered_at) if at is not None]
    seconds = None
    if answers and outreach.asked_at is not None:
        seconds = max(int((min(answers) - outreach.asked_at).total_seconds()), 0)
    percent = offer.percent if offer else None
    if offer and percent is None and offer.final_price is not None and outreach.price:
        percent = max(percent_off(outreach.price, offer.final_price), Decimal(0)) or None
    return Dealing(seconds, percent, offer is not None)


def list_promises_over(shop_id: UUID) -> list[PromiseOutcome]:
    """The shop's promises that are kept or broken; those nobody waited for any more count for nothing."""
    is_over = Promise.status.in_((PromiseStatus.KEPT, PromiseStatus.LATE, PromiseStatus.BROKEN))
    query = (
        select(Promise)
        .join(Outreach, Promise.outreach_id == Outreach.id)
        .where(Outreach.shop_id == shop_id, Promise.side == PromiseSide.SHOP, is_over)
    )
    return [
        PromiseOutcome(
            is_kept=promise.status is not PromiseStatus.BROKEN,
            late_by=int(promise.late_by.total_seconds()) if promise.status is PromiseStatus.LATE else None,
        )
        for promise in db.session.scalars(query)
    ]


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
