"""One installation for all these tests: starting its processes takes the longest."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from demo.children import wait_until
from discount_broker.kernel.clock import utcnow
from discount_broker.settings import Settings
from tests.resilience.installation import PATIENCE, Shops, Sink, Town, town_on


@pytest.fixture
def now() -> datetime:
    """The clock of the workers is the one on the wall."""
    return utcnow()


@pytest.fixture(scope="package")
def whole_town(
    app: Flask, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Town, Shops, Sink]]:
    with town_on(settings.database_url, tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.fixture
def town(whole_town: tuple[Town, Shops, Sink]) -> Iterator[Town]:
    """The installation with nothing to do; whatever a test started is done before its rows go."""
    town, shops, sink = whole_town
    town.redis.delete(town.queue.key)
    sink.taken.clear()
    shops.posts.clear()
    yield town
    sink.may_answer.set()
    shops.may_answer.set()
    town.stop_schedulers()
    town.redis.delete(town.queue.key)
    assert wait_until(town.is_quiet, PATIENCE)


@pytest.fixture
def sink(whole_town: tuple[Town, Shops, Sink]) -> Sink:
    return whole_town[2]


@pytest.fixture
def shops(whole_town: tuple[Town, Shops, Sink]) -> Shops:
    return whole_town[1]
