"""Climbing the ladders of the shops that were chosen."""

from datetime import datetime, timedelta
from functools import partial
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
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.catalogue import NextStep, NoAnswerYet
from discount_broker.notifications.operations import notify
from discount_broker.outreach.models import DoorRate
from discount_broker.outreach.operations import climb, take_next_step
from discount_broker.outreach.queries import (
    attempts_of,
    count_rates,
    find_rate,
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
from discount_broker.outreach.queries.pools import list_due_with
from discount_broker.outreach.status import OutreachStatus

SILENCE_IS_TOLD_AFTER = timedelta(days=2)
"""A buyer who has heard nothing for so long is told what was tried, and what comes next."""


@again_if_deadlocked
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
    for_each(list_due_steps(now), partial(_take_due_step, now=now))


@again_if_deadlocked
def _take_due_step(outreach_id: UUID, now: datetime) -> None:
    """Those of a group are reminded of by one letter: it leaves when all have climbed."""
    with transaction():
        together = {outreach_id, *list_due_with(get_outreach(outreach_id), now)}
        for each_id in sorted(together):  # in one order, or two workers wait for each other
            outreach = get_outreach(each_id, lock=True)
            is_due = outreach.next_step_at is not None and outreach.next_step_at <= now
            if outreach.status is OutreachStatus.ASKED and is_due:  # it may have answered meanwhile
                climb(outreach, now)


def learn_rates(now: datetime) -> int:
    """Count anew how doors answer, by kind and country; how many rates there are."""
    with transaction() as session:
        rates = count_rates()
        for (kind, country), cases in rates.items():
            rate = find_rate(kind, country)
            if rate is None:
                rate = DoorRate(kind=kind, country=country)
                session.add(rate)
            rate.asked, rate.answered, rate.computed_at = cases.asked, cases.answered, now
        return len(rates)


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
    for_each(list_silent_requests(now - patience), partial(_tell_if_silent, now=now))


def _tell_if_silent(request_id: UUID, now: datetime) -> None:
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
