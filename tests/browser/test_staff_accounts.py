"""Accounts of staff in a browser: the two steps of logging in, by keyboard, and every page in each scheme."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from discount_broker.accounts.models import Role
from discount_broker.accounts.queries.staff import pending_secret
from discount_broker.accounts.use_cases import confirm_second_factor, create_operator
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.notifications.use_cases import invite_operator

pytestmark = pytest.mark.browser
EMAIL, PASSWORD = "ada@desk.example", "a sentence of hers"
HOSTILE = "<script>alert(1)</script> " + "Wolfeschlegelsteinhausenbergerdorff" * 2


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def ada(app: object, now: datetime) -> UUID:
    return create_operator(EMAIL, "Ada", PASSWORD, Role.ADMIN, now)


@pytest.fixture
def open_browser(address: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def make(width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="en")
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        return page

    yield make
    for context in contexts:
        context.close()


def type_in(page: Page, address: str) -> None:
    """The first step, by keyboard alone."""
    page.goto(f"{address}/staff/login")
    page.focus("#email")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def mistakes_of(page: Page) -> list[object]:
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    found: list[object] = [
        (v["id"], [node["html"] for node in v["nodes"]]) for v in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    return found


def test_a_second_factor_is_set_up_and_asked_for_by_keyboard_alone(
    address: str, open_browser: Callable[..., Page], ada: UUID
) -> None:
    page, elsewhere = open_browser(), open_browser()
    for each in (page, elsewhere):
        type_in(each, address)
        each.wait_for_url("**/desk/")
    page.goto(f"{address}/desk/me")
    page.focus("text=Set it up")
    page.keyboard.press("Enter")
    page.wait_for_selector(".code-picture")
    assert page.evaluate("document.querySelector('.code-picture').naturalWidth > 0"), "the picture is shown"
    totp = pyotp.TOTP(page.inner_text(".secret").replace(" ", ""))
    page.focus("#code")
    page.keyboard.type(totp.now())
    page.keyboard.press("Enter")
    page.wait_for_selector(".codes")
    recovery = page.inner_text(".codes li:first-child")

    page.goto(f"{address}/desk/me")
    page.focus("text=Sign out everywhere else")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 other browser is signed out")
    elsewhere.goto(f"{address}/desk/me")
    elsewhere.wait_for_url("**/staff/login?**")

    type_in(elsewhere, address)
    elsewhere.wait_for_url("**/staff/login/code")
    elsewhere.keyboard.type("000000")
    elsewhere.keyboard.press("Enter")
    elsewhere.wait_for_selector(".wrong")
    elsewhere.fill("#code", recovery)
    elsewhere.keyboard.press("Enter")
    elsewhere.wait_for_url("**/desk/")


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 360), ("light", 800), ("dark", 1440)])
def test_the_pages_of_accounts_are_usable_by_everybody(
    address: str, open_browser: Callable[..., Page], ada: UUID, now: datetime, scheme: str, width: int
) -> None:
    invited = invite_operator(ada, "en", now, email="l@desk.example", name=HOSTILE, role="lead")
    db.session.rollback()
    page, found = open_browser(width, scheme), {}

    def look(name: str, path: str) -> None:
        page.goto(address + path)
        found[name] = mistakes_of(page)

    look("login", "/staff/login")
    look("forgotten", "/staff/password")
    type_in(page, address)
    page.wait_for_url("**/desk/")
    look("my account", "/desk/me")
    page.press("text=Set it up", "Enter")
    page.wait_for_selector(".code-picture")
    found["setting up"] = mistakes_of(page)
    confirm_second_factor(ada, pyotp.TOTP(pending_secret(ada) or "").at(utcnow()), utcnow())
    look("protected", "/desk/me")
    look("staff", "/desk/staff")
    look("an account", f"/desk/staff/{invited}")
    page.context.clear_cookies()
    type_in(page, address)
    page.wait_for_url("**/staff/login/code")
    found["second step"] = mistakes_of(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
