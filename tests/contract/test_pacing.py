"""Every Pacer keeps the pause; the one over Redis keeps it between processes."""

import logging
import time
from itertools import pairwise
from threading import Thread

import pytest
from redis import Redis

from discount_broker.adapters.http_fetch import GuardedFetcher
from discount_broker.adapters.pacing import HostBusy, LocalPacer, Pacer, RedisPacer
from discount_broker.discovery.ports import FetchRefused, RefusedWhy
from tests.contract.servers import serving
from tests.fakes import Answer, Asked, site_of


class Sleeps(list[float]):
    """Notes how long it was asked to sleep, and does not."""

    def __call__(self, seconds: float) -> None:
        self.append(round(seconds, 1))


@pytest.fixture(params=["local", "redis", "redis gone"])
def pacer(request: pytest.FixtureRequest, redis: Redis, dead_redis: Redis, sleeps: Sleeps) -> Pacer:
    if request.param == "local":
        return LocalPacer(sleeps)
    return RedisPacer(redis if request.param == "redis" else dead_redis, sleeps)


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


def test_turns_at_one_host_are_a_delay_apart(pacer: Pacer, sleeps: Sleeps) -> None:
    for _ in range(3):
        pacer.wait_turn("shop.test", 2)
    assert sleeps == [0, 2, 4]


def test_hosts_do_not_wait_for_each_other(pacer: Pacer, sleeps: Sleeps) -> None:
    pacer.wait_turn("shop.test", 2)
    pacer.wait_turn("other.test", 2)
    assert sleeps == [0, 0]


def test_nobody_sleeps_for_a_turn_far_away(pacer: Pacer, sleeps: Sleeps) -> None:
    pacer.wait_turn("shop.test", 20)
    pacer.wait_turn("shop.test", 20)
    for _ in range(2):
        with pytest.raises(HostBusy):
            pacer.wait_turn("shop.test", 20)
    assert sleeps == [0, 20]


def test_a_host_that_asked_for_rest_gets_it(pacer: Pacer, sleeps: Sleeps) -> None:
    pacer.hold_off("shop.test", 7)
    pacer.hold_off("shop.test", 3)
    pacer.wait_turn("shop.test", 2)
    assert sleeps == [7]


def test_losing_redis_is_told_once(
    dead_redis: Redis, sleeps: Sleeps, caplog: pytest.LogCaptureFixture
) -> None:
    pacer = RedisPacer(dead_redis, sleeps)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            pacer.wait_turn("shop.test", 2)
    assert len(caplog.records) == 1


def guarded(place: str, delay: float, redis: Redis | None = None) -> GuardedFetcher:
    return GuardedFetcher(
        user_agent="DiscountBrokerBot/1.0", resolve=(("shop.test", place),), delay=delay, redis=redis
    )


def test_two_workers_keep_the_delay_between_them(redis: Redis) -> None:
    times: list[float] = []

    def note(asked: Asked) -> Answer:
        times.append(time.monotonic())
        return Answer(b"", 404 if asked.path == "/robots.txt" else 200)

    with serving(note) as server:
        workers = [guarded(server.place, 0.6, redis) for _ in range(2)]
        threads = [
            Thread(target=lambda worker=worker: [worker.fetch("http://shop.test/") for _ in range(2)])
            for worker in workers
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(times) in (5, 6)
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.2


def test_a_second_worker_knows_the_robots_txt_the_first_one_read(redis: Redis) -> None:
    with serving(site_of({"/robots.txt": "User-agent: *\nDisallow: /cart", "/": "Home"})) as server:
        guarded(server.place, 0, redis).fetch("http://shop.test/")
        with pytest.raises(FetchRefused) as refused:
            guarded(server.place, 0, redis).fetch("http://shop.test/cart")
    assert refused.value.why == RefusedWhy.ROBOTS
    assert [asked.path for asked in server.asked] == ["/robots.txt", "/"]


def test_pages_come_while_redis_is_gone(dead_redis: Redis) -> None:
    with serving(site_of({"/": "Home"})) as server:
        assert guarded(server.place, 0.05, dead_redis).fetch("http://shop.test/").content == b"Home"


def test_forms_wait_for_their_turn_like_pages() -> None:
    with serving(site_of({"/": "Home"})) as server:
        visit = guarded(server.place, 0.2).visit()
        started = time.monotonic()
        for _ in range(2):
            visit.post("http://shop.test/", b"", "text/plain", "http://shop.test/")
        assert time.monotonic() - started > 0.15


def test_the_crawl_delay_a_site_asks_for_is_kept() -> None:
    with serving(site_of({"/robots.txt": "User-agent: *\nCrawl-delay: 0.4", "/": "Home"})) as server:
        fetcher = guarded(server.place, 0.01)
        fetcher.fetch("http://shop.test/")
        started = time.monotonic()
        fetcher.fetch("http://shop.test/")
        assert time.monotonic() - started > 0.3


@pytest.mark.parametrize("retry_after", ["120", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_shop_that_says_not_now_is_left_alone(retry_after: str) -> None:
    not_now = Answer(b"", 429, headers={"Retry-After": retry_after})
    with serving(site_of({"/": not_now, "/other": "Other"})) as server:
        fetcher = guarded(server.place, 0.01)
        assert fetcher.fetch("http://shop.test/").status == 429
        with pytest.raises(FetchRefused) as refused:
            fetcher.fetch("http://shop.test/other")
    assert (refused.value.why, refused.value.is_final) == (RefusedWhy.BUDGET, False)


@pytest.mark.parametrize("retry_after", ["soon", "", "²", "Mon, 01 Jan 2001 00:00:00 GMT"])
def test_a_retry_after_that_says_nothing_changes_nothing(retry_after: str) -> None:
    not_now = Answer(b"", 503, headers={"Retry-After": retry_after})
    with serving(site_of({"/": not_now, "/other": "Other"})) as server:
        fetcher = guarded(server.place, 0.01)
        fetcher.fetch("http://shop.test/")
        assert fetcher.fetch("http://shop.test/other").content == b"Other"
