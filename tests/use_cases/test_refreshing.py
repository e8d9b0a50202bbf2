"""Reading shops again before their doors have grown too old."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from discount_broker.discovery.models import Crawl
from discount_broker.discovery.queries import latest_crawl
from discount_broker.discovery.use_cases import discover_contacts
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.messaging.models import Suppression
from discount_broker.outreach.use_cases import refresh_contacts
from discount_broker.shops.models import Shop
from tests.builders import a_shop, an_outreach, saved
from tests.fakes import FakeFetcher, FakeMailRoutes, RecordingQueue
from workers import jobs, runtime

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


def an_asked_shop(now: datetime, *, read: int = 31, asked: int = 20, **given: object) -> Shop:
    """A shop whose pages were read and which was asked so many days ago."""
    shop = a_shop(now, contacts_read_at=now - read * DAY, **given)
    an_outreach(now - asked * DAY, shop=shop)
    return shop


def rung(queue: RecordingQueue) -> list[object]:
    return [subject for job, subject in queue.take() if job == Job.DISCOVER_CONTACTS]


def test_a_shop_in_use_is_read_again_when_its_contacts_have_grown_old(
    queue: RecordingQueue, now: datetime
) -> None:
    shop = an_asked_shop(now)
    assert refresh_contacts(now) == 1
    assert rung(queue) == [shop.id]
    crawl = latest_crawl(shop.id)
    assert crawl is not None
    assert crawl.start_url == shop.home_url
    assert refresh_contacts(now) == 0


def test_shops_that_are_fresh_or_not_in_use_are_left_alone(now: datetime) -> None:
    an_asked_shop(now, read=29)
    an_asked_shop(now, asked=91)
    a_shop(now, contacts_read_at=now - 40 * DAY)
    a_shop(now, contacts_read_at=None)
    assert refresh_contacts(now) == 0


def test_a_shop_that_forbids_letters_and_another_name_of_a_shop_are_left_alone(now: datetime) -> None:
    stopped, alias = an_asked_shop(now), an_asked_shop(now)
    saved(Suppression(key=f"shop:{stopped.domain}", reason="reply"))
    alias.merged_into = a_shop(now)
    db.session.commit()
    assert refresh_contacts(now) == 0


def test_a_few_are_read_at_once_the_oldest_first(queue: RecordingQueue, now: datetime) -> None:
    shops = [an_asked_shop(now, read=31 + n) for n in range(5)]
    assert refresh_contacts(now) == 3
    assert rung(queue) == [shop.id for shop in reversed(shops[2:])]
    assert refresh_contacts(now) == 2


def test_a_crawl_that_brings_nothing_is_not_repeated_before_a_week_has_passed(now: datetime) -> None:
    shop = an_asked_shop(now)
    saved(Crawl(shop_id=shop.id, start_url="x", status="failed", created_at=now - 6 * DAY, finished_at=now))
    assert refresh_contacts(now) == 0
    assert refresh_contacts(now + 2 * DAY) == 1


@pytest.mark.parametrize(("too_many", "is_read"), [(1, False), (0, True)])
def test_shops_are_read_again_when_the_queue_is_quiet(app: Flask, too_many: int, is_read: bool) -> None:
    shop, queue = an_asked_shop(utcnow()), RecordingQueue()
    runtime.bind(app)
    app.extensions["job_queue"] = queue
    queue.before_us = len(jobs.sweeps) + too_many
    jobs.refresh_contacts()
    assert (latest_crawl(shop.id) is not None) is is_read


def test_a_refreshed_shop_is_not_written_to_on_that_account(
    fetcher: FakeFetcher, queue: RecordingQueue, now: datetime
) -> None:
    shop = an_asked_shop(now)
    refresh_contacts(now)
    queue.take()
    discover_contacts(shop.id, fetcher, FakeMailRoutes(), now)
    assert set(queue.take()) <= {(Job.ASK_SHOP, shop.id)}
