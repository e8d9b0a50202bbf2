"""One installation for all these tests: starting its processes takes the longest."""

from collections.abc import Iterator

import pytest
from flask import Flask

from demo.children import wait_until
from discount_broker.settings import Settings
from tests.resilience.installation import PATIENCE, Shops, Sink, Town, shops_and_mail


@pytest.fixture(scope="module")
def whole_town(
    app: Flask, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Town, Shops, Sink]]:
    with shops_and_mail() as (shops, web, sink, sink_port):
        town = Town(tmp_path_factory.mktemp("town"), settings.database_url, web.place, sink_port)
        try:
            town.start_queue()
            for name in ("worker-1", "worker-2"):
                town.start_python(name, "workers")
            town.start_web()
            assert wait_until(town.workers_are_listening, PATIENCE), town.log("worker-1")
            assert wait_until(town.web_answers, PATIENCE), town.log("web")
            yield town, shops, sink
        finally:
            town.stop_all()


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
