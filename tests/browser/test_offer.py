"""A shop's staff on the offer page: one press, a second thought, a counter-offer, without scripts too."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.rules.countering import Counter
from discount_broker.offers.use_cases import counter_offer
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.use_cases import ask_shop
from tests.browser.conftest import OVERHANG
from tests.browser.test_sending import faults_of
from tests.builders import a_buyer, a_product, a_request, a_shop, an_outreach

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
AUDIENCES = [(360, "light", "ru"), (360, "dark", "en"), (1280, "light", "en"), (1280, "dark", "ru")]


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    contexts = []

    def make(width: int = 360, scheme: str = "light", *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 740},
            bypass_csp=True,
            java_script_enabled=scripts,
            color_scheme="dark" if scheme == "dark" else "light",
            timezone_id="Europe/Moscow",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def asked(now: datetime, language: str, **given: Any) -> Outreach:
    shop = a_shop(now, language=language, emails=("prodazhi@tools.ru",), name="Хорошие инструменты")
    title = "Bosch GSR 12V-15 FC cordless drill driver with two batteries and a case"
    product = a_product(now, shop, title=title)
    said = {"note": "With the case, please.", "city": "Тверь", **given}
    request = a_request(now, RequestStatus.ASKED, product=product, **said)
    outreach = an_outreach(now, request)
    ask_shop(shop.id, now)
    return outreach


def way_to(outreach: Outreach, address: str) -> str:
    return f"{address}/o/{issue_token(Purpose.OFFER, outreach.id, outreach.created_at)}"


def given(outreach: Outreach) -> Decimal | None:
    db.session.expire_all()
    offer = find_offer_of(outreach.id)
    return offer.percent if offer else None


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).click()


def check(page: Page) -> None:
    assert faults_of(page) == []
    assert page.evaluate(OVERHANG) <= 0


@pytest.mark.parametrize(("width", "scheme", "language"), AUDIENCES)
def test_an_answer_is_given_by_one_press_and_changed_afterwards(
    width: int, scheme: str, language: str, address: str, open_page: Opener, now: datetime
) -> None:
    outreach, page = asked(now, language), open_page(width, scheme)
    page.goto(f"{way_to(outreach, address)}?answer=percent-5")
    assert page.locator("html").get_attribute("lang") == language
    check(page)
    first = page.locator("button[name=now]").first
    box = first.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    assert given(outreach) == 5

    press(page, "a[href$='/change']")
    check(page)
    page.fill("input[name=percent]", "-150")
    press(page, "form[action$='/change'] button")
    check(page)
    assert page.input_value("input[name=percent]") == "-150"
    page.fill("input[name=percent]", "8")
    page.fill("input[name=delivery]", "tomorrow, free of charge")
    press(page, "form[action$='/change'] button")
    check(page)
    assert given(outreach) == 8


@pytest.mark.parametrize(("width", "scheme", "language"), AUDIENCES[:2])
def test_a_counter_offer_is_given_by_one_press(
    width: int, scheme: str, language: str, address: str, open_page: Opener, now: datetime
) -> None:
    outreach, page = asked(now, language), open_page(width, scheme)
    page.goto(way_to(outreach, address))
    press(page, "button[name=now][value=percent-5]")
    db.session.expire_all()
    offer = find_offer_of(outreach.id)
    assert offer is not None
    counter = Counter(percent=Decimal(8), words="I would come for it today.")
    counter_offer(outreach.discount_request_id, offer.id, counter, now)
    page.goto(way_to(outreach, address))
    check(page)
    press(page, "button[name=give][value=yes]")
    check(page)
    assert given(outreach) == 8


@pytest.mark.parametrize(("width", "scheme", "language"), AUDIENCES)
def test_the_quiet_links_of_a_letter_open_the_page_at_their_answer(
    width: int, scheme: str, language: str, address: str, open_page: Opener, now: datetime
) -> None:
    buyer = a_buyer(now, email="a.name.that.takes.up.its.place@mail.example")
    outreach, page = asked(now, language, may_contact_directly=True, buyer=buyer), open_page(width, scheme)
    letter = outreach.steps[0].delivery.html or ""
    for choice, field in (("later", "later_day"), ("forward", "forward_to")):
        end = f"?answer={choice}#answer-{choice}"
        assert f"{way_to(outreach, 'http://broker.test')}{end}" in letter
        page.goto(f"{way_to(outreach, address)}{end}")
        assert page.is_checked(f"#answer-{choice}")
        box = page.locator(f"input[name={field}]").bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= 740 - box["height"], "what is to be filled in stands in sight"
        check(page)
    assert given(outreach) is None


def test_every_answer_works_without_scripts(address: str, open_page: Opener, now: datetime) -> None:
    outreach, page = asked(now, "en"), open_page(scripts=False)
    page.goto(way_to(outreach, address))
    page.check("input[name=answer][value=later]")
    day = (now + timedelta(days=3)).date()
    page.fill("input[name=later_day]", day.isoformat())
    page.locator("form:has(#answer) > button").click()
    page.wait_for_url("**/thanks*")
    db.session.expire_all()
    assert outreach.ask_again_on == day
    page.locator("main a", has_text="Make an offer").click()
    page.check("input[name=answer][value=forward]")
    page.fill("input[name=forward_to]", "boss@holding.example")
    page.locator("form:has(#answer) > button").click()
    page.wait_for_url("**/thanks*")
    assert page.locator("h1").inner_text() == "Thank you for passing it on"
