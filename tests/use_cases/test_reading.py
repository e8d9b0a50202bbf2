"""Reading the page of the product."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import get_request, list_unread
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.discovery.ports import FetchRefused, Page, RefusedWhy
from discount_broker.discovery.use_cases import read_product, requeue_lost
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.shops.queries import find_shop_by_domain
from tests.builders import a_product, a_request, a_shop
from tests.fakes import Answer, FakeFetcher, RecordingQueue, redirect, site_of
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
URL = "https://tools.ru/p/1"
PAGE = """<!doctype html><html lang="ru"><head><meta charset="{charset}"><title>Bosch</title>
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "Product",
"name": "Дрель Bosch GSR 12V-15", "brand": "Bosch", "offers": {{"@type": "Offer", {offer}}}}}</script></head>
<body><h1>Дрель Bosch GSR 12V-15</h1><button>В корзину</button></body></html>"""
PRICED = PAGE.format(charset="utf-8", offer='"price": "12990", "priceCurrency": "RUB"')
LATER = timedelta(minutes=4)


def waiting(now: datetime, status: RequestStatus = RequestStatus.DRAFT, **given: object) -> DiscountRequest:
    request = a_request(now, status, **{"reading": ReadingStatus.WAITING, **given})
    request.product, request.product_url = None, URL
    db.session.commit()
    return request


def read(request: DiscountRequest, fetcher: object, now: datetime) -> DiscountRequest:
    read_product(request.id, fetcher, now)  # type: ignore[arg-type]
    db.session.expire_all()
    return request


class Refusing:
    def __init__(self, why: RefusedWhy) -> None:
        self.why = why

    def fetch(self, url: str) -> Page:
        raise FetchRefused(url, self.why)


def test_what_the_page_says_is_kept(fetcher: FakeFetcher, now: datetime) -> None:
    fetcher.sites["tools.ru"] = site_of({"/p/1": PRICED})
    request = read(waiting(now), fetcher, now)
    assert request.reading is ReadingStatus.READ
    assert request.product is not None
    assert (request.product.title, request.product.price) == ("Дрель Bosch GSR 12V-15", Decimal(12990))
    assert (request.product.shop.domain, request.product.shop.language) == ("tools.ru", "ru")
    assert [entry.event for entry in request.timeline] == ["product_read"]


def test_a_page_in_windows_1251_is_read_as_well(fetcher: FakeFetcher, now: datetime) -> None:
    page = PAGE.format(charset="windows-1251", offer='"price": "12990", "priceCurrency": "RUB"')
    fetcher.sites["tools.ru"] = site_of({"/p/1": Answer(page.encode("cp1251"), content_type="text/html")})
    request = read(waiting(now), fetcher, now)
    assert request.product is not None
    assert request.product.title == "Дрель Bosch GSR 12V-15"


def test_a_product_without_a_price_is_a_product(fetcher: FakeFetcher, now: datetime) -> None:
    page = PAGE.format(charset="utf-8", offer='"availability": "https://schema.org/InStock"')
    fetcher.sites["tools.ru"] = site_of({"/p/1": page})
    request = read(waiting(now), fetcher, now)
    assert request.product is not None
    assert (request.product.price, request.product.currency) == (None, request.product.currency)


def test_a_redirect_to_another_shop_makes_it_that_shops_product(fetcher: FakeFetcher, now: datetime) -> None:
    fetcher.sites["tools.ru"] = site_of({"/p/1": redirect("https://newtools.ru/p/1")})
    fetcher.sites["newtools.ru"] = site_of({"/p/1": PRICED})
    request = read(waiting(now), fetcher, now)
    assert request.product is not None
    assert request.product.shop.domain == "newtools.ru"


@pytest.mark.parametrize("why", RefusedWhy)
def test_every_reason_not_to_fetch_is_told(why: RefusedWhy, now: datetime) -> None:
    request = read(waiting(now), Refusing(why), now)
    assert (request.reading, request.reading_failure) == (ReadingStatus.FAILED, why)
    assert [(e.event, e.facts) for e in request.timeline] == [("reading_failed", {"why": why})]


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "http_404"), (410, "http_404"), (403, "http_403"), (429, "http_429"), (418, "http_400"),
     (500, "http_500"), (503, "http_500")],
)  # fmt: skip
def test_a_servers_no_is_told_as_such(status: int, code: str, fetcher: FakeFetcher, now: datetime) -> None:
    fetcher.sites["tools.ru"] = site_of({"/p/1": Answer(PRICED.encode(), status)})
    assert read(waiting(now), fetcher, now).reading_failure == code


@pytest.mark.parametrize("html", ["<h1>О компании</h1><p>Мы работаем для вас.</p>", "", "\0\0\0", "<"])
def test_what_is_no_product_is_told_as_such(html: str, fetcher: FakeFetcher, now: datetime) -> None:
    fetcher.sites["tools.ru"] = site_of({"/p/1": html})
    request = read(waiting(now), fetcher, now)
    assert request.reading is ReadingStatus.FAILED
    assert request.reading_failure in ("not_product", "listing", "needs_script")


def test_a_second_bell_reads_nothing(fetcher: FakeFetcher, now: datetime) -> None:
    fetcher.sites["tools.ru"] = site_of({"/p/1": PRICED})
    request = read(waiting(now), fetcher, now)
    asked = len(fetcher.asked)
    read(request, fetcher, now)
    assert len(fetcher.asked) == asked
    assert len(request.timeline) == 1


def test_a_reader_that_died_is_replaced_when_its_lease_ends(
    fetcher: FakeFetcher, queue: RecordingQueue, now: datetime
) -> None:
    fetcher.sites["tools.ru"] = site_of({"/p/1": PRICED})
    dead = {"reading": ReadingStatus.READING, "reading_until": now + timedelta(minutes=3)}
    request = waiting(now, **dead)
    read(request, fetcher, now)
    assert request.reading is ReadingStatus.READING, "it may still be at work"
    assert list_unread(now) == []
    requeue_lost(now + LATER)
    assert queue.rung == [(Job.READ_PRODUCT, request.id)]
    assert read(request, fetcher, now + LATER).reading is ReadingStatus.READ


def test_a_page_that_kills_every_reader_is_given_up_and_can_be_asked_about(now: datetime) -> None:
    class Deadly:
        def fetch(self, url: str) -> Page:
            raise MemoryError

    request = waiting(now)
    for _ in range(6):
        if request.reading is ReadingStatus.FAILED:
            break
        try:
            read(request, Deadly(), now)
        except MemoryError:
            now += LATER
        db.session.expire_all()
    assert (request.reading, request.reading_failure) == (ReadingStatus.FAILED, RefusedWhy.TOO_SLOW)


def test_a_reader_that_comes_back_late_changes_nothing(
    app: Flask, fetcher: FakeFetcher, now: datetime
) -> None:
    request = waiting(now)
    other = FakeFetcher({"tools.ru": site_of({"/p/1": PRICED})})

    class Slow:
        def fetch(self, url: str) -> Page:
            race(app, lambda: read_product(request.id, other, now + LATER))
            return Page(URL, 404, b"")

    read(request, Slow(), now)
    assert request.reading is ReadingStatus.READ
    assert [entry.event for entry in request.timeline] == ["product_read"]


def test_confirmed_meanwhile_the_shops_are_chosen_next(
    fetcher: FakeFetcher, queue: RecordingQueue, now: datetime
) -> None:
    fetcher.sites["tools.ru"] = site_of({"/p/1": PRICED})
    read_one = waiting(now, RequestStatus.CONFIRMED)
    failed = read(waiting(now, RequestStatus.CONFIRMED), Refusing(RefusedWhy.TOO_SLOW), now)
    read(read_one, fetcher, now)
    assert queue.rung == [(Job.PLAN_OUTREACH, failed.id), (Job.PLAN_OUTREACH, read_one.id)]


def test_one_new_shop_found_by_four_readers_at_once_is_one_shop(app: Flask, now: datetime) -> None:
    ids = [waiting(now).id for _ in range(4)]
    fetcher = FakeFetcher({"tools.ru": site_of({"/p/1": PRICED})})
    results = race(app, *[lambda each=each: read_product(each, fetcher, now) for each in ids])
    assert results == [None] * 4
    shop = find_shop_by_domain("tools.ru")
    assert shop is not None
    assert {get_request(each).product.shop_id for each in ids} == {shop.id}


def test_a_title_no_database_could_keep_is_kept_without_what_it_cannot(now: datetime) -> None:
    product = a_product(now, a_shop(now), title="Дрель\0 12 В \ud83d")
    db.session.expire_all()
    assert product.title == "Дрель 12 В \ufffd"
