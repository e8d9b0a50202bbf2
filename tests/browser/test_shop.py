"""A shop's own page in a browser: from the foot of an offer to a rule, with a thumb, without scripts."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.offers.models import Offer
from discount_broker.offers.queries import find_offer_of, list_rules
from discount_broker.offers.status import AnswerKind, OfferStatus
from discount_broker.offers.use_cases.standing import answer_by_rules
from discount_broker.outreach.models import Outreach
from discount_broker.shops.models import Shop, ShopMember
from tests.browser.conftest import follow
from tests.browser.test_sending import faults_of
from tests.builders import a_product, a_request, a_shop, an_outreach, saved

pytestmark = pytest.mark.browser
PAGES = ("/shop", "/shop/lookup", "/shop/rules", "/shop/about", "/shop/people")
Opener = Callable[..., Page]


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def shop(now: datetime) -> Shop:
    return a_shop(
        now,
        "tools.ru",
        name="Хорошие инструменты",
        emails=("prodazhi@tools.ru", "a.very.long.address.of.the.order.desk@tools.ru"),
        hours={"mon": ["10:00", "19:00"], "sat": ["11:00", "16:00"]},
        closed_days=["2031-01-02/2031-01-08"],
        feed_url="https://tools.ru/feed.yml",
        feed_failure="feed_foreign",
        feed_read_at=now,
    )


def asked(now: datetime, shop: Shop, title: str, wish: int) -> Outreach:
    product = a_product(now, shop, title=title)
    request = a_request(
        now,
        RequestStatus.ASKED,
        product=product,
        wish_value=Decimal(wish),
        note="With the case, please.",
        city="Tver",
    )
    return an_outreach(now, request, shop, is_rival=False)


@pytest.fixture
def waiting(now: datetime, shop: Shop) -> list[Outreach]:
    """Three who wait, the first of them longest; the last wants more than the rule will give."""
    titles = (
        "Bosch GSR 12V-15 FC cordless drill driver with two batteries",
        "Пила Makita HS7601",
        "Bosch AHS 45",
    )
    return [
        asked(now - timedelta(minutes=ago), shop, title, wish)
        for title, wish, ago in zip(titles, (5, 10, 15), (3, 2, 1), strict=True)
    ]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    contexts = []

    def make(width: int = 360, scheme: str = "light", language: str = "en", *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 740},
            locale=language,
            bypass_csp=True,
            java_script_enabled=scripts,
            color_scheme="dark" if scheme == "dark" else "light",
            timezone_id="Europe/Moscow",
        )
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def come_in(page: Page, address: str, member: ShopMember, now: datetime) -> None:
    page.goto(f"{address}/shop/enter/{issue_token(Purpose.SHOP_CLAIM, member.id, now)}")
    page.locator("main form button").click()
    page.wait_for_url("**/shop")


def letter_link(path: str) -> str:
    db.session.expire_all()
    letter = db.session.query(Delivery).filter(Delivery.template == "shop_claim_link").one()
    found = re.search(rf"{path}\w+", letter.text)
    assert found
    return found.group()


def test_a_shop_claims_its_page_answers_several_and_sets_a_rule_without_scripts(
    address: str, open_page: Opener, shop: Shop, waiting: list[Outreach], now: datetime
) -> None:
    page = open_page(scripts=False)
    page.goto(f"{address}/o/{issue_token(Purpose.OFFER, waiting[0].id, waiting[0].created_at)}")
    follow(page.locator("footer a[href*='/shop/claim']"))
    assert page.input_value("#shop") == "tools.ru"
    page.fill("#email", "prodazhi@tools.ru")
    follow(page.locator("main form button"))
    page.goto(address + letter_link("/shop/enter/"))
    follow(page.locator("main form button"))
    assert page.locator(".shop-line").count() == 3

    for box in page.locator(".shop-tick input").all()[:2]:
        box.check()
    page.locator("input[name=act][value=wished]").check()
    follow(page.locator("#act button"))
    assert page.locator("section[role=status] .badge-good").count() == 2
    assert page.locator(".shop-line").count() == 1
    db.session.expire_all()
    assert sum(find_offer_of(outreach.id) is not None for outreach in waiting) == 2

    page.goto(f"{address}/shop/rules?rule_percent=7")
    follow(page.locator("main form:has(#percent) button[type=submit]"))
    assert page.locator("text=Up to 7% off").count() >= 1
    db.session.expire_all()
    assert len(list_rules(shop.id)) == 1
    saw = asked(now, shop, "Bosch PST 700", 5)
    assert answer_by_rules(shop.id, utcnow()) == 1
    page.goto(f"{address}/shop")
    assert page.locator("section:has(#answered) >> text=Bosch PST 700").count() == 1
    assert find_offer_of(saw.id) is not None


@pytest.mark.parametrize(
    ("width", "language", "scheme"),
    [(360, "ru", "light"), (360, "en", "dark"), (1280, "ru", "dark"), (1280, "en", "light")],
)
def test_every_page_of_a_shop_is_in_order(
    address: str,
    open_page: Opener,
    shop: Shop,
    waiting: list[Outreach],
    now: datetime,
    width: int,
    language: str,
    scheme: str,
    tmp_path: Path,
) -> None:
    member = saved(ShopMember(shop_id=shop.id, email="prodazhi@tools.ru", language=language, created_at=now))
    saved(
        ShopMember(shop_id=shop.id, email="vera.kuznetsova@tools.ru", created_at=now, invited_by_id=member.id)
    )
    code = accepted(now, shop)
    page = open_page(width, scheme, language)
    page.goto(f"{address}/shop/claim")
    assert faults_of(page) == []
    come_in(page, address, member, now)
    for path in (*PAGES, f"/shop/lookup?code={code}"):
        page.goto(address + path)
        assert faults_of(page) == [], path
    page.goto(f"{address}/shop/rules")
    page.fill("#percent", "150")
    follow(page.locator("main form:has(#percent) button[type=submit]"))
    page.locator("#percent-wrong").wait_for()
    assert faults_of(page) == []
    assert page.input_value("#percent") == "150"


def accepted(now: datetime, shop: Shop) -> str:
    outreach = an_outreach(now, a_request(now, RequestStatus.ACCEPTED, product=a_product(now, shop)), shop)
    offer = Offer(
        outreach=outreach,
        kind=AnswerKind.PERCENT,
        percent=Decimal(10),
        final_price=Decimal(11691),
        text="With the case",
        code="K7M2-9QX4",
        status=OfferStatus.ACCEPTED,
        settled_at=now,
        made_at=now,
        valid_until=now + timedelta(days=3),
    )
    return str(saved(offer).code)
