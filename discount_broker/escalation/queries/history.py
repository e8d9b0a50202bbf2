"""What is known of a shop from earlier cases: what worked, and what it did of what it promised."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from discount_broker.escalation.models import Call, Promise
from discount_broker.escalation.queries.calls import Effort, effort_of_shop, list_calls_of_shop
from discount_broker.escalation.rules.calling_hours import LED_TO_SOMETHING, Hour, hours_that_reach
from discount_broker.escalation.status import PromiseSide, PromiseStatus
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.shops.models import ContactPoint

MOST_SHOWN = 4


@dataclass(frozen=True)
class ShopPast:
    """What worked with a shop before, and what did not."""

    answering_doors: list[ContactPoint]
    """Through which somebody of the shop answered, the last answer first."""
    good_calls: list[Call]
    """That led to a promise or an offer, newest first."""
    hours: list[Hour]
    promises: dict[PromiseStatus, int]
    effort: Effort

    def __bool__(self) -> bool:
        return bool(self.answering_doors or self.effort.calls or self.promises)


def past_of_shop(shop_id: UUID, zone: ZoneInfo) -> ShopPast:
    calls = list_calls_of_shop(shop_id)
    told = [(call.started_at, call.result) for call in calls if call.result is not None]
    return ShopPast(
        answering_doors=_doors_that_answered(shop_id),
        good_calls=[call for call in calls if call.result in LED_TO_SOMETHING][:MOST_SHOWN],
        hours=hours_that_reach(told, zone),
        promises=count_promises_of_shop(shop_id),
        effort=effort_of_shop(shop_id),
    )


def _doors_that_answered(shop_id: UUID) -> list[ContactPoint]:
    query = select(ContactPoint).where(
        ContactPoint.shop_id == shop_id, ContactPoint.last_answer_at.is_not(None)
    )
    return list(db.session.scalars(query.order_by(ContactPoint.last_answer_at.desc()).limit(MOST_SHOWN)))


def count_promises_of_shop(shop_id: UUID) -> dict[PromiseStatus, int]:
    """How many promises of the shop were kept, late, broken or are pending."""
    query = (
        select(Promise.status, func.count())
        .join(Outreach, Promise.outreach_id == Outreach.id)
        .where(Outreach.shop_id == shop_id, Promise.side == PromiseSide.SHOP)
        .group_by(Promise.status)
    )
    return dict(db.session.execute(query).all())
