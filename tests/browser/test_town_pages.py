"""Every page of buyers and shops: on a phone and a desktop, light and dark, in both languages."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.exceptions import HTTPException

from discount_broker.accounts.models import Buyer
from discount_broker.checks.models import ResponseCheck
from discount_broker.checks.status import CheckReason, CheckStatus
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.offers.models import Offer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import accept_offer
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.scorecards.models import ScoreCard
from discount_broker.shops.models import Shop, ShopMember
from discount_broker.watches.models import PriceReading, Watch
from discount_broker.watches.status import WatchKind
from discount_broker.watches.use_cases import WatchWish, begin_watch
from tests.browser.conftest import SCREENSHOTS
from tests.browser.test_pages import every_page
from tests.browser.test_sending import faults_of
from tests.builders import a_buyer, a_product, a_request, a_shop, an_outreach, saved

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NO_PAGES = {
    "static", "public.favicon", "public.htmx", "public.robots", "share.manifest", "share.share",
    "health.healthz", "health.metrics", "health.readyz", "api.list_requests", "api.get_request",
    "api_pages.document", "ask.product", "buyer.story", "sms.receipt_by_get", "sms.text_by_get",
    "texts.short", "my_data.download", "proof.download", "buyer_voucher.picture", "scorecards.plot",
    "scorecards.table", "shop_card.plot", "shop_card.table", "checks.sheet", "watch.plot", "api.get_webhooks",
}  # fmt: skip
"""Answers that are no page of their own: files, pictures, what a script asks for, what machines read."""
ELSEWHERE = {
    "accounts.staff_code", "accounts.forgotten", "accounts.new_password",  # test_staff_accounts
    "offer_draft.show",  # test_letters
    "promise_check.show",  # test_promise
    "shop_claim.open_invitation",  # the page of `shop_claim.open_link`, with another sentence
    "texts.ask_stop",  # test_texts
}  # fmt: skip
"""Pages that other tests look at in a browser, for they want more than a row to stand on."""
DAY = timedelta(days=1)
AUDIENCES = [(360, "light", "ru"), (1280, "dark", "en")]


@pytest.fixture
def now() -> datetime:
    return utcnow()


def token(purpose: Purpose, row_id: UUID, now: datetime) -> str:
    return issue_token(purpose, row_id, now)


def an_offered(now: datetime, shop: Shop, buyer: Buyer) -> tuple[DiscountRequest, Offer]:
    """A request with two offers side by side; the cheaper one comes back."""
    product = a_product(now, shop, availability="in_stock")
    request = a_request(now, RequestStatus.OFFERED, product=product, buyer=buyer, note="With two batteries")
    shops = (shop, a_shop(now, language="en", emails=("b@rival.example",)))
    for place, percent in zip(shops, (7, 10), strict=True):
        outreach = an_outreach(now, request, place, status=OutreachStatus.ANSWERED)
        outreach.asked_at, outreach.answered_at = now - DAY, now
        price = product.price * (100 - percent) / 100 if product.price else None
        offer = saved(
            Offer(
                outreach=outreach, kind=AnswerKind.PERCENT, percent=Decimal(percent), final_price=price,
                delivery="Tomorrow, free of charge", valid_until=now + 2 * DAY, made_at=now,
            )
        )  # fmt: skip
    return request, offer


def a_watch(now: datetime, request: DiscountRequest, buyer: Buyer) -> Watch:
    """With prices of a week, so that there is something to draw."""
    watch_id = begin_watch(
        request.id, WatchWish(kind=WatchKind.BELOW, below=Decimal(9000), buyer_id=buyer.id), now
    )
    watch = db.session.get_one(Watch, watch_id)
    for days, price in enumerate((12990, 12990, 14990, 13990, 12490)):
        at = now - (5 - days) * DAY
        page_id = watch.watched_page_id
        saved(PriceReading(watched_page_id=page_id, at=at, price=Decimal(price), currency="RUB"))
    return watch


def a_card(now: datetime, shop: Shop) -> ScoreCard:
    facts = {"asked": 40, "answered": 34, "offered": 20, "median_answer_seconds": 9000, "promises_made": 5}
    more = {"promises_kept": 4, "least_share": 0.7, "is_good": True, "computed_at": now, "until": now}
    return saved(
        ScoreCard(shop_id=shop.id, typical_percent=Decimal(7), since=now - 90 * DAY, **facts, **more)
    )


def a_check(now: datetime, shop: Shop) -> ResponseCheck:
    return saved(
        ResponseCheck(
            shop_id=shop.id, round="2026-11-a", reason=CheckReason.ASKED_FOR, status=CheckStatus.DONE,
            question="delivery", wording="How long does a delivery take?", asked_at=now - 3 * DAY,
            answered_at=now - 2 * DAY, done_at=now,
            findings={"alive": True, "answered": True, "complete": True},
        )
    )  # fmt: skip


def more_pages(now: datetime) -> dict[str, str]:
    """Pages by secret link: of an accepted request, a watch, a check, a mail; and the public ones."""
    shop, buyer = a_shop(now, "drills.example", language="en", emails=("a@drills.example",)), a_buyer(now)
    a_card(now, shop)
    check = a_check(now, shop)
    open_one, offer = an_offered(now, shop, buyer)
    taken, accepted = an_offered(now, shop, buyer)
    accept_offer(taken.id, accepted.id, now)
    letter = db.session.query(Delivery).filter(Delivery.address == buyer.email).first()
    assert letter is not None
    leaving = a_buyer(now, deletion_due_at=now + 14 * DAY)
    watch, draft = a_watch(now, open_one, buyer), a_request(now, RequestStatus.DRAFT)
    follow, taken_follow = token(Purpose.FOLLOW, open_one.id, now), token(Purpose.FOLLOW, taken.id, now)
    stands = db.session.query(Outreach).filter_by(discount_request_id=open_one.id).first()
    assert stands is not None
    return {
        "bookmarklet": "/bookmarklet",
        "API": "/api",
        "shops": "/shops",
        "score-card": f"/shops/{shop.domain}",
        "claim": "/shop/claim",
        "watch sent": "/watch/sent",
        "offers": f"/requests/{follow}",
        "one offer": f"/requests/{follow}/offers/{offer.id}",
        "end": f"/requests/{follow}/end",
        "accepted": f"/requests/{taken_follow}",
        "voucher": f"/requests/{taken_follow}/voucher",
        "outcome": f"/requests/{taken_follow}/outcome",
        "watch": f"/watch/{token(Purpose.WATCH, watch.id, now)}",
        "new watch": f"/watch/request/{follow}",
        "new watch of a visitor": f"/watch/product/{token(Purpose.DRAFT, draft.id, now)}",
        "unsubscribe": f"/n/{token(Purpose.NEWS, letter.id, now)}",
        "keep": f"/my/keep/{token(Purpose.KEEP, leaving.id, now)}",
        "change the answer": f"/o/{token(Purpose.OFFER, stands.id, now)}/change",
        "report of a check": f"/check/{token(Purpose.CHECK_REPORT, check.id, now)}",
        "no more checks": f"/check/{token(Purpose.CHECK_STOP, check.id, now)}/stop",
    }


BUYERS_OWN = {
    "requests": "/requests",
    "preferences": "/my/preferences",
    "my data": "/my/data",
    "delete": "/my/data/delete",
}
SHOPS_OWN = {
    "shop": "/shop",
    "about the shop": "/shop/about",
    "card": "/shop/card",
    "look-up": "/shop/lookup",
    "people": "/shop/people",
    "rules": "/shop/rules",
}


def entrances(now: datetime) -> tuple[str, str]:
    """The links by which a buyer and somebody of a shop come in, with something to see behind each."""
    shop, buyer = a_shop(now, "saws.example", language="en", emails=("a@saws.example",)), a_buyer(now)
    an_offered(now, shop, buyer)
    a_card(now, shop)
    for _ in range(2):
        an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop), shop)
    member = saved(ShopMember(shop_id=shop.id, email="a@saws.example", language="en", created_at=now))
    enter = f"/shop/enter/{token(Purpose.SHOP_CLAIM, member.id, now)}"
    return f"/login/{token(Purpose.LOGIN, buyer.id, now)}", enter


class Tour:
    """Opens pages, keeps what is wrong with each, and its picture where pictures are kept."""

    def __init__(self, app: Flask, page: Page, address: str, name: str, *, keeps_pictures: bool) -> None:
        self.page, self.address, self.name, self.keeps = page, address, name, keeps_pictures
        self.urls = app.url_map.bind(urlsplit(address).netloc)
        self.seen, self.faults = set[str](), dict[str, list[object]]()

    def speak(self, language: str) -> None:
        """Choose the language oneself: pages by link speak that of their request otherwise."""
        self.page.goto(self.address)
        for code in ("en", "ru", language):
            button = self.page.locator(f"button[name=language][value={code}]")
            if button.count():
                with self.page.expect_navigation():
                    button.click()

    def see(self, pages: dict[str, str]) -> None:
        for name, path in pages.items():
            answer = self.page.goto(self.address + path)
            assert answer is not None
            assert answer.status == 200 or name == "not found", f"{name}: {answer.status}"
            self.note(name, urlsplit(self.page.url).path)

    def enter(self, link: str) -> None:
        self.page.goto(self.address + link)
        self.note("enter " + link.split("/")[1], urlsplit(link).path)
        with self.page.expect_navigation():
            self.page.locator("main form button").first.click()

    def note(self, name: str, path: str) -> None:
        try:
            self.seen.add(str(self.urls.match(path, "GET")[0]))
        except HTTPException:
            assert name == "not found", path
        if self.keeps:
            folder = SCREENSHOTS / "town"
            folder.mkdir(parents=True, exist_ok=True)
            picture = folder / f"{name.replace(' ', '-').lower()}-{self.name}.jpg"
            self.page.screenshot(path=picture, type="jpeg", quality=60, full_page=True)
        self.page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        if wrong := faults_of(self.page):
            self.faults[name] = wrong


MakeTour = Callable[[int, str, str], Tour]


@pytest.fixture
def make_tour(
    app: Flask, address: str, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[MakeTour]:
    contexts = []

    def make(width: int, scheme: str, language: str) -> Tour:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            bypass_csp=True,
            locale=language,
            color_scheme="dark" if scheme == "dark" else "light",
        )
        contexts.append(context)
        keeps = bool(request.config.getoption("--keep-screenshots"))
        name = f"{width}-{language}-{scheme}"
        return Tour(app, context.new_page(), address, name, keeps_pictures=keeps)

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme", "language"), AUDIENCES)
def test_every_page_of_buyers_and_shops_is_usable_by_everybody(
    app: Flask,
    make_tour: Callable[[int, str, str], Tour],
    now: datetime,
    width: int,
    scheme: str,
    language: str,
) -> None:
    by_link = every_page(now) | more_pages(now)
    as_buyer, as_shop = entrances(now)
    tour = make_tour(width, scheme, language)
    tour.speak(language)
    tour.see(by_link)
    tour.enter(as_buyer)
    tour.see(BUYERS_OWN)
    stranger = make_tour(width, scheme, language)
    stranger.speak(language)
    stranger.enter(as_shop)
    stranger.see(SHOPS_OWN)
    assert tour.faults | stranger.faults == {}
    assert town_pages(app) - tour.seen - stranger.seen == set(), "nobody looks at these"


def town_pages(app: Flask) -> set[str]:
    """Every endpoint that answers a GET with a page, the desk and the mail catcher apart."""
    return (
        {
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.rule.startswith(("/desk", "/dev"))
        }
        - NO_PAGES
        - ELSEWHERE
    )
