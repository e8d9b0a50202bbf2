"""Corrections of a shop's doors that change what is written to it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotAllowed
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import cancel_queued
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Letter, Outreach, Step
from discount_broker.outreach.operations import take_told_address
from discount_broker.outreach.queries import get_outreach
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.operations import disown
from discount_broker.shops.queries import find_acting_member, get_door_of, shop_of_member


@again_if_deadlocked
def disown_door(shop_id: UUID, door_id: UUID, operator_id: UUID, now: datetime) -> ContactPoint:
    """The door is somebody else's: what has not left to it stays here, and the ladder goes on."""
    with transaction():
        return _disown(get_door_of(shop_id, door_id), operator_id, now)


@again_if_deadlocked
def disown_own_door(member_id: UUID, door_id: UUID, now: datetime) -> ContactPoint:
    """The shop takes a door away: it is not theirs, or not for this.

    Raises:
        NotFound
        NotAllowed: they do not speak for the shop.

    """
    with transaction():
        if find_acting_member(member_id) is None:
            raise NotAllowed("shop member")
        return _disown(get_door_of(shop_of_member(member_id).id, door_id), None, now)


def _disown(point: ContactPoint, operator_id: UUID | None, now: datetime) -> ContactPoint:
    disown(point, operator_id, now)
    for delivery in _waiting_for(point):
        if cancel_queued(delivery.purpose):
            enqueue_after_commit(Job.SETTLE_DELIVERY, delivery.id)
    return point


def _waiting_for(point: ContactPoint) -> list[Delivery]:
    """Requests, and letters of conversations."""
    asked = select(Step.delivery_id).where(Step.contact_point_id == point.id)
    of_shop = select(Letter.delivery_id).join(Letter.outreach).where(Outreach.shop_id == point.shop_id)
    is_to_it = Delivery.id.in_(asked) | (Delivery.id.in_(of_shop) & (Delivery.address == point.value))
    query = select(Delivery).where(Delivery.status == DeliveryStatus.QUEUED, is_to_it)
    return list(db.session.scalars(query))


def note_new_address(outreach_id: UUID, text: str, now: datetime) -> str:
    """The shop wants our letters at another address; the next one goes there. Nothing is sent for it.

    Raises:
        Refused: it is no address, or ours, or one too many.

    """
    with transaction():
        return take_told_address(get_outreach(outreach_id).shop, text, "", now).value
