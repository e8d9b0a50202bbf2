"""Two operators at one queue: one wins, the other is told who has it, and both see each other."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.kernel.clock import utcnow
from tests.builders import a_case, a_shop, an_outreach

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def come_in(browser: Browser, address: str, now: datetime) -> Iterator[Callable[[str], Page]]:
    """Opens a window of an operator's own, at the queue."""
    contexts = []

    def enter(name: str) -> Page:
        email = f"{name.lower()}@desk.example"
        create_operator(email, name, PASSWORD, Role.OPERATOR, now)
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en")
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address}/staff/login")
        page.fill("#email", email)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("**/desk/")
        return page

    yield enter
    for context in contexts:
        context.close()


def test_of_two_operators_one_has_the_case_and_the_other_reads_who(
    come_in: Callable[[str], Page], address: str, now: datetime
) -> None:
    shop = a_shop(now, name="Teapots")
    case = a_case(now, an_outreach(now, shop=shop, status="exhausted", exhausted_why="silence"))
    anna, vera = come_in("Anna"), come_in("Vera")
    for page in (anna, vera):
        page.goto(f"{address}/desk/cases/{case.id}")
    # Both pages are open and offer the case: who presses second is told.
    take = "form[action$='/claim'] button"
    expect(anna.locator(take)).to_be_visible()
    expect(vera.locator(take)).to_be_visible()
    anna.locator(take).press("Enter")
    expect(anna.locator(".case-state")).to_contain_text("you")
    vera.locator(take).press("Enter")
    expect(vera.locator("main [role=status]").first).to_contain_text("Anna has this case, until")
    expect(vera.locator(take)).to_have_count(0)
    # Each sees that the other is looking, on the page and in the queue.
    expect(vera.locator(".case-bar .present")).to_contain_text("Anna is looking at this")
    anna.reload()
    expect(anna.locator(".case-bar .present")).to_contain_text("Vera is looking at this")
    anna.goto(f"{address}/desk/")
    expect(anna.locator("li.row")).to_contain_text("Vera is looking")
    expect(anna.locator("li.row")).to_contain_text("yours")
    # Nothing is left for the other, and the next case says so.
    vera.keyboard.press("n")
    expect(vera.locator("main [role=status]").first).to_contain_text("No free case is due")
