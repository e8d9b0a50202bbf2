"""What follows from the end of a delivery: a door that failed makes room for the next at once."""

from datetime import datetime
from uuid import UUID

from discount_broker.discount_requests.operations import tell
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.queries import get_delivery
from discount_broker.messaging.status import DeliveryStatus, ReceiptKind
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.operations import close_shop, take_next_step
from discount_broker.outreach.operations.conversation import settle_letter
from discount_broker.outreach.queries import count_soft_bounces, get_outreach, list_steps_of
from discount_broker.outreach.queries.thread import find_letter_of
from discount_broker.outreach.rules import SOFT_BOUNCES_THAT_KILL
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.operations import mark_dead, note_captcha
from discount_broker.shops.queries import is_stopped

CLOSED_FOR_GOOD = (FailureReason.ADDRESS_DEAD, FailureReason.FORM_GONE, FailureReason.SCRIPT_ONLY)
UNDER_WAY = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)
ENDED_BADLY = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED)


@again_if_deadlocked
def settle_delivery(delivery_id: UUID, now: datetime) -> None:
    """Draw the consequences of a delivery that ended, for every outreach it was for; harmless twice."""
    with transaction():
        delivery, steps = get_delivery(delivery_id), list_steps_of(delivery_id)
        if delivery.status in UNDER_WAY:
            return
        outreaches = [get_outreach(step.outreach_id, lock=True) for step in steps]
        if any(receipt.kind is ReceiptKind.COMPLAINT for receipt in delivery.receipts):
            _take_complaint(delivery, outreaches, now)
        for step, outreach in zip(steps, outreaches, strict=True):
            _settle(step, outreach, now)
        if letter := find_letter_of(delivery_id):
            get_outreach(letter.outreach_id, lock=True)
            settle_letter(letter, now)


def _settle(step: Step, outreach: Outreach, now: datetime) -> None:
    status = step.delivery.status
    if status in ENDED_BADLY:
        _note_failure(step, outreach, now)
    is_last = step.number == outreach.steps_taken
    if outreach.status is OutreachStatus.ASKED and is_last and status is not DeliveryStatus.SENT:
        take_next_step(outreach, now)


def _take_complaint(delivery: Delivery, outreaches: list[Outreach], now: datetime) -> None:
    """Somebody at a shop called our mail spam: what runs there ends, unless they have changed their mind."""
    cause = f"complaint about: {delivery.subject}"
    for shop in {outreach.shop_id: outreach.shop for outreach in outreaches}.values():
        if is_stopped(shop):
            close_shop(shop, reason="complaint", cause=cause, now=now)


def _note_failure(step: Step, outreach: Outreach, now: datetime) -> None:
    failure = step.delivery.failure
    if failure is FailureReason.CAPTCHA:
        note_captcha(step.contact_point)
    elif _is_closed(step):
        mark_dead(step.contact_point_id, failure or "bounced")
    request = outreach.discount_request
    if any(entry.facts.get("step") == str(step.id) for entry in request.timeline):
        return  # told before: bells ring twice
    tell(
        request,
        "door_failed",
        now,
        shop=outreach.shop.name,
        door=step.contact_point.kind,
        why=failure or "other",
        step=str(step.id),
    )


def _is_closed(step: Step) -> bool:
    """Whether the door is of no use for other requests either.

    A server that could not be reached, or that refuses us as such, says nothing against the address;
    a full mailbox does when it stays full.
    """
    delivery = step.delivery
    if delivery.failure in CLOSED_FOR_GOOD:
        return True
    if delivery.failure is FailureReason.MAILBOX_FULL:
        return count_soft_bounces(step.contact_point, delivery) >= SOFT_BOUNCES_THAT_KILL
    return delivery.status is DeliveryStatus.BOUNCED and delivery.failure is FailureReason.REFUSED
