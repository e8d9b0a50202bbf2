from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from discount_broker.kernel.clock import utcnow
from tests.clockwork import work_until_quiet
from tests.fakes import FakeFetcher, RecordingQueue
from tests.queue_check import list_misplaced

Work = Callable[[datetime], list[str]]


@pytest.fixture
def work_at(app: Flask, queue: RecordingQueue, fetcher: FakeFetcher) -> Work:
    return lambda now: work_until_quiet(app, queue, fetcher, now)


@pytest.fixture(autouse=True)
def queue_in_order(request: pytest.FixtureRequest, world: None) -> Iterator[None]:
    """Whatever a test does: afterwards every shop stands where its cases put it."""
    yield
    if "app" in request.fixturenames:
        assert list_misplaced(utcnow()) == []
