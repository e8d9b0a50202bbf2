"""Carries out a plan against an installation of real processes, and reads what is left of it."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random

from redis.exceptions import RedisError
from sqlalchemy import func, select, update

from demo.children import wait_until
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.queries import find_case_of
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.status import OutreachStatus
from tests import builders
from tests.faults.judge import Asked, Letter
from tests.faults.plan import Act, Blow
from tests.resilience.installation import PATIENCE, Town, kill_session, members_of
from tests.resilience.postgresql import Cluster

HOST = "shop-{}.example"
MAIL_DOMAIN = "in.broker.test"
SCHEDULER = "schedule-1"
BELLS_NOT_RUNG = 0.15
"""Share of the requests of which no worker is told: the sweep has to find them."""
BY_FORM, BY_BOTH = 0.35, 0.15
"""Share of the shops that can be reached by their form alone, and by mail too."""


class Siege:
    """One installation, what is done to it, and how often."""

    def __init__(self, town: Town, cluster: Cluster, random: Random, workers: int) -> None:
        self.town, self._cluster, self._random = town, cluster, random
        self.workers = [f"worker-{number}" for number in range(1, workers + 1)]
        self.blows: Counter[str] = Counter()
        self._arrived = 0
        self._acts: dict[Act, Callable[[int], None]] = {
            Act.KILL_JOB: self._kill_job,
            Act.KILL_WORKER: self._kill_worker,
            Act.KILL_BOTH: self._kill_both,
            Act.FLUSH: self._flush,
            Act.RESTART_QUEUE: self._restart_queue,
            Act.CRASH_DATABASE: self._crash_database,
            Act.KILL_SCHEDULER: self._kill_scheduler,
            Act.NIGHT: lambda _: self.night(),
            Act.ARRIVE: self._arrive,
        }

    def start(self) -> None:
        self.town.start_queue()
        for name in self.workers:
            self.town.start_python(name, "workers")
        self.town.start_scheduler(SCHEDULER)
        self.town.start_web()
        assert wait_until(self.town.workers_are_listening, PATIENCE), self.town.log(self.workers[0])
        assert wait_until(self.town.web_answers, PATIENCE), self.town.log("web")

    def strike(self, blow: Blow) -> None:
        time.sleep(blow.pause)
        self._acts[blow.act](blow.amount)
        self.blows[blow.act] += 1

    def night(self) -> None:
        """Ten minutes in which nobody works: whatever a worker had in hand is free again."""
        for name in self.workers:
            for session in self.town.sessions[name]:
                kill_session(session)
        assert wait_until(lambda: not self._left_over(), PATIENCE)
        over = utcnow()
        db.session.execute(
            update(Delivery).where(Delivery.status == DeliveryStatus.SENDING).values(leased_until=over)
        )
        db.session.commit()
        for name in self.workers:
            self.town.start_python(name, "workers")

    def settle(self, seconds: float) -> bool:
        """Let everybody work in peace; whether nothing is left to be done."""
        self.night()
        end = time.monotonic() + seconds
        while count_open() and time.monotonic() < end:
            time.sleep(0.5)
        return not count_open()

    def _left_over(self) -> list[int]:
        return [
            pid
            for name in self.workers
            for session in self.town.sessions[name]
            for pid in members_of(session)
        ]

    def _kill_job(self, number: int) -> None:
        name = self._someone_busy(number)
        session = self.town.sessions[name][-1]
        for pid in members_of(session):
            if pid != session:
                with suppress(ProcessLookupError):  # it ended meanwhile
                    os.kill(pid, signal.SIGKILL)

    def _kill_worker(self, number: int) -> None:
        name = self._someone_busy(number)
        self.town.kill(name)
        self.town.start_python(name, "workers")

    def _kill_both(self, number: int) -> None:
        name = self._someone_busy(number)
        self.town.kill_with_its_job(name)
        self.town.start_python(name, "workers")

    def _someone_busy(self, number: int) -> str:
        """A worker that has a job in hand, if one is found before long; else that of the number."""
        wait_until(lambda: bool(self.town.busy()), 1)
        return self._random.choice(self.town.busy() or [self.workers[number % len(self.workers)]])

    def _flush(self, _: int) -> None:
        self.town.redis.flushall()

    def _restart_queue(self, seconds: int) -> None:
        self.town.kill("queue")
        time.sleep(seconds / 2)
        self.town.start_queue()

    def _crash_database(self, seconds: int) -> None:
        db.session.remove()
        self._cluster.pull_the_plug()
        time.sleep(seconds / 2)
        self._cluster.start()

    def _kill_scheduler(self, _: int) -> None:
        self.town.kill(SCHEDULER)
        self.town.start_scheduler(SCHEDULER)

    def _arrive(self, count: int) -> None:
        for _ in range(count):
            request = self._confirmed(self._arrived)
            self._arrived += 1
            if self._random.random() > BELLS_NOT_RUNG:
                with suppress(RedisError):  # the bell is lost: the sweep rings again
                    self.town.ring("plan_outreach", str(request.id))

    def _confirmed(self, number: int) -> DiscountRequest:
        """A request whose buyer has confirmed it, to a shop whose doors are known."""
        host, chance, now = HOST.format(number), self._random.random(), utcnow()
        mails = () if chance < BY_FORM else (f"sales@{host}",)
        forms = (f"https://{host}/",) if chance < BY_FORM + BY_BOTH else ()
        shop = builders.a_shop(now, host, emails=mails, forms=forms)
        buyer = builders.a_buyer(now, email=f"buyer-{number}@mail.example")
        return builders.a_request(now, RequestStatus.CONFIRMED, shop=shop, buyer=buyer)


def count_open() -> int:
    """What somebody has still to take up, or has in hand."""
    under_way = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)
    questions = (
        select(func.count(DiscountRequest.id)).where(DiscountRequest.status == RequestStatus.CONFIRMED),
        select(func.count(Outreach.id)).where(Outreach.status == OutreachStatus.PLANNED),
        select(func.count(Delivery.id)).where(Delivery.status.in_(under_way)),
    )
    counts = [db.session.scalar(question) or 0 for question in questions]
    waiting = db.session.scalars(select(Outreach.id).where(Outreach.status == OutreachStatus.EXHAUSTED))
    counts.append(sum(find_case_of(outreach_id) is None for outreach_id in waiting.all()))
    db.session.rollback()
    return sum(counts)


def read_requests() -> list[Asked]:
    requests = db.session.scalars(select(DiscountRequest).order_by(DiscountRequest.number))
    return [_as_asked(request) for request in requests]


def _as_asked(request: DiscountRequest) -> Asked:
    outreaches = db.session.scalars(select(Outreach).where(Outreach.discount_request_id == request.id)).all()
    letters = [_as_letter(step.delivery) for outreach in outreaches for step in outreach.steps]
    return Asked(
        request.number, tuple(letters), any(find_case_of(outreach.id) is not None for outreach in outreaches)
    )


def read_other_letters() -> list[Letter]:
    query = select(Delivery).outerjoin(Step, Step.delivery_id == Delivery.id).where(Step.id.is_(None))
    return [_as_letter(delivery) for delivery in db.session.scalars(query)]


def _as_letter(delivery: Delivery) -> Letter:
    is_mail = delivery.channel is ChannelKind.EMAIL
    key = f"<{delivery.id}@{MAIL_DOMAIN}>" if is_mail else delivery.address
    return Letter(key, delivery.template, delivery.channel, delivery.address, delivery.status)
