"""Searching the web for rivals: what is read, what is kept, and who is asked in the end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.discovery.models import CrawlStatus, Listing, ListingSource, RivalSearch
from discount_broker.discovery.ports import SearchUnavailable
from discount_broker.discovery.use_cases import find_rivals, read_product, requeue_lost_searches
from discount_broker.kernel.db import db
from discount_broker.kernel.jobs import Job
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.operations import suppress
from discount_broker.offers.queries import list_hopeless
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.use_cases import plan_outreach, plan_rivals, requeue_lost
from discount_broker.shops.models import Shop
from discount_broker.shops.queries import find_shop_by_domain
from tests.builders import a_product, a_request, a_shop, an_outreach, saved
from tests.fakes import FakeChannel, FakeFetcher, RecordingQueue, Site, site_of
from tests.searching import FakeSearch
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
SECOND = timedelta(seconds=1)
GTIN = "3165140846639"
PAGE = """<!doctype html><html lang="ru"><head><title>{title}</title>
<meta property="og:site_name" content="{name}">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "Product", "name": "{title}",
"brand": {{"@type": "Brand", "name": "{brand}"}}, "gtin13": "{gtin}", "offers": {{"@type": "Offer",
"price": "{price}", "priceCurrency": "RUB", "availability": "https://schema.org/{stock}"}}}}</script></head>
<body><h1>{title}</h1><p>{price} руб.</p><button>В корзину</button><h2>Характеристики</h2></body></html>"""


def sells(
    title: str = "Дрель Bosch GSR 12V-15",
    *,
    price: str = "12500",
    gtin: str = GTIN,
    brand: str = "Bosch",
    stock: str = "InStock",
    name: str = "",
) -> Site:
    """A shop with this one product at `/p`."""
    return site_of(
        {"/p": PAGE.format(title=title, price=price, gtin=gtin, brand=brand, stock=stock, name=name)}
    )


@pytest.fixture
def engine(app: Flask) -> FakeSearch:
    """Search engine of the installation, for the time of one test."""
    return FakeSearch()


@pytest.fixture(autouse=True)
def _installed(app: Flask, engine: FakeSearch) -> object:
    before = app.extensions["search_engine"]
    app.extensions["search_engine"] = engine
    yield
    app.extensions["search_engine"] = before


@pytest.fixture
def town(engine: FakeSearch, fetcher: FakeFetcher) -> Callable[..., None]:
    """Put shops into the world, each found by the search at `/p`."""

    def build(**sites: Site) -> None:
        for name, site in sites.items():
            domain = f"{name}.ru"
            fetcher.sites[domain] = site
            engine.hits += FakeSearch([(f"https://{domain}/p", "Дрель Bosch GSR 12V-15 купить")]).hits

    return build


def a_wanted_drill(now: datetime, **given: object) -> DiscountRequest:
    facts = {"title": "Дрель-шуруповёрт Bosch GSR 12V-15", "brand": "Bosch", "gtin": GTIN, "language": "ru"}
    shop = a_shop(now, "own.ru", emails=("own@own.ru",), name="Своя")
    return a_request(now, product=a_product(now, shop, **facts), **given)


def the_search() -> RivalSearch:
    db.session.expire_all()
    return db.session.scalars(select(RivalSearch)).one()


def story(request: DiscountRequest) -> list[str]:
    db.session.expire_all()
    return [entry.event for entry in request.timeline]


def asked(request: DiscountRequest) -> list[str]:
    db.session.expire_all()
    return [outreach.shop.domain for outreach in list_outreaches(request.id)]


def whys() -> dict[str, str]:
    return {row["domain"]: row["why"] for row in the_search().candidates}


def test_the_own_shop_is_asked_at_once_and_rivals_when_the_search_is_over(
    town: Callable[..., None], queue: RecordingQueue, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    town(cheap=sells(price="11000", name="Дёшево"), dear=sells(price="13000"))
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    assert asked(request) == ["own.ru"]
    assert {job for job, _ in queue.rung} == {Job.ASK_SHOP, Job.FIND_RIVALS}, "no letter to the buyer yet"
    assert story(request) == ["shops_chosen", "rivals_sought"]
    work_at(now)
    assert set(asked(request)[1:]) == {"cheap.ru", "dear.ru"}
    assert "rivals_chosen" in story(request)
    assert find_shop_by_domain("cheap.ru").name == "Дёшево"  # type: ignore[union-attr]
    told = [message for message in mail.sent if message.to == request.buyer.email]  # type: ignore[union-attr]
    assert len(told) == 1
    places = [told[0].text.index(name) for name in ("Своя", "Дёшево", "dear.ru")]
    assert places == sorted(places), "the own shop first, then the best rival"


def test_what_was_judged_is_kept_with_the_reason(
    town: Callable[..., None], fetcher: FakeFetcher, engine: FakeSearch, work_at: Work, now: datetime
) -> None:
    with transaction():
        suppress("shop:stopped.ru", reason="never", cause="", now=now)
    town(
        same=sells(),
        other=sells("Дрель Bosch GSR 18V-50", gtin="4006381333931"),
        stopped=sells(),
        list=site_of({"/p": "<html><body><p>Инструменты</p></body></html>"}),
        gone=site_of({}),
    )
    engine.hits += FakeSearch(
        [
            ("https://dead.ru/p", "Bosch GSR 12V-15"),
            ("https://www.ozon.ru/product/1", "Bosch GSR 12V-15"),
            ("https://irecommend.ru/content/drel", "Bosch GSR 12V-15 отзывы"),
            ("https://own.ru/p/1", "Bosch GSR 12V-15"),
            ("https://same.ru/other", "Другая страница того же магазина"),
            ("https://front.ru/", "Инструменты"),
        ]
    ).hits
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    work_at(now)
    assert whys() == {
        "same.ru": "gtin",
        "other.ru": "gtin",
        "stopped.ru": "stopped",
        "list.ru": "not_product",
        "gone.ru": "http_404",
        "dead.ru": "name_unknown",
        "ozon.ru": "marketplace",
        "irecommend.ru": "media",
        "own.ru": "own_shop",
        "front.ru": "home_page",
    }
    assert asked(request) == ["own.ru", "same.ru"]
    assert the_search().status is CrawlStatus.DONE
    assert "Bosch" in the_search().query
    assert all("ozon" not in page.url and "stopped" not in page.url for page in fetcher.asked)


def test_what_was_found_is_found_again_by_later_requests_without_a_search(
    town: Callable[..., None], engine: FakeSearch, work_at: Work, now: datetime
) -> None:
    town(rival=sells(), sold=sells(stock="OutOfStock"))
    plan_outreach(a_wanted_drill(now).id, now, may_search=True)
    work_at(now)
    found = {listing.shop.domain: listing for listing in db.session.scalars(select(Listing))}
    assert {listing.source for listing in found.values()} == {ListingSource.SEARCH}
    assert (found["rival.ru"].price, found["rival.ru"].currency) == (Decimal(12500), "RUB")
    assert not found["sold.ru"].is_available
    rows = {row["domain"]: row for row in the_search().candidates}
    assert (rows["rival.ru"]["price"], rows["rival.ru"]["availability"]) == ("12500 RUB", "in_stock")
    assert (rows["sold.ru"]["same"], rows["sold.ru"]["availability"]) == (True, "out_of_stock")
    other = a_shop(now, "elsewhere.ru")
    later = a_request(now, product=a_product(now, other, title="Bosch GSR 12V-15", gtin=GTIN))
    plan_outreach(later.id, now)
    assert asked(later) == ["elsewhere.ru", "rival.ru"]


def test_a_page_that_a_buyer_gave_us_is_a_listing_for_others(
    fetcher: FakeFetcher, work_at: Work, now: datetime
) -> None:
    fetcher.sites["first.ru"] = sells(price="11500")
    first = a_request(
        now, RequestStatus.DRAFT, product_url="https://first.ru/p", reading=ReadingStatus.WAITING
    )
    read_product(first.id, fetcher, now)
    read_product(first.id, fetcher, now)
    (listing,) = db.session.scalars(select(Listing))
    assert (listing.url, listing.source) == ("https://first.ru/p", ListingSource.PAGE)
    request = a_wanted_drill(now)
    plan_outreach(request.id, now)
    assert asked(request) == ["own.ru", "first.ru"]
    listing.seen_at = now - timedelta(days=90)
    db.session.commit()
    later = a_request(now, product=a_product(now, a_shop(now, "third.ru"), title="x", gtin=GTIN))
    plan_outreach(later.id, now)
    assert asked(later) == ["third.ru"], "a page read long ago proves nothing"


def test_at_most_eight_pages_are_read_and_none_after_the_time_is_up(
    town: Callable[..., None], engine: FakeSearch, fetcher: FakeFetcher, now: datetime
) -> None:
    town(**{f"shop{n}": sells() for n in range(12)})
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    ticks = iter(range(0, 1000, 9))
    find_rivals(request.id, engine, fetcher, now, clock=lambda: next(ticks))
    read = [page for page in fetcher.asked if page.path == "/p"]
    assert len(read) == 3, "30 seconds are up after 9, 18 and 27"
    reasons = list(whys().values())
    assert (reasons.count("gtin"), reasons.count("budget"), reasons.count("beyond_the_best")) == (3, 5, 4)


def test_a_second_query_is_put_only_where_the_first_brought_too_little(
    town: Callable[..., None], engine: FakeSearch, fetcher: FakeFetcher, now: datetime
) -> None:
    town(**{f"shop{n}": sells() for n in range(3)})
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    find_rivals(request.id, engine, fetcher, now)
    assert len(engine.asked) == 2
    assert engine.asked[1] == GTIN
    assert all("купить" in query for query in engine.asked[:1])
    find_rivals(request.id, engine, fetcher, now)
    assert len(engine.asked) == 2, "a bell that rings twice searches once"


@pytest.mark.parametrize("failure", ["engine_quota_spent", "engine_key_refused"])
def test_a_search_that_fails_says_why_and_known_rivals_are_asked(
    failure: str, engine: FakeSearch, work_at: Work, now: datetime
) -> None:
    engine.failing_with = SearchUnavailable(failure, is_final=True)
    known = a_shop(now, "known.ru", emails=("a@known.ru",))
    saved(a_listing(now, known))
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    work_at(now)
    assert (the_search().status, the_search().failure) == (CrawlStatus.FAILED, failure)
    assert asked(request) == ["own.ru", "known.ru"]


def test_a_failure_that_may_pass_is_tried_once_more(
    town: Callable[..., None], engine: FakeSearch, queue: RecordingQueue, work_at: Work, now: datetime
) -> None:
    town(rival=sells())
    engine.failing_with = SearchUnavailable("engine_rate_limited")
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    work_at(now)
    assert (the_search().status, the_search().failure) == (CrawlStatus.WAITING, "engine_rate_limited")
    assert story(request)[:2] == ["shops_chosen", "rivals_sought"]
    engine.failing_with = None
    requeue_lost_searches(now)
    assert queue.rung == [(Job.FIND_RIVALS, request.id)]
    work_at(now)
    assert asked(request) == ["own.ru", "rival.ru"]
    assert the_search().failure == ""


def test_what_fails_twice_is_over(engine: FakeSearch, work_at: Work, now: datetime) -> None:
    engine.failing_with = SearchUnavailable("engine_too_slow")
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    work_at(now)
    requeue_lost_searches(now)
    work_at(now)
    assert (the_search().status, the_search().failure) == (CrawlStatus.FAILED, "engine_too_slow")
    assert "no_rivals" in story(request)


def test_a_search_that_failed_is_not_told_as_one_that_found_nothing(
    engine: FakeSearch, work_at: Work, now: datetime
) -> None:
    engine.failing_with = SearchUnavailable("engine_key_refused", is_final=True)
    failed, found_none = a_wanted_drill(now), a_request(now, product=a_product(now, a_shop(now)))
    plan_outreach(failed.id, now, may_search=True)
    work_at(now)
    engine.failing_with = None
    plan_outreach(found_none.id, now, may_search=True)
    work_at(now)
    db.session.expire_all()
    whys = [
        [entry.facts["why"] for entry in request.timeline if entry.event == "no_rivals"]
        for request in (failed, found_none)
    ]
    assert whys == [["search_failed"], ["none_found"]]


def a_listing(now: datetime, shop: Shop) -> Listing:
    return Listing(
        shop_id=shop.id,
        url=f"{shop.home_url}p",
        title="Bosch GSR 12V-15",
        title_key="-",
        gtin=GTIN,
        price=Decimal(12000),
        currency="RUB",
        seen_at=now,
    )


def test_where_nobody_else_sells_it_the_buyer_is_told_so(
    work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    work_at(now)
    assert "no_rivals" in story(request)
    assert asked(request) == ["own.ru"]
    assert [message.to for message in mail.sent].count(request.buyer.email) == 1  # type: ignore[union-attr]


def test_bells_that_ring_twice_even_at_once_ask_nobody_twice(
    app: Flask, town: Callable[..., None], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    town(rival=sells())
    request = a_wanted_drill(now)
    request_id = request.id
    plan_outreach(request_id, now, may_search=True)
    work_at(now)
    assert race(app, *[lambda: plan_rivals(request_id, now)] * 3) == [None] * 3
    plan_outreach(request_id, now, may_search=True)
    work_at(now)
    assert asked(request) == ["own.ru", "rival.ru"]
    assert story(request).count("rivals_chosen") == 1
    assert [message.to for message in mail.sent].count(request.buyer.email) == 1  # type: ignore[union-attr]


def test_a_request_that_is_closed_meanwhile_gets_no_rivals(
    town: Callable[..., None], queue: RecordingQueue, work_at: Work, now: datetime
) -> None:
    town(rival=sells())
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    request.status, request.closed_at = RequestStatus.CLOSED, now
    db.session.commit()
    work_at(now)
    assert asked(request) == ["own.ru"]
    requeue_lost()
    assert Job.PLAN_RIVALS not in [job for job, _ in queue.rung]


def test_rivals_are_not_sought_where_the_buyer_or_the_page_gives_no_reason_to(
    queue: RecordingQueue, now: datetime
) -> None:
    unwanted = a_wanted_drill(now, asks_rivals=False)
    unread = a_request(now, reading=ReadingStatus.FAILED, product_url="https://unread.ru/p")
    unread.product = None
    db.session.commit()
    for request in (unwanted, unread):
        plan_outreach(request.id, now, may_search=True)
    assert db.session.scalars(select(RivalSearch)).all() == []
    assert Job.FIND_RIVALS not in [job for job, _ in queue.rung]


def test_a_searcher_that_was_killed_is_followed_by_another(
    town: Callable[..., None], engine: FakeSearch, fetcher: FakeFetcher, queue: RecordingQueue, now: datetime
) -> None:
    town(rival=sells())
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    die_while_searching(request, fetcher, now)
    queue.take()
    requeue_lost_searches(now + 60 * SECOND)
    assert queue.take() == [], "the lease still holds"
    requeue_lost_searches(now + 101 * SECOND)
    assert queue.take() == [(Job.FIND_RIVALS, request.id)]
    find_rivals(request.id, engine, fetcher, now + 101 * SECOND)
    assert the_search().status is CrawlStatus.DONE
    assert (Job.PLAN_RIVALS, request.id) in queue.rung


def die_while_searching(request: DiscountRequest, fetcher: FakeFetcher, now: datetime) -> None:
    class Deadly:
        def search(self, query: str, *, language: str, country: str | None) -> list[object]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_rivals(request.id, Deadly(), fetcher, now)  # type: ignore[arg-type]


def test_a_search_that_kills_every_searcher_is_given_up(
    engine: FakeSearch, fetcher: FakeFetcher, now: datetime
) -> None:
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    for attempt in range(2):
        die_while_searching(request, fetcher, now + attempt * 101 * SECOND)
    find_rivals(request.id, engine, fetcher, now + 202 * SECOND)
    assert (the_search().status, the_search().failure) == (CrawlStatus.FAILED, "given_up")


def test_a_searcher_that_comes_back_late_changes_nothing(
    town: Callable[..., None], engine: FakeSearch, fetcher: FakeFetcher, now: datetime
) -> None:
    town(rival=sells())
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)

    class Slow(FakeSearch):
        def search(self, query: str, *, language: str, country: str | None) -> list[object]:  # type: ignore[override]
            find_rivals(request.id, engine, fetcher, now + 101 * SECOND)
            return []

    find_rivals(request.id, Slow(), fetcher, now)
    assert [row["domain"] for row in the_search().candidates if row["same"]] == ["rival.ru"]


def test_nobody_waits_longer_than_two_minutes_for_a_search_that_nobody_takes_up(
    queue: RecordingQueue, now: datetime
) -> None:
    saved(a_listing(now, a_shop(now, "known.ru")))
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    plan_rivals(request.id, now + 119 * SECOND)
    assert asked(request) == ["own.ru"]
    queue.take()
    requeue_lost()
    assert (Job.PLAN_RIVALS, request.id) in queue.take()
    plan_rivals(request.id, now + 121 * SECOND)
    assert asked(request) == ["own.ru", "known.ru"]
    assert the_search().failure == "too_slow"
    queue.take()
    requeue_lost()
    assert (Job.PLAN_RIVALS, request.id) not in queue.take()


def test_a_request_whose_own_shop_forbids_it_lives_until_its_rivals_are_known(
    town: Callable[..., None], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    with transaction():
        suppress("shop:own.ru", reason="never", cause="", now=now)
    town(rival=sells())
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    assert list_hopeless(now) == []
    work_at(now)
    assert list_hopeless(now) == []
    assert asked(request) == ["own.ru", "rival.ru"]
    (told,) = [message for message in mail.sent if message.to == request.buyer.email]  # type: ignore[union-attr]
    assert "rival.ru" in told.text
    assert "Своя" not in told.text


def test_without_rivals_such_a_request_is_hopeless(work_at: Work, now: datetime) -> None:
    with transaction():
        suppress("shop:own.ru", reason="never", cause="", now=now)
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    work_at(now)
    assert list_hopeless(now) == [request.id]


def test_shops_that_answer_are_asked_before_shops_that_never_do(
    town: Callable[..., None], work_at: Work, now: datetime
) -> None:
    town(**{f"shop{n}": sells(price=str(12000 + n)) for n in range(4)})
    for n, statuses in enumerate((("exhausted",) * 4, ("answered",) * 4, ("declined",) * 2, ())):
        shop = a_shop(now, f"shop{n}.ru")
        for status in statuses:
            before = a_request(now, RequestStatus.ASKED)
            an_outreach(
                now, before, shop, status=status, exhausted_why="silence" if status == "exhausted" else ""
            )
    request = a_wanted_drill(now)
    plan_outreach(request.id, now, may_search=True)
    work_at(now)
    assert set(asked(request)[1:]) == {"shop1.ru", "shop2.ru", "shop3.ru"}


def test_another_name_of_a_stopped_shop_or_of_the_own_one_is_left_alone(
    town: Callable[..., None], fetcher: FakeFetcher, work_at: Work, now: datetime
) -> None:
    town(alias=sells(), mirror=sells(), rival=sells())
    request = a_wanted_drill(now)
    assert request.product is not None
    stopped = a_shop(now, "stopped.ru")
    a_shop(now, "alias.ru", merged_into_id=stopped.id)
    a_shop(now, "mirror.ru", merged_into_id=request.product.shop_id)
    with transaction():
        suppress("shop:stopped.ru", reason="never", cause="", now=now)
    plan_outreach(request.id, now, may_search=True)
    work_at(now)
    assert whys() == {"alias.ru": "stopped", "mirror.ru": "own_shop", "rival.ru": "gtin"}
    assert asked(request) == ["own.ru", "rival.ru"]
