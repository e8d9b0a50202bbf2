"""The next step of a ladder, and the end of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from discount_broker.discount_requests.operations import tell
from discount_broker.kernel.business_time import next_opening
from discount_broker.kernel.clock import is_hurried, paced
from discount_broker.kernel.db import db
from discount_broker.kernel.site import site, zone_for
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import cancel_queued
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.catalogue import ShopReminder, ShopRequest
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.operations.digests import has_had_its_share, join_digest, leave_digests
from discount_broker.outreach.operations.letters import answering_point, ask_facts, queue_letter
from discount_broker.outreach.operations.pools import (
    begin_letter,
    end_pool,
    find_joinable,
    join_letter,
    pool_of,
)
from discount_broker.outreach.queries import (
    doors_of,
    list_acknowledged,
    steps_of,
    usable_points,
)
from discount_broker.outreach.rules import (
    LOOK_AGAIN,
    Rung,
    RungReason,
    acknowledgement_due,
    next_rung,
    step_ends_at,
    why_exhausted,
)
from discount_broker.outreach.status import OPEN, OutreachEvent, next_status
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.operations import mark_answering

A_DAY = timedelta(days=1)


def advance(outreach: Outreach, event: OutreachEvent) -> None:
    """Move the outreach on; whatever has no next step any more loses its time.

    Raises:
        IllegalTransition

    """
    outreach.status = next_status(outreach.status, event)
    if event is not OutreachEvent.ASKED:
        outreach.next_step_at = None


def climb(outreach: Outreach, now: datetime) -> None:
    """Do what is due for a ladder whose wait may be over: wait on, or take the next step."""
    if outreach.ask_again_on is not None:
        _ask_again(outreach, now)
        return
    if not outreach.steps:  # it was put on the shop's page alone
        take_next_step(outreach, now)
        return
    delivery = outreach.steps[-1].delivery
    if delivery.status in (DeliveryStatus.QUEUED, DeliveryStatus.SENDING):
        # Put off by their server again and again, it is tried on; another door need not wait for that.
        is_put_off = delivery.attempts > 0 and now >= awaited_until(
            outreach.shop, outreach.steps[-1].taken_at
        )
        if is_put_off:
            take_next_step(outreach, now)
        else:
            outreach.next_step_at = paced(now + LOOK_AGAIN, now)
        return
    ends_at = awaited_until(outreach.shop, delivery.sent_at or now)
    if delivery.status is not DeliveryStatus.SENT or now >= ends_at:
        take_next_step(outreach, now)
    elif _is_probably_lost(outreach, outreach.steps[-1], now):
        tell(outreach.discount_request, "not_acknowledged", now, shop=outreach.shop.name)
        take_next_step(outreach, now, why=RungReason.NOT_RECEIVED)
    else:
        outreach.next_step_at = ends_at


def _ask_again(outreach: Outreach, now: datetime) -> None:
    """The day has come that the shop named: it is reminded where it said so, or left to its page."""
    outreach.ask_again_on = None
    if outreach.shop.contact_budget == 0:
        outreach.next_step_at = awaited_until(outreach.shop, now)
        return
    point = answering_point(outreach)
    if point is None:
        take_next_step(outreach, now)
    else:
        write_through(outreach, point, Rung(point.id, is_reminder=True, why=RungReason.REMINDER), now)


def _is_probably_lost(outreach: Outreach, step: Step, now: datetime) -> bool:
    """The shop's machines usually say at once that a letter came, said nothing, and another door is left.

    Where none is left nobody is called for it: a call has its time when the wait is over.
    """
    due = _acknowledgement_due(outreach.shop, step.contact_point, step.delivery.sent_at or now)
    if step.acknowledged_at is not None or due is None or now < due:
        return False
    rung = next_rung(doors_of(outreach.shop, usable_points(outreach)), steps_of(outreach))
    return rung is not None and not rung.is_reminder


def _acknowledgement_due(shop: Shop, point: ContactPoint, sent_at: datetime) -> datetime | None:
    due = acknowledgement_due(list_acknowledged(shop.id, point.kind), sent_at)
    return due and paced(due, sent_at)


def take_next_step(outreach: Outreach, now: datetime, why: RungReason | None = None) -> None:
    """Write to the shop through its next door, or leave the outreach to people."""
    if outreach.shop.contact_budget == 0:
        _leave_on_page(outreach, now)
        return
    points = {point.id: point for point in usable_points(outreach)}
    doors, taken = doors_of(outreach.shop, points.values()), steps_of(outreach)
    rung = next_rung(doors, taken)
    if rung is not None:
        write_through(outreach, points[rung.door_id], replace(rung, why=why or rung.why), now)
        return
    outreach.exhausted_why = why_exhausted(doors, taken)
    advance(outreach, OutreachEvent.LADDER_ENDED)
    why_told = outreach.exhausted_why
    tell(outreach.discount_request, "handed_to_people", now, shop=outreach.shop.name, why=why_told)


def write_through(outreach: Outreach, point: ContactPoint, rung: Rung, now: datetime) -> None:
    """Take this step of the ladder: the letter, and the wait that follows it."""
    number = outreach.steps_taken + 1
    delivery = _letter_or_digest(outreach, point, rung, number, now)
    step = Step(
        number=number,
        contact_point=point,
        delivery=delivery,
        is_reminder=rung.is_reminder,
        why=rung.why,
        taken_at=now,
    )
    outreach.steps.append(step)
    outreach.steps_taken, outreach.asked_at = number, outreach.asked_at or now
    due_at = delivery.due_at or now
    ends_at = awaited_until(outreach.shop, due_at)
    outreach.next_step_at = min(ends_at, _acknowledgement_due(outreach.shop, point, due_at) or ends_at)
    advance(outreach, OutreachEvent.ASKED)
    facts = {"shop": outreach.shop.name, "door": point.kind, "due_at": due_at.isoformat(), "why": rung.why}
    tell(outreach.discount_request, _event(rung, is_later=due_at > now), now, **facts)


def _leave_on_page(outreach: Outreach, now: datetime) -> None:
    """The shop wants no letters, for it looks at its page: a day of its business time, then people ask."""
    shop = outreach.shop
    if outreach.asked_at is None:
        outreach.asked_at, outreach.next_step_at = now, awaited_until(shop, now)
        advance(outreach, OutreachEvent.ASKED)
        tell(outreach.discount_request, "put_on_page", now, shop=shop.name)
        return
    outreach.exhausted_why = "silence"
    advance(outreach, OutreachEvent.LADDER_ENDED)
    tell(outreach.discount_request, "handed_to_people", now, shop=shop.name, why=outreach.exhausted_why)


def _event(rung: Rung, *, is_later: bool) -> str:
    if is_later:
        return "asked_shop_later"
    return "reminded_shop" if rung.is_reminder else "asked_shop"


def _letter_or_digest(
    outreach: Outreach, point: ContactPoint, rung: Rung, number: int, now: datetime
) -> Delivery:
    """A letter of its own while the shop's budget of the day lasts, and a line of its digest after that."""
    day = paced(now + A_DAY, now) - now
    is_full = has_had_its_share(outreach.shop_id, now)
    pool = pool_of(outreach, now)
    if pool is not None and (waiting := find_joinable(pool, point)) is not None:
        return join_letter(waiting, outreach, point)
    if is_full:
        return join_digest(outreach, point, number, now, due_at=in_their_hours(outreach.shop, now + day))
    if pool is not None:
        due_at = in_their_hours(outreach.shop, now)
        return begin_letter(pool, outreach, point, number, now, due_at=due_at)
    letter = _request_letter(outreach, point, rung, now)
    purpose, due_at = f"outreach:{outreach.id}:{number}", in_their_hours(outreach.shop, now)
    delivery = queue_letter(outreach, letter, point, purpose=purpose, now=now, due_at=due_at)
    assert delivery is not None, "the number of a step is never used twice"
    return delivery


def _request_letter(outreach: Outreach, point: ContactPoint, rung: Rung, now: datetime) -> ShopRequest:
    facts = ask_facts(outreach, point)
    if rung.is_reminder:
        return ShopReminder(**facts, first_asked_at=outreach.asked_at or now)
    return ShopRequest(**facts)


def in_their_hours(shop: Shop, at: datetime) -> datetime:
    """When a letter may leave to the shop: in its hours; a demonstration knows no night."""
    return at if is_hurried() else next_opening(at, shop.calendar, zone_for(shop.country), site().shop_hours)


def awaited_until(shop: Shop, start: datetime) -> datetime:
    """A day of the shop's business time; a demonstration knows no weekends and no holidays."""
    ends_at = step_ends_at(start, shop.calendar)
    return paced(min(ends_at, start + A_DAY) if is_hurried() else ends_at, start)


def note_answered(outreach: Outreach, delivery: Delivery | None, now: datetime) -> None:
    """A person answered: the door through which they were asked is tried first next time.

    Without a delivery the last message that arrived is taken to be what they answered.
    """
    arrived = [step for step in outreach.steps if step.delivery.status is DeliveryStatus.SENT]
    meant = [step for step in outreach.steps if delivery is not None and step.delivery_id == delivery.id]
    for step in (meant or arrived or outreach.steps)[-1:]:
        step.answered_at = step.answered_at or now
        mark_answering(step.contact_point_id, now)


def end(outreach: Outreach, event: OutreachEvent, now: datetime) -> None:
    """The shop answered, or nobody wants its answer any more: nothing further leaves."""
    if outreach.status in OPEN:
        advance(outreach, event)
        if event is not OutreachEvent.STOPPED:
            outreach.answered_at = now
    cancel_queued(f"outreach:{outreach.id}")
    leave_digests(outreach)
    end_pool(outreach, now)
    db.session.flush()
