"""Choosing the shops for a request."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import list_unplanned
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.discovery.extract.rivals.matching import brand_key, model_key, title_key
from discount_broker.discovery.models import Crawl, Listing
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.operations import suppress
from discount_broker.messaging.ports import FailureReason, PermanentFailure
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import (
    ask_shop,
    plan_outreach,
)
from discount_broker.shops.models import Shop
from tests.builders import a_buyer, a_product, a_request, a_shop, saved
from tests.fakes import FakeChannel, RecordingQueue
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)
DEAD = PermanentFailure("550 no such user", FailureReason.ADDRESS_DEAD)


def a_listing(now: datetime, shop: Shop, price: int) -> Listing:
    title = "Bosch GSR 12V-15 cordless drill"
    keys = {
        "title_key": title_key(title),
        "brand_key": brand_key("Bosch"),
        "model_key": model_key("06019F6001"),
    }
    return saved(
        Listing(
            shop_id=shop.id,
            url=f"{shop.home_url}x",
            title=title,
            price=Decimal(price),
            currency="RUB",
            brand="Bosch",
            model="06019F6001",
            gtin="3165140846639",
            seen_at=now,
            **keys,
        )
    )


def a_wanted_drill(now: datetime, shop: Shop | None = None) -> DiscountRequest:
    facts = {"brand": "Bosch", "model": "06019F6001", "gtin": "3165140846639"}
    return a_request(now, product=a_product(now, shop or a_shop(now, emails=("own@tools.ru",)), **facts))


def story(request: DiscountRequest) -> list[str]:
    db.session.expire_all()
    return [entry.event for entry in request.timeline]


def test_the_own_shop_and_the_best_rivals_are_asked(work_at: Work, mail: FakeChannel, now: datetime) -> None:
    rivals = [a_shop(now, f"rival{n}.ru", emails=(f"sales@rival{n}.ru",)) for n in range(5)]
    for n, rival in enumerate(rivals):
        a_listing(now, rival, 13000 - n)
    with transaction():
        suppress("shop:rival4.ru", reason="never", cause="", now=now)
    request = a_wanted_drill(now)
    plan_outreach(request.id, now)
    work_at(now)
    own, *others = list_outreaches(request.id)
    assert not own.is_rival
    assert {outreach.shop.domain for outreach in others} == {"rival1.ru", "rival2.ru", "rival3.ru"}
    assert all(outreach.why_rival == "gtin" for outreach in others)
    assert {m.to for m in mail.sent} >= {"own@tools.ru", "sales@rival1.ru"}
    assert "sales@rival4.ru" not in {m.to for m in mail.sent}
    assert request.status is RequestStatus.ASKED


def test_a_shop_hears_once_of_a_buyer_who_asks_two_shops_for_the_same(now: datetime) -> None:
    shops = [a_shop(now, f"{name}.ru", emails=(f"sales@{name}.ru",)) for name in ("here", "there", "third")]
    listings = [a_listing(now, shop, 13000) for shop in shops]
    facts = {"brand": "Bosch", "model": "06019F6001", "gtin": "3165140846639"}
    buyer = a_buyer(now)
    first, second = (
        a_request(now, buyer=buyer, product=a_product(now, shop, url=listing.url, **facts))
        for shop, listing in zip(shops[:2], listings[:2], strict=True)
    )
    for request in (first, second):
        plan_outreach(request.id, now)
    asked = [outreach.shop.domain for request in (first, second) for outreach in list_outreaches(request.id)]
    assert asked == ["here.ru", "third.ru", "there.ru"]


def test_another_buyer_of_the_same_is_told_of_to_the_same_shops(now: datetime) -> None:
    a_listing(now, a_shop(now, "rival.ru", emails=("sales@rival.ru",)), 13000)
    own = a_shop(now, emails=("own@tools.ru",))
    for request in (a_wanted_drill(now, own), a_wanted_drill(now, own)):
        plan_outreach(request.id, now)
        assert len(list_outreaches(request.id)) == 2


def test_rivals_are_left_alone_where_the_buyer_wants_it(now: datetime) -> None:
    a_listing(now, a_shop(now, "rival.ru"), 1000)
    request = a_wanted_drill(now)
    request.asks_rivals = False
    db.session.commit()
    plan_outreach(request.id, now)
    assert len(list_outreaches(request.id)) == 1


def test_planning_twice_even_at_once_is_planning_once(
    app: Flask, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    request_id = a_wanted_drill(now).id
    assert race(app, *[lambda: plan_outreach(request_id, now)] * 3) == [None] * 3
    plan_outreach(request_id, now)
    work_at(now)
    assert len(list_outreaches(request_id)) == 1
    assert len(mail.sent) == 2, "one to the shop, one to the buyer"


def test_a_shop_that_forbids_requests_is_not_asked(queue: RecordingQueue, now: datetime) -> None:
    request = a_wanted_drill(now, a_shop(now, "tools.ru", emails=("own@tools.ru",)))
    with transaction():
        suppress("shop:tools.ru", reason="never", cause="", now=now)
    plan_outreach(request.id, now)
    (outreach,) = list_outreaches(request.id)
    assert outreach.status is OutreachStatus.STOPPED
    assert Job.ASK_SHOP not in [job for job, _ in queue.rung]
    assert "shop_forbids" in story(request)


@pytest.mark.parametrize("reading", [ReadingStatus.WAITING, ReadingStatus.READING])
def test_nothing_is_planned_while_the_page_is_read(reading: ReadingStatus, now: datetime) -> None:
    until = now if reading is ReadingStatus.READING else None
    request = a_request(now, reading=reading, reading_until=until)
    plan_outreach(request.id, now)
    assert list_outreaches(request.id) == []
    assert list_unplanned() == [request.id]


def test_shops_with_stale_contacts_are_read_first(queue: RecordingQueue, now: datetime) -> None:
    stale, fresh = a_shop(now, contacts_read_at=now - 31 * DAY), a_shop(now)
    for shop in (stale, fresh):
        plan_outreach(a_wanted_drill(now, shop).id, now)
    rung = dict(queue.rung)
    assert rung[Job.DISCOVER_CONTACTS] == stale.id
    assert rung[Job.ASK_SHOP] == fresh.id
    assert [crawl.shop_id for crawl in db.session.scalars(select(Crawl))] == [stale.id]
    assert ask_shop(stale.id, now) == 0, "not before its pages were read"
