"""Reading the catalogue that a shop gives of itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.discovery.models import Listing
from discount_broker.discovery.use_cases import read_feed, ring_for_feeds
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.shops.models import Shop
from tests.builders import a_shop
from tests.fakes import Answer, FakeFetcher, RecordingQueue, site_of
from tests.use_cases.race import race
from tests.use_cases.test_feeds import yml

pytestmark = pytest.mark.usefixtures("app")
FEED = "https://tools.ru/feed.yml"
DAY = timedelta(days=1)


@pytest.fixture
def shop(now: datetime) -> Shop:
    return a_shop(now, "tools.ru", feed_url=FEED)


def serve(fetcher: FakeFetcher, answer: Answer, robots: str = "") -> None:
    fetcher.sites["tools.ru"] = site_of({"/feed.yml": answer, "/robots.txt": robots})


def urls() -> list[str]:
    db.session.expire_all()
    return sorted(listing.url for listing in db.session.scalars(select(Listing).where(Listing.is_available)))


def test_its_products_can_be_asked_for_as_a_rivals(shop: Shop, fetcher: FakeFetcher, now: datetime) -> None:
    serve(fetcher, Answer(yml(100, 200), content_type="application/octet-stream"))
    read_feed(shop.id, fetcher, now)
    assert urls() == ["https://tools.ru/p/1", "https://tools.ru/p/2"]
    assert (shop.feed_read_at, shop.feed_failure) == (now, "")


def test_it_is_read_once_a_day(
    shop: Shop, fetcher: FakeFetcher, queue: RecordingQueue, now: datetime
) -> None:
    serve(fetcher, Answer(yml(100)))
    ring_for_feeds(now)
    assert queue.take() == [(Job.READ_FEED, shop.id)]
    read_feed(shop.id, fetcher, now)
    read_feed(shop.id, fetcher, now + timedelta(hours=23))
    ring_for_feeds(now + timedelta(hours=23))
    assert queue.take() == []
    serve(fetcher, Answer(yml(100, 200)))
    ring_for_feeds(now + DAY)
    assert queue.take() == [(Job.READ_FEED, shop.id)]
    read_feed(shop.id, fetcher, now + DAY)
    assert len(urls()) == 2


def test_a_reading_that_broke_off_is_begun_again(
    shop: Shop, fetcher: FakeFetcher, queue: RecordingQueue, now: datetime
) -> None:
    shop.feed_read_at, shop.feed_failure = now, "reading"
    db.session.commit()
    ring_for_feeds(now + timedelta(minutes=5))
    assert queue.take() == []
    ring_for_feeds(now + timedelta(minutes=16))
    assert queue.take() == [(Job.READ_FEED, shop.id)]
    serve(fetcher, Answer(yml(100)))
    read_feed(shop.id, fetcher, now + timedelta(minutes=16))
    assert (urls(), shop.feed_failure) == (["https://tools.ru/p/1"], "")


FAILURES: list[tuple[str, Callable[[FakeFetcher], None]]] = [
    ("http_404", lambda fetcher: serve(fetcher, Answer(b"", 404))),
    ("http_500", lambda fetcher: serve(fetcher, Answer(b"", 503))),
    ("robots", lambda fetcher: serve(fetcher, Answer(yml(1)), "User-agent: *\nDisallow: /")),
    ("feed_unreadable", lambda fetcher: serve(fetcher, Answer(b"<html></html>"))),
    ("feed_unreadable", lambda fetcher: serve(fetcher, Answer(b"\x1f\x8b broken"))),
    ("name_unknown", lambda _fetcher: None),
    ("unreachable", lambda fetcher: setattr(fetcher, "dead", ("tools.ru",))),
]


@pytest.mark.parametrize(("why", "arrange"), FAILURES, ids=[f"{n}-{f[0]}" for n, f in enumerate(FAILURES)])
def test_a_failure_is_kept_and_what_was_known_stays(
    shop: Shop, fetcher: FakeFetcher, now: datetime, why: str, arrange: Callable[[FakeFetcher], None]
) -> None:
    serve(fetcher, Answer(yml(100)))
    read_feed(shop.id, fetcher, now)
    fetcher.sites.clear()
    arrange(fetcher)
    read_feed(shop.id, fetcher, now + DAY)
    db.session.expire_all()
    assert (shop.feed_failure, urls()) == (why, ["https://tools.ru/p/1"])


def test_nobody_fills_the_shelf_of_another_shop(fetcher: FakeFetcher, now: datetime) -> None:
    thief = a_shop(now, "thief.ru", feed_url="https://thief.ru/feed.yml")
    fetcher.sites["thief.ru"] = site_of({"/feed.yml": Answer(yml(1, 2))})
    read_feed(thief.id, fetcher, now)
    db.session.expire_all()
    assert (thief.feed_failure, urls()) == ("feed_foreign", [])


def test_a_private_address_is_not_read(fetcher: FakeFetcher, now: datetime) -> None:
    shop = a_shop(now, feed_url="http://192.168.0.1/feed.yml")
    read_feed(shop.id, fetcher, now)
    db.session.expire_all()
    assert shop.feed_failure == "private_address"


def test_two_workers_read_it_once(app: Flask, shop: Shop, fetcher: FakeFetcher, now: datetime) -> None:
    serve(fetcher, Answer(yml(100)))
    shop_id = shop.id
    race(app, *[lambda: read_feed(shop_id, fetcher, now)] * 3)
    assert sum(asked.path == "/feed.yml" for asked in fetcher.asked) == 1
