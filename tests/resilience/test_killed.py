"""Workers, scheduler and queue are killed in the middle of things."""

from datetime import datetime, timedelta

import pytest

from demo.children import wait_until
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import ReadingStatus
from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.status import CaseReason
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from tests.resilience.installation import (
    HOSTS,
    PATIENCE,
    Shops,
    Sink,
    Town,
    becomes,
    is_in,
    last_delivery,
    to_be_asked,
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("app")]
NOTHING_LEFT = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)


def let_the_lease_end(outreach: Outreach) -> None:
    last_delivery(outreach).leased_until = utcnow() - timedelta(seconds=1)
    db.session.commit()


def test_a_mail_whose_sender_was_killed_goes_out_once_more_as_the_same_mail(
    town: Town, sink: Sink, now: datetime
) -> None:
    address = f"sales@{HOSTS[0]}"
    outreach = to_be_asked(now, emails=(address,))
    sink.may_answer.clear()
    town.ring("ask_shop", str(outreach.shop_id))
    assert wait_until(lambda: bool(sink.mails_to(address)), PATIENCE)
    killed = town.busy_worker()
    town.kill_with_its_job(killed)
    sink.may_answer.set()
    town.start_python(killed, "workers")
    assert becomes(is_in(outreach, DeliveryStatus.SENDING))
    let_the_lease_end(outreach)
    town.ring("ring_lost_bells")
    assert becomes(is_in(outreach, DeliveryStatus.SENT))
    town.ring("ring_lost_bells")
    assert wait_until(town.is_quiet, PATIENCE)
    assert len(sink.mails_to(address)) == 2
    assert len(set(sink.mails_to(address))) == 1, "for the mailbox it is one mail"


def test_a_worker_killed_alone_leaves_a_job_that_finishes(town: Town, sink: Sink, now: datetime) -> None:
    address = f"sales@{HOSTS[0]}"
    outreach = to_be_asked(now, emails=(address,))
    sink.may_answer.clear()
    town.ring("ask_shop", str(outreach.shop_id))
    assert wait_until(lambda: bool(sink.mails_to(address)), PATIENCE)
    killed = town.busy_worker()
    town.kill(killed)
    sink.may_answer.set()
    assert becomes(is_in(outreach, DeliveryStatus.SENT))
    town.start_python(killed, "workers")
    town.ring("ring_lost_bells")
    assert wait_until(town.is_quiet, PATIENCE)
    assert len(sink.mails_to(address)) == 1


def test_a_form_whose_sender_was_killed_is_never_sent_again_and_reaches_the_desk(
    town: Town, shops: Shops, now: datetime
) -> None:
    outreach = to_be_asked(now, forms=(f"https://{HOSTS[1]}/",), number=1)
    shops.may_answer.clear()
    town.ring("ask_shop", str(outreach.shop_id))
    assert wait_until(lambda: bool(shops.posts), PATIENCE)
    killed = town.busy_worker()
    town.kill_with_its_job(killed)
    shops.may_answer.set()
    town.start_python(killed, "workers")
    let_the_lease_end(outreach)
    town.ring("ring_lost_bells")
    assert becomes(is_in(outreach, DeliveryStatus.UNKNOWN))
    assert becomes(lambda: outreach.status is OutreachStatus.EXHAUSTED)
    town.ring("open_due_cases")
    assert becomes(lambda: find_case_of(outreach.id) is not None)
    case = find_case_of(outreach.id)
    assert case is not None
    assert case.reason is CaseReason.OUTCOME_UNKNOWN
    town.ring("ring_lost_bells")
    assert wait_until(town.is_quiet, PATIENCE)
    assert len(shops.posts) == 1


def test_a_link_pasted_while_the_queue_is_dead_is_read_when_an_empty_one_is_back(
    town: Town, now: datetime
) -> None:
    town.start_scheduler()
    town.kill("queue")
    browser = town.browser
    page = browser.open("/").form("/ask").fill(link=f"https://{HOSTS[2]}/p/1").press()
    assert page.status == 200
    assert "/ask/" in page.url
    request = db.session.query(DiscountRequest).one()
    assert request.reading is ReadingStatus.WAITING
    assert browser.open(page.url).status == 200
    # Long enough for the Redis client to give up its own tries.
    assert wait_until(lambda: "waiting for it" in town.log("schedule-1"), PATIENCE)
    town.start_queue()
    assert becomes(lambda: request.reading is ReadingStatus.READ)
    assert "Bosch GSR 12V-15" in browser.open(page.url).words
    assert not any(town.has_ended(name) for name in ("worker-1", "worker-2", "schedule-1", "web"))


def test_a_queue_emptied_in_the_middle_loses_nothing_and_doubles_nothing(
    town: Town, sink: Sink, now: datetime
) -> None:
    outreaches = [to_be_asked(now, n, emails=(f"sales@{host}",)) for n, host in enumerate(HOSTS)]
    for outreach in outreaches:
        town.ring("ask_shop", str(outreach.shop_id))
    town.start_scheduler()
    for enough in (1, 4, 8):
        assert wait_until(lambda least=enough: len(sink.taken) >= least, PATIENCE)
        town.redis.flushall()
    assert becomes(lambda: all(is_in(outreach, DeliveryStatus.SENT)() for outreach in outreaches))
    assert wait_until(town.is_quiet, PATIENCE)
    assert sink.counts() == {f"sales@{host}": 1 for host in HOSTS}
    assert not any(town.has_ended(name) for name in ("worker-1", "worker-2", "schedule-1"))


def test_bells_for_nothing_are_told_and_cost_no_worker(town: Town, sink: Sink, now: datetime) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    for job in ("read_product", "plan_outreach", "discover_contacts", "ask_shop", "deliver", "read_mail"):
        town.ring(job, nobody)
    town.ring("deliver", "no id at all")
    town.ring("no_such_job", nobody)
    town.ring("deliver")
    outreach = to_be_asked(now, 3, emails=(f"sales@{HOSTS[3]}",))
    town.ring("ask_shop", str(outreach.shop_id))
    assert becomes(is_in(outreach, DeliveryStatus.SENT))
    assert wait_until(town.is_quiet, PATIENCE)
    assert not any(town.has_ended(name) for name in ("worker-1", "worker-2"))
    told = town.log("worker-1") + town.log("worker-2")
    assert nobody in told
    assert "no id at all" in told
    assert "no_such_job" in told


def test_two_schedulers_and_one_killed_say_nothing_twice(town: Town, sink: Sink, now: datetime) -> None:
    long_ago = now - timedelta(days=30)
    outreaches = []
    for number in range(4):
        outreach = to_be_asked(now, number, emails=(f"sales@{HOSTS[number]}",))
        outreach.discount_request.confirmed_at = long_ago
        outreaches.append(outreach)
    db.session.commit()
    town.start_scheduler("schedule-1")
    town.start_scheduler("schedule-2")
    assert becomes(lambda: all(is_in(outreach, DeliveryStatus.SENT)() for outreach in outreaches))
    town.kill("schedule-1")
    town.start_scheduler("schedule-3")
    for due_again in (2, 3):
        for outreach in outreaches:
            outreach.next_step_at = utcnow() - timedelta(seconds=1)
            outreach.steps[-1].delivery.sent_at = long_ago
        db.session.commit()
        assert becomes(
            lambda least=due_again: all(
                outreach.steps_taken >= least or outreach.status is OutreachStatus.EXHAUSTED
                for outreach in outreaches
            )
        )
        assert becomes(
            lambda: not db.session.query(Delivery).filter(Delivery.status.in_(NOTHING_LEFT)).count()
        )
    assert becomes(lambda: all(find_case_of(outreach.id) is not None for outreach in outreaches))
    buyers = [
        outreach.discount_request.buyer.email for outreach in outreaches if outreach.discount_request.buyer
    ]
    assert becomes(lambda: all(sink.counts()[email] for email in buyers))
    town.stop_schedulers()
    assert wait_until(town.is_quiet, PATIENCE)
    assert all(sink.counts()[email] == 1 for email in buyers), "told of the silence once"
    assert all(sink.counts()[f"sales@{host}"] == 2 for host in HOSTS[:4]), "asked once, reminded once"
    assert "UNIQUE" not in town.log("worker-1") + town.log("worker-2")
