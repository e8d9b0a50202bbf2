"""What happened between us and shops, of many shops at once: all that a score-card is computed from."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Label, Row, Select, Subquery, case, exists, func, select
from sqlalchemy.orm import aliased

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.escalation.models import Promise
from discount_broker.escalation.status import PromiseSide, PromiseStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.money import percent_off
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.models import Offer
from discount_broker.offers.status import OfferStatus
from discount_broker.outreach.models import Outreach, Step
from discount_broker.scorecards.rules import COUNTED, LEFT_OUT, Dealing, PromiseOutcome, counts

READ = 2 * COUNTED
"""So many are read of each shop: some of them do not count."""
OVER = (PromiseStatus.KEPT, PromiseStatus.LATE, PromiseStatus.BROKEN)


def list_dealings(shop_id: UUID, until: datetime, fair_time: timedelta = LEFT_OUT) -> list[Dealing]:
    """The requests to one shop that count, the newest first."""
    return list_dealings_of([shop_id], until, fair_time)[shop_id]


def list_dealings_of(
    shop_ids: Collection[UUID], until: datetime, fair_time: timedelta = LEFT_OUT
) -> dict[UUID, list[Dealing]]:
    """The same for many shops, in one statement."""
    found: dict[UUID, list[Dealing]] = {shop_id: [] for shop_id in shop_ids}
    for row in db.session.execute(_dealings(shop_ids, until)):
        dealing = _dealing(row)
        if counts(dealing, fair_time) and len(found[row.shop_id]) < COUNTED:
            found[row.shop_id].append(dealing)
    return found


def _dealings(shop_ids: Collection[UUID], until: datetime) -> Select[Any]:
    last = _last_asked(shop_ids, until)
    steps, accepted = _steps_of(last), _acceptances_of(last)
    return (
        select(last, steps, DiscountRequest.number, DiscountRequest.closed_at, accepted.c.accepted_at)
        .add_columns(Offer.id.label("offer_id"), Offer.percent, Offer.final_price, _is_by_rule(last))
        .join(DiscountRequest, DiscountRequest.id == last.c.discount_request_id)
        .outerjoin(steps, steps.c.outreach_id == last.c.id)
        .outerjoin(accepted, accepted.c.discount_request_id == last.c.discount_request_id)
        .outerjoin(Offer, (Offer.outreach_id == last.c.id) & (Offer.status != OfferStatus.REPLACED))
        .where(last.c.place <= READ)
        .order_by(last.c.shop_id, last.c.place)
    )


def _is_by_rule(last: CTE) -> Label[bool]:
    """Whether a rule gave the first answer, whatever people of the shop gave instead of it later."""
    first = aliased(Offer)
    given = exists().where(first.outreach_id == last.c.id, first.rule_id.is_not(None))
    return given.label("is_by_rule")


def _last_asked(shop_ids: Collection[UUID], until: datetime) -> CTE:
    newest = (Outreach.asked_at.desc(), Outreach.id)
    place = func.row_number().over(partition_by=Outreach.shop_id, order_by=newest)
    return (
        select(
            Outreach.id,
            Outreach.shop_id,
            Outreach.discount_request_id,
            Outreach.asked_at,
            Outreach.answered_at,
            Outreach.price,
            Outreach.product_title,
            place.label("place"),
        )
        .where(Outreach.shop_id.in_(shop_ids), Outreach.asked_at <= until)
        .cte("last_asked")
    )


def _steps_of(last: CTE) -> Subquery:
    """What is known of the letters of each: when the first left, was confirmed, was answered."""
    has_left = case((Delivery.status == DeliveryStatus.SENT, 1), else_=0)
    return (
        select(
            Step.outreach_id,
            func.min(Delivery.sent_at).label("left_at"),
            func.min(Step.acknowledged_at).label("acknowledged_at"),
            func.min(Step.answered_at).label("wrote_at"),
            func.sum(has_left).label("arrived"),
        )
        .join(Delivery, Step.delivery_id == Delivery.id)
        .where(Step.outreach_id.in_(select(last.c.id).where(last.c.place <= READ)))
        .group_by(Step.outreach_id)
        .subquery("steps_taken")
    )


def _acceptances_of(last: CTE) -> Subquery:
    """When the buyer of each had chosen, whichever shop's offer it was."""
    return (
        select(Outreach.discount_request_id, func.min(Offer.settled_at).label("accepted_at"))
        .join(Offer, Offer.outreach_id == Outreach.id)
        .where(
            Offer.status == OfferStatus.ACCEPTED,
            Outreach.discount_request_id.in_(select(last.c.discount_request_id).where(last.c.place <= READ)),
        )
        .group_by(Outreach.discount_request_id)
        .subquery("acceptances")
    )


def _dealing(row: Row[Any]) -> Dealing:
    """A letter in free words is an answer too: the first word of a person counts."""
    return Dealing(
        number=row.number,
        title=row.product_title,
        asked_at=row.left_at or row.asked_at,
        acknowledged_at=row.acknowledged_at,
        answered_at=min(filter(None, (row.wrote_at, row.answered_at)), default=None),
        decided_at=row.answered_at,
        is_by_rule=bool(row.is_by_rule),
        ended_at=min(filter(None, (row.accepted_at, row.closed_at)), default=None),
        arrived_nowhere=row.arrived == 0,
        has_offer=row.offer_id is not None,
        percent=_percent(row),
    )


def _percent(row: Row[Any]) -> Decimal | None:
    """The discount given, whether it was named as one or as a price."""
    named: Decimal | None = row.percent
    if named is not None or row.final_price is None or not row.price:
        return named
    return max(percent_off(row.price, row.final_price), Decimal(0)) or None


def list_promises_over_of(shop_ids: Collection[UUID]) -> dict[UUID, list[PromiseOutcome]]:
    """The last promises of each shop that are kept or broken.

    Those nobody waited for any more count for nothing.
    """
    place = func.row_number().over(
        partition_by=Outreach.shop_id, order_by=(Promise.due_at.desc(), Promise.id)
    )
    is_shops = Promise.side == PromiseSide.SHOP, Promise.status.in_(OVER), Outreach.shop_id.in_(shop_ids)
    over = (
        select(Promise.status, Promise.due_at, Promise.settled_at, Outreach.shop_id, place.label("place"))
        .join(Outreach, Promise.outreach_id == Outreach.id)
        .where(*is_shops)
        .subquery("promises_over")
    )
    found: dict[UUID, list[PromiseOutcome]] = defaultdict(list)
    for row in db.session.execute(select(over).where(over.c.place <= COUNTED)):
        found[row.shop_id].append(_outcome(row))
    return found


def _outcome(row: Row[Any]) -> PromiseOutcome:
    is_late = row.status is PromiseStatus.LATE
    late_by = int((row.settled_at - row.due_at).total_seconds()) if is_late else None
    return PromiseOutcome(is_kept=row.status is not PromiseStatus.BROKEN, late_by=late_by)
