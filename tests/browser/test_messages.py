"""A lead edits the words of a mail to buyers, tries them on a real request, and the next mail says them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import news_of
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.use_cases import deliver
from discount_broker.notifications.catalogue import AskedShops
from discount_broker.notifications.operations import notify
from tests.browser.conftest import OVERHANG, follow
from tests.builders import a_request, a_shop, an_outreach
from tests.fakes import FakeChannel

pytestmark = pytest.mark.browser
EMAIL, PASSWORD = "lena@desk.example", "a sentence of hers"
PLACE = "/desk/messages/asked_shops/email"
LOOKS = [("light", 360, "ru"), ("dark", 1280, "en")]
NEW = {"en": "We knock at these doors:", "ru": "Мы стучимся в эти двери:"}
OLD = {"en": "is under way", "ru": "в работе."}


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def lead(app: object, now: datetime) -> UUID:
    return create_operator(EMAIL, "Lena", PASSWORD, Role.LEAD, now)


@pytest.fixture
def open_browser(address: str, browser: Browser, lead: UUID) -> Iterator[Callable[..., Page]]:
    """A lead who has logged in."""
    contexts: list[BrowserContext] = []

    def make(scheme: str, width: int, language: str, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, locale=language, java_script_enabled=scripts
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{address}/staff/login")
        page.fill("#email", EMAIL)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("**/desk/")
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def request_of_anna(now: datetime) -> DiscountRequest:
    request = a_request(now, RequestStatus.ASKED, shop=a_shop(now, name="Drill Hall"), language="en")
    an_outreach(now, request)
    return request


def look(page: Page) -> None:
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
    assert page.evaluate(OVERHANG) <= 0


def next_mail(request_id: UUID, language: str, mail: FakeChannel, now: datetime) -> Delivery:
    """The news as the program writes it, and what the mail server gets."""
    db.session.rollback()
    request = db.session.get_one(DiscountRequest, request_id)
    count = db.session.query(Delivery).count()
    said = AskedShops(**news_of(request), shops=("Drill Hall",), next_step_at=now + timedelta(days=2))
    queued = notify(said, to="anna@mail.example", language=language, purpose=f"test:{count}", now=now)
    assert queued is not None
    db.session.commit()
    deliver(queued.id, {ChannelKind.EMAIL: mail}, now)
    db.session.rollback()
    return db.session.get_one(Delivery, queued.id)


@pytest.mark.parametrize(("scheme", "width", "language"), LOOKS)
def test_a_lead_edits_a_mail_tries_it_saves_it_and_goes_back(
    address: str,
    open_browser: Callable[..., Page],
    request_of_anna: DiscountRequest,
    mail: FakeChannel,
    now: datetime,
    scheme: str,
    width: int,
    language: str,
) -> None:
    request_id, number = request_of_anna.id, request_of_anna.number
    page = open_browser(scheme, width, language)
    page.goto(f"{address}/desk/messages")
    look(page)
    follow(page.locator(f"a[href='{PLACE}/{language}']"))
    look(page)

    page.fill("#case", number)
    body = page.input_value("#body")
    first, rest = body.split("\n", 1)
    assert OLD[language] in first
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.fill("#body", f"{NEW[language]} {{{{ number }}}}\n{rest}")
    preview = page.frame_locator("#preview iframe")
    expect(preview.locator("h1")).to_have_text(f"{NEW[language]} {number}")
    expect(preview.locator("li")).to_have_text(["Drill Hall"])
    look(page)
    follow(page.locator("button[value=save]"))
    page.locator(".notice-good, .flash, [role=status]").first.wait_for()
    assert page.locator("#versions ~ details").first.locator("ins").count() > 0
    look(page)

    sent = next_mail(request_id, language, mail, now)
    assert sent.text_version == 1
    assert NEW[language] in mail.sent[-1].text
    assert OLD[language] not in mail.sent[-1].text

    follow(page.locator("details", has=page.locator("form[action$='/restore/0']")).locator("button"))
    look(page)
    assert next_mail(request_id, language, mail, now).text_version == 0
    assert OLD[language] in mail.sent[-1].text


def test_without_scripts_a_press_shows_how_it_reads_and_what_is_wrong(
    address: str, open_browser: Callable[..., Page], request_of_anna: DiscountRequest
) -> None:
    page = open_browser("light", 360, "en", scripts=False)
    page.goto(f"{address}{PLACE}/en")
    page.fill("#case", request_of_anna.number)
    page.fill("#body", "Hello from {{ shops_count }} shop\n\nSee:\n{{ follow_url }}\n")
    page.locator("button[value=preview]").click()
    expect(page.frame_locator("#preview iframe").locator("h1")).to_have_text("Hello from 1 shop")
    page.fill("#body", "Hello {{ shp }}")
    page.locator("button[value=save]").click()
    expect(page.locator("#flaws")).to_contain_text("Line 1: there is no “shp”.")
    assert page.input_value("#body").strip() == "Hello {{ shp }}", "nothing typed is lost"
