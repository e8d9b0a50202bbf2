"""Waiting for a product: once a day for all, told once, never in silence."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from discount_broker.accounts.models import Buyer
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, Refused, TokenExpired
from discount_broker.kernel.jobs import Job
from discount_broker.messaging.models import Delivery
from discount_broker.offers.use_cases import ask_deletion, erase_leaving
from discount_broker.watches.models import PriceReading, Watch, WatchedPage
from discount_broker.watches.status import WatchKind, WatchStatus
from discount_broker.watches.use_cases import (
    WatchWish,
    begin_watch,
    confirm_watch,
    read_watched_page,
    renew_watch,
    repeat_request,
    ring_due_pages,
    stop_watch,
)
from tests.builders import a_buyer, a_product, a_request, a_shop
from tests.fakes import Answer, FakeFetcher, RecordingQueue, site_of
from tests.use_cases.race import race
from tests.use_cases.test_reading import PAGE
from workers import jobs
from workers.runtime import bind, sweeps

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1, minutes=1)
Below = Callable[[int], int]


def page_at(price: int, availability: str = "InStock") -> str:
    stock = f'"price": "{price}", "priceCurrency": "RUB", "availability": "https://schema.org/{availability}"'
    return PAGE.format(charset="utf-8", offer=stock)


@pytest.fixture
def ended(now: datetime) -> DiscountRequest:
    """A request that came to nothing."""
    shop = a_shop(now, "tools.ru")
    product = a_product(now, shop, url="https://tools.ru/p/1", availability="in_stock")
    return a_request(now, RequestStatus.CLOSED, product=product, outcome=Outcome.NO_OFFER)


def below(request: DiscountRequest, price: int, now: datetime, **given: Any) -> Watch:
    wish = WatchWish(kind=WatchKind.BELOW, below=Decimal(price), **{"buyer_id": request.buyer_id, **given})
    return db.session.get_one(Watch, begin_watch(request.id, wish, now))


def read(watch: Watch, fetcher: FakeFetcher, now: datetime, price: int | None, **more: str) -> None:
    answer: Answer | str = Answer(b"Gone", 404) if price is None else page_at(price, **more)
    fetcher.sites["tools.ru"] = site_of({"/p/1": answer})
    read_watched_page(watch.watched_page_id, fetcher, now)
    db.session.expire_all()


def letters(kind: str) -> list[Delivery]:
    return list(db.session.query(Delivery).filter(Delivery.template == kind))


def test_a_buyer_is_told_once_when_the_price_has_fallen(
    ended: DiscountRequest, fetcher: FakeFetcher, now: datetime
) -> None:
    watch = below(ended, 12000, now)
    assert watch.confirmed_at == now
    assert watch.watched_page.due_at == now + timedelta(days=1)

    read(watch, fetcher, now + DAY, 12500)
    assert (watch.status, letters("watch_met")) == (WatchStatus.WATCHING, [])
    read(watch, fetcher, now + 2 * DAY, 11900)
    assert (watch.status, watch.ended_why) == (WatchStatus.MET, "met")
    [letter] = letters("watch_met")
    assert "11,900" in letter.subject
    assert "/watch/" in letter.text

    read(watch, fetcher, now + 4 * DAY, 11000)
    assert len(letters("watch_met")) == 1
    assert watch.watched_page.due_at is None, "nobody watches it any more"


def test_a_page_is_read_once_a_day_however_many_watch_it(
    ended: DiscountRequest, fetcher: FakeFetcher, queue: RecordingQueue, now: datetime
) -> None:
    first = below(ended, 12000, now)
    other = a_request(now, RequestStatus.CLOSED, product=ended.product, outcome=Outcome.NO_OFFER)
    second = below(other, 11000, now)
    assert first.watched_page_id == second.watched_page_id
    queue.take()

    ring_due_pages(now + timedelta(hours=23))
    assert queue.take() == []
    ring_due_pages(now + DAY)
    assert queue.take() == [(Job.READ_WATCHED_PAGE, first.watched_page_id)]

    read(first, fetcher, now + DAY, 11500)
    read(first, fetcher, now + DAY, 11500)
    assert (first.status, second.status) == (WatchStatus.MET, WatchStatus.WATCHING)
    assert len([asked for asked in fetcher.asked if asked.path == "/p/1"]) == 1
    assert db.session.query(PriceReading).count() == 2, "the one of the request, and one of ours"


def test_pages_are_reread_though_the_other_sweeps_wait_and_not_while_people_do(
    app: Flask, ended: DiscountRequest, queue: RecordingQueue, now: datetime
) -> None:
    """All sweeps of a minute are rung at once: whoever runs first sees the others wait."""
    watch = below(ended, 12000, now)
    watch.watched_page.due_at = utcnow() - DAY
    db.session.commit()
    queue.take()
    bind(app)
    queue.before_us = len(sweeps) + 1
    jobs.reread_watched_pages()
    assert queue.take() == []
    queue.before_us = len(sweeps)
    jobs.reread_watched_pages()
    assert queue.take() == [(Job.READ_WATCHED_PAGE, watch.watched_page_id)]


def test_two_workers_read_a_page_once(
    app: Flask, ended: DiscountRequest, fetcher: FakeFetcher, now: datetime
) -> None:
    watch = below(ended, 12000, now)
    fetcher.sites["tools.ru"] = site_of({"/p/1": page_at(12500)})
    page_id = watch.watched_page_id
    db.session.commit()
    both = [lambda: read_watched_page(page_id, fetcher, now + DAY)] * 2
    assert race(app, *both) == [None, None]
    assert db.session.query(PriceReading).count() == 2


def test_a_price_that_was_raised_first_is_said_plainly(
    ended: DiscountRequest, fetcher: FakeFetcher, now: datetime
) -> None:
    watch = below(ended, 12980, now)
    read(watch, fetcher, now + DAY, 16990)
    read(watch, fetcher, now + 3 * DAY, 12970)
    [letter] = letters("watch_met")
    assert "made it dearer before it made it cheaper" in letter.text
    assert "12,990" in letter.text


def test_what_is_back_in_stock_is_told(fetcher: FakeFetcher, now: datetime) -> None:
    product = a_product(now, a_shop(now, "tools.ru"), url="https://tools.ru/p/1", availability="out_of_stock")
    request = a_request(now, RequestStatus.ASKED, product=product)
    wish = WatchWish(kind=WatchKind.BACK, buyer_id=request.buyer_id)
    watch = db.session.get_one(Watch, begin_watch(request.id, wish, now))
    read(watch, fetcher, now + DAY, 12990, availability="OutOfStock")
    assert watch.status is WatchStatus.WATCHING
    read(watch, fetcher, now + 3 * DAY, 12990)
    assert watch.status is WatchStatus.MET


def test_a_stranger_confirms_by_the_letter_before_anything_is_read(
    ended: DiscountRequest, queue: RecordingQueue, now: datetime
) -> None:
    watch = below(ended, 12000, now, buyer_id=None, email="Eve@mail.example")
    assert (watch.confirmed_at, watch.watched_page.due_at) == (None, None)
    [letter] = letters("watch_confirm")
    assert letter.address == "eve@mail.example"
    ring_due_pages(now + DAY)

    confirm_watch(watch.id, now + DAY)
    confirm_watch(watch.id, now + 2 * DAY)
    db.session.expire_all()
    assert watch.confirmed_at == now + DAY
    assert watch.watched_page.due_at is not None
    assert watch.discount_request_id is None, "the request is somebody else's"


def test_a_stranger_cannot_change_what_a_buyer_waits_for(ended: DiscountRequest, now: datetime) -> None:
    watch = below(ended, 12000, now)
    assert ended.buyer is not None
    again = below(ended, 5000, now, buyer_id=None, email=ended.buyer.email)
    assert again.id == watch.id
    assert again.below == 12000
    assert letters("watch_confirm") == []
    assert below(ended, 11000, now).below == 11000


def test_an_unconfirmed_watch_ends_without_a_word(ended: DiscountRequest, now: datetime) -> None:
    watch = below(ended, 12000, now, buyer_id=None, email="eve@mail.example")
    ring_due_pages(now + 4 * DAY)
    db.session.expire_all()
    assert (watch.status, watch.ended_why) == (WatchStatus.ENDED, "unconfirmed")
    assert letters("watch_ended") == []
    with pytest.raises(TokenExpired):
        confirm_watch(watch.id, now + 4 * DAY)


def test_a_page_that_is_gone_ends_it_with_a_letter(
    ended: DiscountRequest, fetcher: FakeFetcher, now: datetime
) -> None:
    watch = below(ended, 12000, now)
    for days in (1, 4, 12):
        read(watch, fetcher, now + days * DAY, None)
    assert (watch.status, watch.ended_why) == (WatchStatus.ENDED, "gone")
    [letter] = letters("watch_ended")
    assert "is gone" in letter.text


def test_a_page_that_is_down_is_left_alone_longer_and_longer(
    ended: DiscountRequest, fetcher: FakeFetcher, now: datetime
) -> None:
    watch = below(ended, 12000, now)
    fetcher.dead = ("tools.ru",)
    at, pauses = now, []
    for _ in range(4):
        at = watch.watched_page.due_at or at
        read_watched_page(watch.watched_page_id, fetcher, at)
        db.session.expire_all()
        assert watch.watched_page.due_at is not None
        pauses.append((watch.watched_page.due_at - at).days)
    assert pauses == [2, 4, 8, 8]
    assert watch.status is WatchStatus.WATCHING


def test_after_ninety_days_it_ends_with_a_letter_and_can_be_gone_on_with(
    ended: DiscountRequest, now: datetime
) -> None:
    watch = below(ended, 12000, now)
    ring_due_pages(now + timedelta(days=90))
    db.session.expire_all()
    assert (watch.status, watch.ended_why) == (WatchStatus.ENDED, "over")
    assert len(letters("watch_ended")) == 1

    renew_watch(watch.id, now + timedelta(days=91))
    db.session.expire_all()
    assert watch.status is WatchStatus.WATCHING
    assert watch.expires_at == now + timedelta(days=181)


def test_one_press_stops_it(ended: DiscountRequest, fetcher: FakeFetcher, now: datetime) -> None:
    watch = below(ended, 12000, now)
    stop_watch(watch.id, now)
    stop_watch(watch.id, now + DAY)
    read(watch, fetcher, now + DAY, 100)
    assert (watch.status, watch.ended_at, letters("watch_met")) == (WatchStatus.ENDED, now, [])
    assert fetcher.asked == []


def test_the_request_is_repeated_as_it_was(ended: DiscountRequest, now: datetime) -> None:
    watch = below(ended, 12000, now)
    again = db.session.get_one(DiscountRequest, repeat_request(watch.id, (), now))
    assert again.id != ended.id
    assert (again.repeats_id, again.status) == (ended.id, RequestStatus.UNCONFIRMED)
    assert (again.wish_kind, again.wish_value, again.buyer_id) == (
        ended.wish_kind,
        ended.wish_value,
        ended.buyer_id,
    )


def test_who_has_asked_for_nothing_has_nothing_to_repeat(ended: DiscountRequest, now: datetime) -> None:
    watch = below(ended, 12000, now, buyer_id=a_buyer(now).id)
    with pytest.raises(NotFound):
        repeat_request(watch.id, (), now)


def test_twenty_products_are_enough(now: datetime) -> None:
    buyer, shop = a_buyer(now), a_shop(now, "tools.ru")
    for n in range(20):
        product = a_product(now, shop, url=f"https://tools.ru/p/{n}")
        below(a_request(now, RequestStatus.ASKED, product=product, buyer=buyer), 100, now)
    one_more = a_request(
        now, RequestStatus.ASKED, product=a_product(now, shop, url="https://tools.ru/p/x"), buyer=buyer
    )
    with pytest.raises(Refused) as refused:
        below(one_more, 100, now)
    assert refused.value.code == "too_many_watches"
    assert db.session.query(WatchedPage).count() == 20


def test_who_was_forgotten_is_not_waited_for_any_more(
    ended: DiscountRequest, fetcher: FakeFetcher, now: datetime
) -> None:
    watch = below(ended, 12000, now)
    assert ended.buyer is not None
    ended.buyer.erased_at = now
    db.session.commit()
    read(watch, fetcher, now + DAY, 100)
    ring_due_pages(now + timedelta(days=91))
    assert fetcher.asked == []
    assert db.session.query(Delivery).count() == 0


def test_for_whoever_was_forgotten_nothing_is_watched_any_more(ended: DiscountRequest, now: datetime) -> None:
    watch = below(ended, 12000, now)
    forgotten = db.session.get_one(Buyer, ended.buyer_id)
    ask_deletion(forgotten.id, now)
    erase_leaving(now + timedelta(days=15))
    db.session.expire_all()
    assert watch.status is WatchStatus.ENDED
    for act in (
        lambda: renew_watch(watch.id, now + timedelta(days=16)),
        lambda: repeat_request(watch.id, (), now + timedelta(days=16)),
        lambda: confirm_watch(watch.id, now + timedelta(days=16)),
        lambda: below(ended, 11000, now + timedelta(days=16)),
    ):
        with pytest.raises(NotFound):
            act()
    assert [each.status for each in db.session.query(Watch)] == [WatchStatus.ENDED]


def test_what_was_read_before_a_price_was_named_does_not_count(
    ended: DiscountRequest, fetcher: FakeFetcher, now: datetime
) -> None:
    assert ended.product is not None
    ended.product.price = ended.product.currency = None
    ended.product.availability = "out_of_stock"
    db.session.commit()
    wish = WatchWish(kind=WatchKind.BACK, buyer_id=a_buyer(now).id)
    first = db.session.get_one(Watch, begin_watch(ended.id, wish, now))
    seen = a_product(now, ended.product.shop, url="https://tools.ru/p/1", read_at=now + timedelta(hours=1))
    later = a_request(now, RequestStatus.CLOSED, product=seen, outcome=Outcome.NO_OFFER)
    second = below(later, 12000, now)
    assert (second.watched_page_id, second.currency) == (first.watched_page_id, "RUB")
    read(second, fetcher, now + DAY, 11900, availability="OutOfStock")
    read(second, fetcher, now + 3 * DAY, 11900)
    assert second.status is WatchStatus.MET, "the first reading of the page named no price"


def test_what_a_buyer_says_of_a_product_is_no_history_of_its_page(
    ended: DiscountRequest, fetcher: FakeFetcher, now: datetime
) -> None:
    assert ended.product is not None
    ended.product.title, ended.product.price = "Buy at evil.example", Decimal(99999)
    ended.product.evidence = {"sources": {"title": "buyer", "price": "buyer"}}
    db.session.commit()
    watch = below(ended, 12000, now)
    page = watch.watched_page
    assert (page.title, db.session.query(PriceReading).one().price) == ("tools.ru", None)
    read(watch, fetcher, now + DAY, 12500)
    assert page.title == "Дрель Bosch GSR 12V-15"


def test_pressing_twice_repeats_a_request_once(app: Flask, ended: DiscountRequest, now: datetime) -> None:
    watch_id = below(ended, 12000, now).id
    db.session.commit()
    first, second = race(app, *[lambda: repeat_request(watch_id, (), now)] * 2)
    assert first == second == repeat_request(watch_id, (), now + DAY)
    assert db.session.query(DiscountRequest).filter_by(repeats_id=ended.id).count() == 1


def test_what_is_still_being_asked_is_not_asked_beside_it(now: datetime) -> None:
    product = a_product(now, a_shop(now, "tools.ru"), url="https://tools.ru/p/1")
    running = a_request(now, RequestStatus.ASKED, product=product)
    watch = below(running, 12000, now)
    assert repeat_request(watch.id, (), now) == running.id
