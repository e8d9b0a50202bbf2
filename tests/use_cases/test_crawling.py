"""Looking for the doors of a shop."""

from dataclasses import replace
from datetime import datetime, timedelta
from string import ascii_lowercase

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.discovery.models import Crawl, CrawlStatus
from discount_broker.discovery.operations import begin_crawl
from discount_broker.discovery.ports import FetchRefused, Page, RefusedWhy
from discount_broker.discovery.queries import is_being_crawled, latest_crawl
from discount_broker.discovery.use_cases import discover_contacts, requeue_lost
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.transaction import transaction
from discount_broker.shops.models import Shop
from discount_broker.shops.operations import mark_dead
from discount_broker.shops.queries import list_doors, list_phones
from discount_broker.shops.status import ContactState
from tests.builders import a_shop
from tests.fakes import FakeFetcher, FakeMailRoutes, RecordingQueue, site_of
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
PRODUCT = '<html lang="ru"><body><h1>Дрель</h1><a href="/contacts">Контакты</a></body></html>'
CONTACTS = """<html lang="ru"><body><h1>Контакты</h1><a href="mailto:sales@tools.ru">sales@tools.ru</a>
<a href="tel:+74951234567">+7 495 123-45-67</a></body></html>"""
SITE = {"/p/1": PRODUCT, "/contacts": CONTACTS}
LATER = timedelta(minutes=13)
ROUTES = FakeMailRoutes()


def a_crawled_shop(now: datetime) -> Shop:
    shop = a_shop(now, "tools.ru", contacts_read_at=None, language=None)
    with transaction():
        begin_crawl(shop, "https://tools.ru/p/1", now)
    return shop


def crawl_of(shop: Shop) -> Crawl:
    db.session.expire_all()
    crawl = latest_crawl(shop.id)
    assert crawl is not None
    return crawl


def test_the_doors_of_a_shop_are_found_and_kept(
    fetcher: FakeFetcher, queue: RecordingQueue, now: datetime
) -> None:
    fetcher.sites["tools.ru"] = site_of(SITE)
    shop = a_crawled_shop(now)
    discover_contacts(shop.id, fetcher, ROUTES, now)
    crawl = crawl_of(shop)
    assert (crawl.status, crawl.finished_at, crawl.leased_until) == (CrawlStatus.DONE, now, None)
    assert [door.value for door in list_doors(shop.id)] == ["sales@tools.ru"]
    assert list_doors(shop.id)[0].found_at == "https://tools.ru/contacts"
    assert [phone.value for phone in list_phones(shop.id)] == ["+74951234567"]
    assert (shop.contacts_read_at, shop.language) == (now, "ru")
    assert crawl.pages[0]["url"] == "https://tools.ru/p/1"
    assert queue.rung[-1] == (Job.ASK_SHOP, shop.id)


def test_two_requests_share_one_crawl(app: Flask, fetcher: FakeFetcher, now: datetime) -> None:
    fetcher.sites["tools.ru"] = site_of(SITE)
    shop = a_crawled_shop(now)
    with transaction():
        begin_crawl(shop, "https://tools.ru/p/2", now)
    discover_contacts(shop.id, fetcher, ROUTES, now)
    pages = len(fetcher.asked)
    discover_contacts(shop.id, fetcher, ROUTES, now)
    assert len(fetcher.asked) == pages
    assert len(db.session.scalars(select(Crawl)).all()) == 1


def test_of_two_crawlers_at_once_one_walks(app: Flask, now: datetime) -> None:
    shop_id = a_crawled_shop(now).id
    fetcher = FakeFetcher({"tools.ru": site_of(SITE)})
    assert race(app, *[lambda: discover_contacts(shop_id, fetcher, ROUTES, now)] * 4) == [None] * 4
    assert sum(asked.path == "/p/1" for asked in fetcher.asked) == 1


def test_two_requests_begin_one_crawl_at_once(app: Flask, now: datetime) -> None:
    shop_id = a_shop(now, "tools.ru").id

    def begin() -> None:
        with transaction() as session:
            begin_crawl(session.get_one(Shop, shop_id), "https://tools.ru/", now)

    assert race(app, *[begin] * 4) == [None] * 4
    assert is_being_crawled(shop_id)


def test_what_robots_forbid_is_not_read_and_written_down(
    fetcher: FakeFetcher, queue: RecordingQueue, now: datetime
) -> None:
    fetcher.sites["tools.ru"] = site_of({**SITE, "/robots.txt": "User-agent: *\nDisallow: /"})
    shop = a_crawled_shop(now)
    discover_contacts(shop.id, fetcher, ROUTES, now)
    crawl = crawl_of(shop)
    assert crawl.status is CrawlStatus.FAILED
    assert {refusal["why"] for refusal in crawl.refused} == {"robots"}
    assert {asked.path for asked in fetcher.asked} <= {"/robots.txt"}
    assert shop.contacts_read_at is None, "the next request tries again"
    assert queue.rung[-1] == (Job.ASK_SHOP, shop.id), "and this one goes on without"


def test_a_site_that_is_down_is_tried_three_times(queue: RecordingQueue, now: datetime) -> None:
    fetcher = FakeFetcher(dead=("tools.ru",))
    shop = a_crawled_shop(now)
    for status in (CrawlStatus.WAITING, CrawlStatus.WAITING, CrawlStatus.FAILED):
        queue.take()
        requeue_lost(now)
        assert (Job.DISCOVER_CONTACTS, shop.id) in queue.take()
        discover_contacts(shop.id, fetcher, ROUTES, now)
        assert crawl_of(shop).status is status
        now += LATER
    assert queue.rung == [(Job.ASK_SHOP, shop.id)]
    requeue_lost(now)
    assert len(queue.rung) == 1


def test_the_budget_of_pages_is_kept(fetcher: FakeFetcher, now: datetime) -> None:
    links = "".join(f'<a href="/contacts/{n}">Контакты {n}</a>' for n in ascii_lowercase)
    page = f'<html lang="ru"><body><p>Page %s</p>{links}</body></html>'
    pages = {"/p/1": page % "1", **{f"/contacts/{n}": page % f"contacts {n}" for n in ascii_lowercase}}
    fetcher.sites["tools.ru"] = site_of(pages)
    shop = a_crawled_shop(now)
    discover_contacts(shop.id, fetcher, ROUTES, now)
    crawl = crawl_of(shop)
    assert len(crawl.pages) == 8
    assert crawl.refused == [{"url": "https://tools.ru/contacts/h", "why": "budget"}]


def test_a_crawl_that_kills_its_workers_is_given_up(queue: RecordingQueue, now: datetime) -> None:
    class Deadly(FakeFetcher):
        def fetch(self, url: str, *known: object, **terms: object) -> Page:
            raise MemoryError

    shop = a_crawled_shop(now)
    for _ in range(3):
        with pytest.raises(MemoryError):
            discover_contacts(shop.id, Deadly(), ROUTES, now)
        discover_contacts(shop.id, Deadly(), ROUTES, now)  # its lease still holds
        now += LATER
    discover_contacts(shop.id, Deadly(), ROUTES, now)
    assert crawl_of(shop).status is CrawlStatus.FAILED
    assert queue.rung[-1] == (Job.ASK_SHOP, shop.id)


def test_a_dead_door_stays_dead_although_the_page_still_shows_it(fetcher: FakeFetcher, now: datetime) -> None:
    fetcher.sites["tools.ru"] = site_of(SITE)
    shop = a_shop(now, "tools.ru", emails=("sales@tools.ru",), contacts_read_at=None)
    door_id = shop.contact_points[0].id
    with transaction():
        mark_dead(door_id, "bounced")
        begin_crawl(shop, "https://tools.ru/p/1", now)
    discover_contacts(shop.id, fetcher, ROUTES, now)
    db.session.expire_all()
    assert [p.state for p in shop.contact_points if p.id == door_id] == [ContactState.DEAD]
    assert list_doors(shop.id) == []


def test_one_refused_page_among_others_is_no_failure(now: datetime) -> None:
    class Partly(FakeFetcher):
        def fetch(self, url: str, *known: object, **terms: object) -> Page:
            if "/p/1" in url:
                raise FetchRefused(url, RefusedWhy.TOO_SLOW, is_final=False)
            return super().fetch(url)

    shop = a_crawled_shop(now)
    discover_contacts(shop.id, Partly({"tools.ru": site_of({**SITE, "/": PRODUCT})}), ROUTES, now)
    crawl = crawl_of(shop)
    assert crawl.status is CrawlStatus.DONE
    assert {"url": "https://tools.ru/p/1", "why": "too_slow"} in crawl.refused


def test_an_address_of_ours_on_a_page_is_no_door_of_the_shop(
    app: Flask, fetcher: FakeFetcher, now: datetime
) -> None:
    contacts = CONTACTS.replace("</body>", '<a href="mailto:reply+abc@in.tools.ru">...</a></body>')
    fetcher.sites["tools.ru"] = site_of({"/p/1": PRODUCT, "/contacts": contacts})
    shop, here = a_crawled_shop(now), app.extensions["site"]
    app.extensions["site"] = replace(here, mail_domain="in.tools.ru")
    try:
        discover_contacts(shop.id, fetcher, ROUTES, now)
    finally:
        app.extensions["site"] = here
    assert [door.value for door in list_doors(shop.id)] == ["sales@tools.ru"]
