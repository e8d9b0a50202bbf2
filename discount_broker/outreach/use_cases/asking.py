"""Climbing the ladders of the shops that were chosen."""

from datetime import datetime
from functools import partial
from uuid import UUID

from discount_broker.discount_requests.queries import (
    list_unplanned,
)
from discount_broker.discovery.queries import is_being_crawled
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.outreach.models import DoorRate
from discount_broker.outreach.operations import climb, take_next_step
from discount_broker.outreach.queries import (
    count_rates,
    find_rate,
    get_outreach,
    list_awaiting_rivals,
    list_due_steps,
    list_planned,
    list_shops_with_planned,
    list_unread_mail,
    list_unsettled,
)
from discount_broker.outreach.queries.pools import list_due_with
from discount_broker.outreach.status import OutreachStatus


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
