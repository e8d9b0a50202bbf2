"""The buyer's card in a browser: a wish moves a planned call; usable by everybody, at any width."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.escalation.models import Promise
from discount_broker.escalation.operations import make_promise
from discount_broker.escalation.status import PromiseKind
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.transaction import transaction
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases.writing_to_buyers import write_to_buyer
from tests.browser.conftest import follow
from tests.browser.test_sending import faults_of
from tests.builders import a_buyer, a_case, a_product, a_request, a_shop, an_operator, an_outreach

pytestmark = pytest.mark.browser
LEAD, PASSWORD = "lead@desk.example", "a long enough password"
Desk = Callable[[int, str], Page]


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def desk(address: str, browser: Browser) -> Iterator[Desk]:
    """Opens a browser in which a lead has signed in, whose clock is that of Moscow."""
    create_operator(LEAD, "Lena", PASSWORD, Role.LEAD, utcnow())
    contexts = []

    def open_desk(width: int, scheme: str) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            bypass_csp=True,
            locale="en",
            timezone_id="Europe/Moscow",
        )
        contexts.append(context)
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{address}/staff/login")
        page.fill("#email", LEAD)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("**/desk/")
        return page

    yield open_desk
    for context in contexts:
        context.close()


def promised_a_call(now: datetime, due_at: datetime) -> Outreach:
    """The shop will call this buyer, who has written a word of when not to."""
    buyer = a_buyer(now, email="vera.kuznetsova@mail.example", phone="+7 916 123-45-67")
    product = a_product(
        now, a_shop(now, name="Хорошие инструменты", emails=("sale@tools.example",)), category=["Tools"]
    )
    request = a_request(
        now,
        RequestStatus.ASKED,
        buyer=buyer,
        product=product,
        phone=buyer.phone,
        wants_texts=True,
        best_time="сплю с 13 до 15",
        note="Blue, please. " * 12,
        origin={"via": "form", "referrer": "forum.example", "campaign": "spring"},
    )
    outreach = an_outreach(now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
    a_case(now, outreach)
    with transaction():
        make_promise(outreach, PromiseKind.CALL_BUYER, due_at, now, "Anna")
    return outreach


def in_moscow(now: datetime, hour: int) -> datetime:
    """That hour of the day after tomorrow, by the clock of Moscow."""
    return (now + timedelta(days=2)).replace(hour=hour - 3, minute=30, second=0, microsecond=0)


def test_a_wish_moves_a_planned_call(address: str, desk: Desk, now: datetime) -> None:
    outreach = promised_a_call(now, in_moscow(now, 13))
    page = desk(1440, "light")
    follow(page.get_by_role("link", name="Buyers"))
    page.fill("#q", "vera")
    page.press("#q", "Enter")
    page.wait_for_url(f"**/desk/buyers/{outreach.discount_request.buyer_id}")
    assert "at 13:30" in page.locator("#main").inner_text()
    follow(page.get_by_role("button", name="Read it: сплю с 13 до 15"))
    follow(page.get_by_role("button", name="No calls and no SMS from 13:00 to 15:00"))
    said = page.get_by_role("status").first.inner_text()
    assert "One planned call was put off." in said
    card = page.locator("#main").inner_text()
    assert "at 15:00" in card
    assert "They do not want to be called then." not in card
    db.session.expire_all()
    assert db.session.query(Promise).one().due_at == in_moscow(now, 15).replace(minute=0)


def everything(now: datetime) -> UUID:
    """A card on which every part has something to show."""
    outreach = promised_a_call(now, in_moscow(now, 13))
    buyer = outreach.discount_request.buyer
    assert buyer is not None
    a_request(now, RequestStatus.CLOSED, buyer=buyer, outcome=Outcome.NO_OFFER)
    write_to_buyer(
        buyer.id, outreach.id, "Are you still waiting? " * 20, an_operator(now, name="Olga").id, now
    )
    return buyer.id


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 360), ("dark", 360), ("light", 1440), ("dark", 1440)]
)
def test_the_card_and_its_pages_are_usable_by_everybody(
    address: str, desk: Desk, now: datetime, scheme: str, width: int
) -> None:
    buyer_id, page, found = everything(now), desk(width, scheme), {}
    other = a_buyer(now, email="another-very-long-address-of-the-same-person@a-long-domain.example")
    card = f"/desk/buyers/{buyer_id}"
    for path in (
        "/desk/buyers",
        "/desk/buyers?q=nobody",
        card,
        f"{card}/merge",
        f"{card}/merge?other={other.email}",
        f"{card}/export",
        f"{card}/erase",
        "/desk/lead-rules",
    ):
        page.goto(address + path)
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        found[path] = faults_of(page)
    page.goto(address + card)
    page.fill("#words", "asleep 13:00 to 15:00, not on Friday")
    follow(page.get_by_role("button", name="Read these words"))
    found["words that were read"] = faults_of(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_wish_is_put_down_by_keyboard_alone(address: str, desk: Desk, now: datetime) -> None:
    buyer = a_buyer(now, email="anna@mail.example")
    page = desk(1440, "light")
    page.goto(f"{address}/desk/buyers/{buyer.id}")
    page.focus("#words")
    page.keyboard.type("write, do not call")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Write, do not call").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Kept: Write, do not call.").wait_for()
