"""Climbing the ladders of the shops that were chosen."""

from datetime import datetime, timedelta
from uuid import UUID

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.queries import (
    follow_url,
    get_request,
    list_unplanned,
    product_seen,
)
from discount_broker.discovery.queries import is_being_crawled
from discount_broker.kernel.clock import paced
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.catalogue import NextStep, NoAnswerYet
from discount_broker.notifications.operations import notify
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.operations import take_next_step
from discount_broker.outreach.queries import (
    attempts_of,
    find_step_of,
    get_outreach,
    list_awaiting_rivals,
    list_due_steps,
    list_outreaches,
    list_planned,
    list_shops_with_planned,
    list_silent_requests,
    list_unread_mail,
    list_unsettled,
    silence_purpose,
)
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.operations import mark_dead, note_captcha

SILENCE_IS_TOLD_AFTER = timedelta(days=2)
"""A buyer who has heard nothing for so long is told what was tried, and what comes next."""


CLOSED_FOR_GOOD = (FailureReason.ADDRESS_DEAD, FailureReason.FORM_GONE, FailureReason.SCRIPT_ONLY)


def ask_shop(shop_id: UUID, now: datetime) -> int:
    """Take the first step for every request that waited for this shop's contact points."""
    with transaction():
        if is_being_crawled(shop_id):
            return 0
        planned = list_planned(shop_id)
        for outreach in planned:
            take_next_step(outreach, now)
        return len(planned)


def take_due_steps(now: datetime) -> None:
    """Climb every ladder whose wait is over."""
    for outreach_id in list_due_steps(now):
        with transaction():
            outreach = get_outreach(outreach_id, lock=True)
            is_due = outreach.next_step_at is not None and outreach.next_step_at <= now
            if outreach.status is OutreachStatus.ASKED and is_due:
                _unless_under_way(outreach, now)


def _unless_under_way(outreach: Outreach, now: datetime) -> None:
    """Take the next step, unless the last message has not even left yet."""
    last = outreach.steps[-1]
    if last.delivery.status in (DeliveryStatus.QUEUED, DeliveryStatus.SENDING):
        outreach.next_step_at = paced(now + timedelta(hours=2), now)
    else:
        take_next_step(outreach, now)


def settle_delivery(delivery_id: UUID, now: datetime) -> None:
    """Draw the consequences of a delivery that ended: a door that failed makes room for the next at once."""
    with transaction():
        step = find_step_of(delivery_id)
        if step is None or step.delivery.status in (DeliveryStatus.QUEUED, DeliveryStatus.SENDING):
            return
        outreach = get_outreach(step.outreach_id, lock=True)
        status = step.delivery.status
        if status in (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED):
            _note_failure(step, outreach, now)
        is_last = step.number == outreach.steps_taken
        if outreach.status is OutreachStatus.ASKED and is_last and status is not DeliveryStatus.SENT:
            take_next_step(outreach, now)


def _note_failure(step: Step, outreach: Outreach, now: datetime) -> None:
    failure = step.delivery.failure
    if failure is FailureReason.CAPTCHA:
        note_captcha(step.contact_point)
    elif failure in CLOSED_FOR_GOOD or _is_turned_away(step):
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


def _is_turned_away(step: Step) -> bool:
    """Bounced for good; a server that merely could not be reached says nothing against the address."""
    is_bounce = step.delivery.status is DeliveryStatus.BOUNCED
    return is_bounce and step.delivery.failure is not FailureReason.TOO_MANY_TRIES


def requeue_lost() -> None:
    """Ring again for requests, shops and mails whose bell was lost."""
    with transaction():
        for request_id in list_unplanned():
            enqueue_after_commit(Job.PLAN_OUTREACH, request_id)
        for request_id in list_awaiting_rivals():
            enqueue_after_commit(Job.PLAN_RIVALS, request_id)
        for shop_id in list_shops_with_planned():
            if not is_being_crawled(shop_id):
                enqueue_after_commit(Job.ASK_SHOP, shop_id)
        for delivery_id in list_unsettled():
            enqueue_after_commit(Job.SETTLE_DELIVERY, delivery_id)
        for mail_id in list_unread_mail():
            enqueue_after_commit(Job.READ_MAIL, mail_id)


def tell_the_silence(now: datetime) -> None:
    """Tell each buyer once that nobody has answered yet, with what was tried and what comes next."""
    patience = paced(now + SILENCE_IS_TOLD_AFTER, now) - now
    for request_id in list_silent_requests(now - patience):
        with transaction():
            _tell_silence(get_request(request_id, lock=True), now)


def _tell_silence(request: DiscountRequest, now: datetime) -> None:
    assert request.buyer is not None
    outreaches = list_outreaches(request.id)
    waits = [o.next_step_at for o in outreaches if o.next_step_at is not None]
    told = notify(
        NoAnswerYet(
            number=request.number,
            product=product_seen(request),
            follow_url=follow_url(request),
            tried=attempts_of(outreaches),
            next_step=NextStep.OTHER_DOOR if waits else NextStep.CALL,
            next_step_at=min(waits, default=None),
        ),
        to=request.buyer.email,
        language=request.language,
        purpose=silence_purpose(request.id),
        now=now,
    )
    if told is not None:
        tell(request, "silence_told", now)
