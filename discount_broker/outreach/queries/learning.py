"""Reading how doors have answered so far."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus, FailureReason
from discount_broker.outreach.models import DoorRate, Outreach, Step
from discount_broker.outreach.rules import SOFT_WINDOW, Acknowledged, Cases
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.status import ContactKind

LATEST = 20
"""Letters that tell whether a shop acknowledges: habits change."""


def had_its_time() -> ColumnElement[bool]:
    """Of a step: it arrived as far as we know, and was answered or waited for long enough."""
    is_over = or_(
        Step.answered_at.is_not(None),
        Step.number < Outreach.steps_taken,
        Outreach.status != OutreachStatus.ASKED,
    )
    return and_(Delivery.status == DeliveryStatus.SENT, is_over)


def cases_of_doors(doors: Iterable[ContactPoint]) -> dict[UUID, Cases]:
    """How these doors have answered; a door through which nothing went has no cases.

    A door known to have answered at some time counts as one that did so once.
    """
    points = {point.id: point for point in doors}
    answered = func.sum(case((Step.answered_at.is_not(None), 1), else_=0))
    query = (
        select(Step.contact_point_id, func.count(Step.id), answered)
        .join(Outreach, Step.outreach_id == Outreach.id)
        .join(Delivery, Step.delivery_id == Delivery.id)
        .where(Step.contact_point_id.in_(points), had_its_time())
        .group_by(Step.contact_point_id)
    )
    cases = {door_id: Cases(asked, int(count)) for door_id, asked, count in db.session.execute(query)}
    for door_id, point in points.items():
        known = cases.get(door_id, Cases())
        if point.last_answer_at is not None and not known.answered:
            known = Cases(max(known.asked, 1), 1)
        cases[door_id] = known
    return cases


def rate_of(kind: ContactKind, country: str) -> Cases:
    """How doors of a kind answer in a country (`""`: everywhere), as last computed."""
    rate = find_rate(kind, country)
    return Cases() if rate is None else Cases(rate.asked, rate.answered)


def find_rate(kind: ContactKind, country: str) -> DoorRate | None:
    return db.session.scalar(select(DoorRate).where(DoorRate.kind == kind, DoorRate.country == country))


def count_rates() -> dict[tuple[ContactKind, str], Cases]:
    """How doors answer, by kind and country, counted anew; `""` is all countries together."""
    answered = func.sum(case((Step.answered_at.is_not(None), 1), else_=0))
    query = (
        select(ContactPoint.kind, func.coalesce(Shop.country, ""), func.count(Step.id), answered)
        .join(ContactPoint, Step.contact_point_id == ContactPoint.id)
        .join(Outreach, Step.outreach_id == Outreach.id)
        .join(Shop, Outreach.shop_id == Shop.id)
        .join(Delivery, Step.delivery_id == Delivery.id)
        .where(had_its_time())
        .group_by(ContactPoint.kind, Shop.country)
    )
    rates: dict[tuple[ContactKind, str], Cases] = {}
    for kind, country, asked, count in db.session.execute(query):
        rates[kind, country] = Cases(asked, int(count))
    for kind in {kind for kind, _ in rates}:
        own = [cases for (of, _), cases in rates.items() if of is kind]
        rates[kind, ""] = Cases(sum(c.asked for c in own), sum(c.answered for c in own))
    return rates


def list_acknowledged(shop_id: UUID, kind: ContactKind) -> list[Acknowledged]:
    """How the latest letters through doors of this kind were acknowledged by the shop's machines."""
    query = (
        select(Step.acknowledged_at, Delivery.sent_at)
        .join(Outreach, Step.outreach_id == Outreach.id)
        .join(Delivery, Step.delivery_id == Delivery.id)
        .join(ContactPoint, Step.contact_point_id == ContactPoint.id)
        .where(Outreach.shop_id == shop_id, ContactPoint.kind == kind, had_its_time())
        .order_by(Delivery.sent_at.desc())
        .limit(LATEST)
    )
    return [
        Acknowledged(max(told_at - sent_at, timedelta(0)) if told_at and sent_at else None)
        for told_at, sent_at in db.session.execute(query)
    ]


def count_soft_bounces(point: ContactPoint, delivery: Delivery) -> int:
    """How many letters to this door came back lately for reasons that should pass, this one included."""
    query = (
        select(func.count(func.distinct(Delivery.id)))
        .join(Step, Step.delivery_id == Delivery.id)
        .where(
            Step.contact_point_id == point.id,
            Delivery.failure == FailureReason.MAILBOX_FULL,
            Delivery.created_at > delivery.created_at - SOFT_WINDOW,
        )
    )
    return db.session.scalar(query) or 0
