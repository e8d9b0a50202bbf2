"""The transaction and its bell."""

from datetime import datetime
from uuid import uuid4

import pytest
from flask import Flask

from discount_broker.accounts.operations import buyer_with_email
from discount_broker.accounts.queries import find_buyer_by_email
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.status import ReadingStatus
from discount_broker.discount_requests.use_cases import start_draft
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.jobs import Job, enqueue_after_commit
from discount_broker.kernel.transaction import transaction
from tests.fakes import FakeFetcher, RecordingQueue
from workers import jobs, runtime

pytestmark = pytest.mark.usefixtures("app")


def test_bells_ring_after_the_commit_and_in_order(queue: RecordingQueue) -> None:
    first, second = uuid4(), uuid4()
    with transaction():
        enqueue_after_commit(Job.DELIVER, first)
        enqueue_after_commit(Job.READ_MAIL, second)
        assert not queue.rung
    assert queue.rung == [(Job.DELIVER, first), (Job.READ_MAIL, second)]


def test_what_is_rolled_back_rings_nothing_not_even_later(queue: RecordingQueue, now: datetime) -> None:
    def ring_and_fail() -> None:
        with transaction():
            enqueue_after_commit(Job.DELIVER, uuid4())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ring_and_fail()
    with transaction():
        pass
    assert not queue.rung


def test_a_use_case_inside_another_is_a_bug_that_undoes_both(now: datetime) -> None:
    def nest() -> None:
        with transaction():
            buyer_with_email("anna@mail.example", "en", now)
            start_draft("tools.ru/p/1", "en", now)

    with pytest.raises(RuntimeError, match="must not call another"):
        nest()
    assert find_buyer_by_email("anna@mail.example") is None
    start_draft("tools.ru/p/1", "en", now)


def test_without_redis_the_request_is_accepted_and_the_sweep_rings_when_it_is_back(
    app: Flask, queue: RecordingQueue, fetcher: FakeFetcher, now: datetime
) -> None:
    runtime.bind(app)
    queue.down = True
    request_id = start_draft("https://tools.ru/p/1", "en", now)
    assert get_request(request_id).reading is ReadingStatus.WAITING
    queue.down = False
    jobs.ring_lost_bells()
    assert (Job.READ_PRODUCT, request_id) in queue.rung


def test_the_sweep_leaves_a_busy_queue_alone(app: Flask, queue: RecordingQueue, now: datetime) -> None:
    runtime.bind(app)
    start_draft("https://tools.ru/p/1", "en", now)
    queue.take()
    queue.waiting = lambda: 51  # type: ignore[method-assign]
    jobs.ring_lost_bells()
    assert not queue.rung


def test_a_failed_job_is_told_to_the_queue_and_changes_nothing(app: Flask) -> None:
    runtime.bind(app)
    with pytest.raises(NotFound):
        jobs.plan_outreach(str(uuid4()))
    with transaction():
        pass  # nothing was left open
