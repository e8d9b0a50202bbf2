"""Several buyers, one product, one shop: one letter that says how many they are, and never who."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Select, select

from discount_broker.discount_requests.operations import tell
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import cancel_queued, queue_delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Outreach, Pool
from discount_broker.outreach.operations.digests import POOL, compose, write_anew
from discount_broker.outreach.operations.letters import envelope_of
from discount_broker.outreach.queries import list_outreaches_in
from discount_broker.outreach.queries.pools import (
    find_pool,
    key_of,
    list_alike,
    list_waiting_in,
    people_waiting,
)
from discount_broker.shops.models import ContactPoint


def pool_of(outreach: Outreach, now: datetime) -> Pool | None:
    """The group in which it is put to the shop from now on; None while they are too few."""
    alike = list_alike(outreach)
    people = people_waiting(alike)
    if not people:
        return None
    pool = find_pool(outreach.shop_id, key_of(outreach))
    if pool is None:
        pool = Pool(shop_id=outreach.shop_id, product_key=key_of(outreach), formed_at=now)
        db.session.add(pool)
        db.session.flush()
    for each in alike:
        if each.pool_id != pool.id:
            each.pool_id = pool.id
            tell(each.discount_request, "pooled", now, shop=each.shop.name, people=people)
    db.session.flush()
    return pool


def find_joinable(pool: Pool, point: ContactPoint) -> Delivery | None:
    """The letter of the group that has not left through this door yet."""
    query = _not_left(pool).where(Delivery.address == point.value).limit(1)
    return db.session.scalar(query, execution_options={"populate_existing": True})


def join_letter(waiting: Delivery, outreach: Outreach, point: ContactPoint) -> Delivery:
    write_anew(waiting, [*list_outreaches_in(waiting.id), outreach], point)
    return waiting


def begin_letter(
    pool: Pool, outreach: Outreach, point: ContactPoint, number: int, now: datetime, *, due_at: datetime
) -> Delivery:
    """One letter for all of the group; letters of theirs that have not left yet give way to it."""
    letter_id = uuid4()
    envelope = envelope_of(outreach, point)
    rendered = compose(letter_id, [outreach], point, now)
    delivery = queue_delivery(
        rendered,
        envelope,
        purpose=f"{POOL}{pool.id}:{outreach.id}:{number}",
        now=now,
        due_at=due_at,
        delivery_id=letter_id,
    )
    assert delivery is not None, "the number of a step is never used twice"
    for each in list_waiting_in(pool.id):
        if each.id != outreach.id:
            _give_way(each, delivery, point)
    return delivery


def _give_way(outreach: Outreach, letter: Delivery, point: ContactPoint) -> None:
    """A letter of its own that would leave by the same door is put into the one of the group."""
    last = outreach.steps[-1] if outreach.steps else None
    if last is None or last.contact_point_id != point.id:
        return
    own = last.delivery
    is_own = own.purpose.startswith(f"outreach:{outreach.id}:")
    if not is_own or own.status is not DeliveryStatus.QUEUED or own.attempts:
        return
    if cancel_queued(own.purpose):
        last.delivery = letter
        db.session.flush()


def end_pool(outreach: Outreach, now: datetime) -> None:
    """One of a group waits no more: letters that have not left count anew, and the last one ends it."""
    if outreach.pool_id is None:
        return
    pool = db.session.get_one(Pool, outreach.pool_id)
    waiting = list_waiting_in(pool.id)
    if not waiting:
        pool.ended_at = pool.ended_at or now
    for letter in db.session.scalars(_not_left(pool)):
        told = [each for each in waiting if any(step.delivery_id == letter.id for step in each.steps)]
        if told:
            point = next(s.contact_point for s in told[0].steps if s.delivery_id == letter.id)
            write_anew(letter, told, point)


def _not_left(pool: Pool) -> Select[Delivery]:
    return (
        select(Delivery)
        .where(
            Delivery.status == DeliveryStatus.QUEUED,
            Delivery.attempts == 0,
            Delivery.purpose.startswith(f"{POOL}{pool.id}:"),
        )
        .order_by(Delivery.created_at)
        .with_for_update()
    )
