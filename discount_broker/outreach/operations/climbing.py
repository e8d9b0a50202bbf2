"""The next step of a ladder, and the end of it."""

from datetime import datetime, timedelta

from discount_broker.discount_requests.operations import tell
from discount_broker.kernel.clock import is_hurried, paced
from discount_broker.kernel.db import db
from discount_broker.kernel.site import site
from discount_broker.messaging.operations import cancel_queued
from discount_broker.messaging.queries import is_suppressed
from discount_broker.notifications.catalogue import (
    ShopReminder,
    ShopRequest,
)
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.operations.letters import ask_facts, keys_of, queue_letter
from discount_broker.outreach.queries import count_messages
from discount_broker.outreach.rules import Door, Rung, TakenStep, next_rung, step_ends_at, why_exhausted
from discount_broker.outreach.status import OPEN, OutreachEvent, next_status
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.queries import list_doors
from discount_broker.shops.rules import days_to_wait

A_DAY = timedelta(days=1)


def advance(outreach: Outreach, event: OutreachEvent) -> None:
    """Move the outreach on; whatever has no next step any more loses its time.

    Raises:
        IllegalTransition

    """
    outreach.status = next_status(outreach.status, event)
    if event is not OutreachEvent.ASKED:
        outreach.next_step_at = None


def take_next_step(outreach: Outreach, now: datetime) -> None:
    """Write to the shop through its next door, or leave the outreach to people."""
    points = {p.id: p for p in list_doors(outreach.shop_id) if not is_suppressed(keys_of(p))}
    doors = [Door(p.id, p.kind, bool(p.form and p.form.get("captcha"))) for p in points.values()]
    taken = [
        TakenStep(s.contact_point_id, s.contact_point.kind, s.delivery.status, s.is_reminder)
        for s in outreach.steps
    ]
    rung = next_rung(doors, taken)
    if rung is None:
        outreach.exhausted_why = why_exhausted(doors, taken)
        advance(outreach, OutreachEvent.LADDER_ENDED)
        tell(
            outreach.discount_request,
            "handed_to_people",
            now,
            shop=outreach.shop.name,
            why=outreach.exhausted_why,
        )
        return
    _write(outreach, points[rung.door_id], rung, now)


def _write(outreach: Outreach, point: ContactPoint, rung: Rung, now: datetime) -> None:
    number = outreach.steps_taken + 1
    due_at = _when_the_budget_allows(outreach, now)
    letter = _request_letter(outreach, point, rung, now)
    delivery = queue_letter(
        outreach, letter, point, purpose=f"outreach:{outreach.id}:{number}", now=now, due_at=due_at
    )
    assert delivery is not None, "the number of a step is never used twice"
    step = Step(
        number=number, contact_point=point, delivery=delivery, is_reminder=rung.is_reminder, taken_at=now
    )
    outreach.steps.append(step)
    outreach.steps_taken, outreach.asked_at = number, outreach.asked_at or now
    outreach.next_step_at = _answer_awaited_until(outreach, due_at, now)
    advance(outreach, OutreachEvent.ASKED)
    event = "reminded_shop" if rung.is_reminder else "asked_shop"
    tell(
        outreach.discount_request,
        event,
        now,
        shop=outreach.shop.name,
        door=point.kind,
        due_at=due_at.isoformat(),
    )


def _answer_awaited_until(outreach: Outreach, due_at: datetime, now: datetime) -> datetime:
    """A day of the shop's business time; a demonstration knows no weekends and no holidays."""
    ends_at = step_ends_at(due_at, outreach.shop.country)
    return paced(min(ends_at, due_at + A_DAY) if is_hurried() else ends_at, now)


def _when_the_budget_allows(outreach: Outreach, now: datetime) -> datetime:
    """Now, or as many days later as the messages before it need, each day with its share."""
    day = paced(now + A_DAY, now) - now
    before = count_messages(outreach.shop_id, now - day)
    return now + day * days_to_wait(before, site().contact_budget)


def _request_letter(outreach: Outreach, point: ContactPoint, rung: Rung, now: datetime) -> ShopRequest:
    facts = ask_facts(outreach, point)
    if rung.is_reminder:
        return ShopReminder(**facts, first_asked_at=outreach.asked_at or now)
    return ShopRequest(**facts)


def end(outreach: Outreach, event: OutreachEvent, now: datetime) -> None:
    """The shop answered, or nobody wants its answer any more: nothing further leaves."""
    if outreach.status in OPEN:
        advance(outreach, event)
        if event is not OutreachEvent.STOPPED:
            outreach.answered_at = now
    cancel_queued(f"outreach:{outreach.id}:")
    db.session.flush()
