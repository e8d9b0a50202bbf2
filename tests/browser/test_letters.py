"""Letters in a browser: usable by everybody, without scripts, and safe from the page that renews itself."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import DeliveryReceipt
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.status import DeliveryStatus, ReceiptKind
from discount_broker.outreach.models import Letter, Outreach
from discount_broker.outreach.status import LetterAuthor, OutreachStatus
from discount_broker.shops.status import ContactKind
from tests.browser.conftest import follow
from tests.builders import a_request, a_shop, an_outreach, saved
from tests.web.test_conversation import a_shop_letter
from tests.web.test_desk_page import a_case, a_step

pytestmark = pytest.mark.browser
OPERATOR, PASSWORD = "olga@desk.example", "a long password"


@pytest.fixture
def now() -> datetime:
    return utcnow()


def a_long_conversation(now: datetime) -> Outreach:
    """A shop that was written to through two doors, wrote back, and was asked."""
    shop = a_shop(
        now, "instrumenty.example", name="Instrumenty", language="en",
        emails=("a-very-long-local-part-of-an-address.of-the-department-of-sales@instrumenty.example",),
        forms=("https://instrumenty.example/contacts/feedback?form=7",),
    )  # fmt: skip
    request = a_request(now, RequestStatus.ASKED, shop=shop)
    outreach = an_outreach(now, request, status=OutreachStatus.ASKED, next_step_at=now + timedelta(days=1))
    mailed = a_step(now - timedelta(days=2), outreach, ContactKind.EMAIL).delivery
    mailed.evidence = {"server answer": "250 2.0.0 Ok: queued as 4XkT9r2BzLqPw8dZ1m0n5v7c3x6y"}
    mailed.status, mailed.failure = DeliveryStatus.BOUNCED, FailureReason.ADDRESS_DEAD
    detail = "550 5.1.1 <a-very-long-local-part-of-an-address@instrumenty.example>: no such user"
    mailed.receipts.append(
        DeliveryReceipt(
            kind=ReceiptKind.HARD_BOUNCE, reference="1", detail=detail, at=now - timedelta(days=1)
        )
    )
    form = a_step(now - timedelta(days=1), outreach, ContactKind.FORM).delivery
    form.evidence = {"decided by": "Thank you! Your message has been sent."}
    db.session.commit()
    a_shop_letter(
        now - timedelta(hours=3), outreach, "Good day,\n\n5 % is possible.\nhttps://x.example/" + "y" * 90
    )
    asked = Letter(outreach=outreach, author=LetterAuthor.BUYER, text="Is it blue?", created_at=now)
    saved(asked)
    return outreach


def paths(outreach: Outreach, now: datetime) -> dict[str, str]:
    request = f"/requests/{issue_token(Purpose.FOLLOW, outreach.discount_request_id, now)}"
    return {"follow": request, "letters": f"{request}/shops/{outreach.id}", "proof": f"{request}/proof"}


def wrong_with(page: Page) -> list[object]:
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    violations = Axe().run(page).response["violations"]
    found: list[object] = [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    return found


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts = []

    def opened(width: int = 360, scheme: str = "light", *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            bypass_csp=True,
            locale="en",
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 360), ("dark", 360), ("light", 1280), ("dark", 1280)]
)
def test_the_pages_of_letters_are_usable_by_everybody(
    address: str, open_page: Callable[..., Page], now: datetime, scheme: str, width: int
) -> None:
    outreach = a_long_conversation(now)
    page, found = open_page(width, scheme), {}
    for name, path in paths(outreach, now).items():
        page.goto(address + path)
        found[name] = wrong_with(page)
    page.goto(address + paths(outreach, now)["letters"])
    page.fill("textarea", "Call me: +7 916 123-45-67")
    page.press("form[action$='/letters'] button", "Enter")
    page.wait_for_selector("text=not sent yet")
    found["asked again"] = wrong_with(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_question_is_asked_without_scripts(
    address: str, open_page: Callable[..., Page], now: datetime
) -> None:
    outreach = a_long_conversation(now)
    page = open_page(scripts=False)
    page.goto(address + paths(outreach, now)["follow"])
    page.fill("textarea", "Is there a red one? anna@mail.example")
    follow(page.locator("form[action$='/letters'] button").first)
    assert page.locator("text=anna@mail.example").count() > 0
    follow(page.locator("button[name=without_contacts]"))
    assert page.locator(".words", has_text="Is there a red one? […]").count() == 1


def test_news_do_not_touch_what_is_being_typed(
    address: str, open_page: Callable[..., Page], now: datetime
) -> None:
    outreach = a_long_conversation(now)
    page = open_page()
    page.goto(address + paths(outreach, now)["follow"])
    page.fill("textarea", "I am still wri")
    a_shop_letter(now, outreach, "One more thing: Saturday is fine.")
    page.wait_for_selector("text=Saturday is fine", timeout=15_000)
    assert page.input_value("textarea") == "I am still wri"
    assert page.locator(".thread").count() == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_an_operator_writes_and_takes_it_back(
    address: str, open_page: Callable[..., Page], now: datetime, width: int
) -> None:
    create_operator(OPERATOR, "Olga", PASSWORD, Role.OPERATOR, utcnow())
    outreach = a_long_conversation(now)
    outreach.next_step_at = None
    case = a_case(now, outreach)
    page = open_page(width)
    page.goto(f"{address}/staff/login")
    page.fill("#email", OPERATOR)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/desk/")
    page.goto(f"{address}/desk/cases/{case.id}")
    page.click("#write summary")
    page.check("#reader-shop")
    page.fill("#letter-text", "Who decides on prices?")
    page.click("#write form button.button:not(.button-quiet)")
    page.wait_for_selector("text=leaves in 30 seconds")
    assert wrong_with(page) == []
    page.goto(f"{address}/desk/outreach/{outreach.id}")
    assert wrong_with(page) == []
    page.click("text=Undo")
    page.wait_for_selector("text=Taken back")
    assert page.input_value("#letter-text") == "Who decides on prices?"
