"""Reading what happened at a shop."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from discount_broker.escalation.models import Promise
from discount_broker.escalation.status import PromiseStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.money import percent_off
from discount_broker.offers.models import Offer
from discount_broker.outreach.models import Outreach
from discount_broker.scorecards.models import ScoreCard
from discount_broker.scorecards.rules import Dealing


def find_scorecard(shop_id: UUID) -> ScoreCard | None:
    return db.session.scalar(select(ScoreCard).where(ScoreCard.shop_id == shop_id))


def list_asked_shops() -> list[UUID]:
    return list(db.session.scalars(select(Outreach.shop_id).where(Outreach.asked_at.is_not(None)).distinct()))


def list_dealings(shop_id: UUID) -> list[Dealing]:
    rows = db.session.execute(
        select(Outreach, Offer)
        .outerjoin(Offer, Offer.outreach_id == Outreach.id)
        .where(Outreach.shop_id == shop_id, Outreach.asked_at.is_not(None))
    )
    return [_dealing(outreach, offer) for outreach, offer in rows]


def _dealing(outreach: Outreach, offer: Offer | None) -> Dealing:
    seconds = None
    if outreach.answered_at is not None and outreach.asked_at is not None:
        seconds = int((outreach.answered_at - outreach.asked_at).total_seconds())
    percent = offer.percent if offer else None
    if offer and percent is None and offer.final_price is not None and outreach.price:
        percent = max(percent_off(outreach.price, offer.final_price), Decimal(0)) or None
    return Dealing(seconds, percent, offer is not None)


def count_promises(shop_id: UUID) -> tuple[int, int]:
    """Promises that are over, and those of them that were kept in time."""
    query = (
        select(Promise.status, func.count(Promise.id))
        .join(Outreach, Promise.outreach_id == Outreach.id)
        .where(Outreach.shop_id == shop_id, Promise.status != PromiseStatus.PENDING)
        .group_by(Promise.status)
    )
    counts: dict[PromiseStatus, int] = dict(db.session.execute(query).all())
    made = sum(counts.values()) - counts.get(PromiseStatus.WITHDRAWN, 0)
    return made, counts.get(PromiseStatus.KEPT, 0)
