"""A lead lets a program in, a buyer waits for a product: on a phone and on a desk, in light and dark."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser

from discount_broker.accounts.models import Role
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.watches.models import PriceReading, WatchedPage
from tests.browser.conftest import Visitor
from tests.builders import a_product, a_request, a_shop, an_operator

pytestmark = pytest.mark.browser
VIEWS = [("phone", "light"), ("desktop", "dark")]
SIZES = {"phone": (360, 740), "desktop": (1280, 900)}


@pytest.fixture
def looks(browser: Browser, address: str) -> Iterator[Callable[[str, str], Visitor]]:
    """Makes visitors of the application under test."""
    made = []

    def make(size: str, scheme: str) -> Visitor:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="en", color_scheme=scheme
        )
        context.set_default_timeout(15_000)
        made.append(context)
        name = f"{size}-en" + ("" if scheme == "light" else "-dark")
        return Visitor(context, address, name, keeps_pictures=False)

    yield make
    for context in made:
        context.close()


@pytest.mark.parametrize(("size", "scheme"), VIEWS)
def test_a_buyer_waits_and_sees_how_the_price_went(
    looks: Callable[[str, str], Visitor], app: Flask, size: str, scheme: str
) -> None:
    now = utcnow()
    product = a_product(now, a_shop(now, "tools.ru"), availability="in_stock")
    ended = a_request(now, RequestStatus.CLOSED, product=product, outcome=Outcome.NO_OFFER)
    buyer = looks(size, scheme)
    buyer.open(f"/watch/request/{issue_token(Purpose.FOLLOW, ended.id, now)}")
    buyer.look("watch-new")
    buyer.page.fill("input[name=below]", "12 000")
    buyer.press("main form button")
    buyer.look("watch")

    page = db.session.query(WatchedPage).one()
    for days, price in ((1, 14990), (2, 14990), (3, 12900)):
        at = now + timedelta(days=days)
        db.session.add(PriceReading(watched_page_id=page.id, at=at, price=price, currency="RUB"))
    db.session.commit()
    buyer.page.reload()
    buyer.page.locator("img[src*='prices']").scroll_into_view_if_needed()
    buyer.look("watch-history")
    buyer.press("form[action$='/stop'] button")
    buyer.look("watch-stopped")


@pytest.mark.parametrize(("size", "scheme"), VIEWS)
def test_a_lead_lets_a_program_in_and_the_page_of_the_api_can_be_read(
    looks: Callable[[str, str], Visitor], app: Flask, size: str, scheme: str
) -> None:
    now = utcnow()
    lead = an_operator(now, role=Role.LEAD)
    visitor = looks(size, scheme)
    visitor.open("/api")
    visitor.look("api")
    with app.test_request_context():
        serializer = app.session_interface.get_signing_serializer(app)
        assert serializer is not None
        cookie = serializer.dumps({"_user_id": f"operator:{lead.id}", "_fresh": True})
    visitor.page.context.add_cookies([{"name": "broker", "value": cookie, "url": visitor.base_url}])
    visitor.open("/desk/api")
    visitor.look("programs")
    visitor.page.fill("input[name=name]", "Price finder")
    visitor.page.fill("input[name=email]", "ada@finder.example")
    visitor.press("main details form button")
    visitor.press("form[action$='/keys'] button")
    visitor.look("program-key")
    assert visitor.page.locator(".api-secret").inner_text().startswith("dbk_")
    visitor.page.fill("input[name=url]", "https://finder.example/hooks")
    visitor.press("form[action$='/webhooks'] button")
    visitor.press("form[action$='/try'] button")
    visitor.look("program")
