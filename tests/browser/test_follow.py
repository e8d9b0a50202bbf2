"""A buyer follows a request in a browser: offers, a counter-offer, a no, a yes, the code, and the outcome."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.offers.models import Offer
from discount_broker.offers.queries.countering import find_counter
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind, DeclineReason, OfferStatus
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.status import OutreachStatus
from discount_broker.scorecards.models import ScoreCard
from tests.browser.conftest import OVERHANG, PATIENCE, follow
from tests.builders import a_request, a_shop, an_outreach, saved
from tests.web.test_buyer import an_offer

pytestmark = pytest.mark.browser
SIZES = {"phone": (360, 740), "desktop": (1280, 900)}
Open = Callable[..., Page]


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def windows(browser: Browser, address: str) -> Iterator[Open]:
    """Opens pages of the application under test; `has_scripts` says whether scripts run in them."""
    contexts: list[BrowserContext] = []

    def make(path: str, size: str, scheme: str = "light", *, has_scripts: bool = True) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="en",
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=has_scripts,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(address + path)
        return page

    yield make
    for context in contexts:
        context.close()


def an_ask(now: datetime, language: str = "en") -> tuple[DiscountRequest, list[Offer], str]:
    """Two offers with all that can be said of one, and a shop that is silent."""
    request = a_request(now, RequestStatus.OFFERED, language=language)
    near, cheap = an_outreach(now, request), an_outreach(now, request, a_shop(now, name="Cheap & Good"))
    saved(ScoreCard(shop_id=near.shop_id, computed_at=now, asked=12, answered=7, offered=5,
                    promises_made=3, promises_kept=2))  # fmt: skip
    offers = [
        an_offer(now, near, 11700, delivery="by courier on Friday, 390 roubles", condition="prepayment"),
        an_offer(now, cheap, 10900, text="The last one is yours until Saturday."),
    ]
    silent = a_shop(now, name="Silent Tools")
    an_outreach(now, request, silent, status=OutreachStatus.PLANNED)
    path = f"/requests/{issue_token(Purpose.FOLLOW, request.id, now)}"
    return request, offers, path


def look(page: Page) -> None:
    assert page.evaluate(OVERHANG) <= 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "language"), [("phone", "ru"), ("desktop", "en"), ("phone", "en")])
def test_the_pages_of_a_request_are_in_order(
    windows: Open, now: datetime, size: str, language: str, scheme: str
) -> None:
    _request, offers, path = an_ask(now, language)
    page = windows(path, size, scheme)
    look(page)
    rows = page.locator(".offer-table tbody tr")
    shown = rows.first.evaluate("row => getComputedStyle(row).display")
    assert shown == ("block" if size == "phone" else "table-row")
    for each in (f"{path}/offers/{offers[0].id}", f"{path}/end", f"{path}/outcome"):
        page.goto(page.url.partition("/requests/")[0] + each)
        look(page)


@pytest.mark.parametrize(("size", "has_scripts"), [("phone", False), ("desktop", True)])
def test_a_buyer_asks_for_less_declines_accepts_and_says_what_came_of_it(
    windows: Open, now: datetime, size: str, has_scripts: bool
) -> None:
    request, (near, cheap), path = an_ask(now)
    page = windows(path, size, has_scripts=has_scripts)
    page.locator(f"a[href$='/offers/{cheap.id}']").click()
    page.fill("input[name=price]", "12 000")
    page.fill("textarea[name=words] >> nth=0", "Then I take it today.")
    page.get_by_role("button", name="Ask the shop").click()
    expect(page.locator("#price-wrong")).to_contain_text("no less than you are offered already")
    assert page.input_value("textarea[name=words] >> nth=0") == "Then I take it today."
    page.fill("input[name=price]", "10 500")
    page.get_by_role("button", name="Ask the shop").click()
    expect(page.get_by_text("The shop has not answered that yet")).to_be_visible()
    db.session.expire_all()
    counter = find_counter(cheap.outreach_id)
    assert counter is not None
    assert counter.price == Decimal(10500)

    page.locator(f"a[href$='/offers/{near.id}']").click()
    page.get_by_label("The delivery does not suit me").check()
    page.get_by_role("button", name="No, decline this offer").click()
    expect(page.locator("#so-far")).to_contain_text("You declined the offer")
    db.session.expire_all()
    assert (near.status, near.decline_reason) == (OfferStatus.DECLINED, DeclineReason.DELIVERY)

    page.locator("details:has(form[action*='/accept/']) summary").click()
    page.locator("form[action*='/accept/'] button").click()
    expect(page.locator(".voucher-number")).to_have_text(request.number)
    follow(page.get_by_role("link", name="With a QR code, to print"))
    db.session.expire_all()
    assert cheap.code is not None
    expect(page.locator(".voucher-code")).to_have_text(cheap.code)
    assert (
        page.locator(".voucher img").evaluate("picture => picture.decode().then(() => picture.naturalWidth)")
        > 0
    )
    page.goto(page.url.replace("/voucher", "/outcome?said=bought"))
    page.get_by_role("button", name="Bought with the discount").click()
    expect(page.get_by_text("You bought it with the discount. Enjoy it!")).to_be_visible()
    db.session.expire_all()
    assert request.outcome is Outcome.BOUGHT


def test_an_offer_that_comes_stands_on_the_open_page_by_itself(windows: Open, now: datetime) -> None:
    request, _offers, path = an_ask(now)
    late = an_outreach(now, request, a_shop(now, name="Late but Generous"))
    page = windows(path, "desktop")
    expect(page.locator(".offer-table tbody tr")).to_have_count(2)
    submit_answer(late.id, Answer(kind=AnswerKind.PRICE, price=Decimal(9900)), now)
    # The page asks every five seconds.
    expect(page.locator(".offer-table tbody tr")).to_have_count(3, timeout=PATIENCE * 1000)
    expect(page.locator("#so-far")).to_contain_text("Late but Generous made an offer.")
    look(page)


def test_who_has_bought_elsewhere_ends_it_and_can_ask_again(windows: Open, now: datetime) -> None:
    request, _offers, path = an_ask(now)
    page = windows(path, "phone", has_scripts=False)
    page.get_by_role("link", name="I have bought it, or do not need it any more").click()
    expect(page.get_by_text("No further letter goes to: Silent Tools.")).to_be_visible()
    page.get_by_role("button", name="Elsewhere").click()
    expect(page.get_by_text("Nobody writes or calls any more")).to_be_visible()
    db.session.expire_all()
    assert request.outcome is Outcome.BOUGHT_ALREADY
    page.get_by_role("button", name="Ask for the same once more").click()
    page.wait_for_url("**/ask/**")
