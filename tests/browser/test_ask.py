"""Asking on a phone and at a desk: several things at once, seen as the shop will see them."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from tests.browser.conftest import follow
from tests.builders import a_product, a_shop

pytestmark = pytest.mark.browser
SIZES = {"phone": (360, 740), "desktop": (1280, 900)}
AUDIENCES = [
    ("phone", "ru", "light"),
    ("phone", "en", "dark"),
    ("desktop", "en", "light"),
    ("desktop", "ru", "dark"),
]
BOTH = "https://tools.example/p/1 https://tools.example/p/2"
PICTURES = os.environ.get("ASK_PICTURES", "")


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def visit(address: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def make(size: str, language: str, scheme: str = "light", *, has_scripts: bool = True) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=has_scripts,
            base_url=address,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def look(page: Page, name: str) -> None:
    """Nothing sticks out sideways, and axe finds no violation."""
    overhang = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overhang <= 0, f"{name} is {overhang}px wider than the window"
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def read(now: datetime) -> list[DiscountRequest]:
    """What a worker would have read by now."""
    db.session.expire_all()
    drafts = db.session.query(DiscountRequest).order_by(DiscountRequest.created_at).all()
    shop = a_shop(now, "tools.example", name="Tools and More")
    for n, draft in enumerate(drafts):
        draft.product = a_product(now, shop, title=f"Drill {n + 1}", url=draft.product_url)
        draft.reading = ReadingStatus.READ
    db.session.commit()
    return drafts


def paste(page: Page, links: str) -> None:
    page.goto("/")
    page.fill("input[name=link]", links)
    follow(page.locator("main form button").first)
    page.locator("#ask").wait_for()


@pytest.mark.parametrize(("size", "language", "scheme"), AUDIENCES)
def test_two_things_are_asked_for_by_one_wish_and_seen_as_the_shop_will(
    visit: Callable[..., Page], now: datetime, size: str, language: str, scheme: str
) -> None:
    page, name = visit(size, language, scheme), f"{size}-{language}-{scheme}"
    paste(page, BOTH)
    look(page, f"ask-reading-{name}")
    drafts = read(now)
    expect(page.locator("#product .price")).to_have_count(2)  # the page looks for itself
    for n in (1, 2):  # and shows what was read where it says what shops will see
        expect(page.locator("#seen")).to_contain_text(f"Drill {n}")
    expect(page.locator("#one-price")).to_be_visible()
    page.check("#wish-percent")
    page.fill("input[name=own_percent]", "12")
    page.fill("input[name=city]", "Tver")
    expect(page.locator("#seen")).to_contain_text("Tver")
    expect(page.locator("#seen")).to_contain_text("12")
    page.locator("details.mend summary").first.click()
    page.locator("details.mend input").first.fill("The grey one")
    expect(page.locator("#seen")).to_contain_text("The grey one")
    expect(page.locator("#seen .badge")).to_have_count(1)
    look(page, f"ask-seen-{name}")
    page.fill("input[name=email]", "anna@mail.example")
    page.check("input[name=consent]")
    page.locator("#send button").click()
    page.wait_for_url("**/sent")
    look(page, f"sent-{name}")
    page.goto(f"/confirm/{issue_token(Purpose.CONFIRM, drafts[0].id, now)}")
    assert page.locator(".product").count() == 2
    look(page, f"confirm-{name}")
    page.locator("main form button").click()
    page.wait_for_url("**/requests/**")
    db.session.expire_all()
    assert {draft.status for draft in drafts} == {RequestStatus.CONFIRMED}


@pytest.mark.parametrize(("size", "language", "scheme"), AUDIENCES)
def test_the_ways_in_from_elsewhere_are_in_order(
    visit: Callable[..., Page], size: str, language: str, scheme: str
) -> None:
    page, name = visit(size, language, scheme), f"{size}-{language}-{scheme}"
    page.goto("/bookmarklet")
    page.locator("main details summary").click()
    look(page, f"bookmarklet-{name}")
    page.goto("/share?text=https%3A%2F%2Fshop.example%2Fp%2F1")
    assert page.input_value("input[name=link]") == "https://shop.example/p/1"
    look(page, f"shared-{name}")


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    visit: Callable[..., Page], now: datetime
) -> None:
    page = visit("phone", "en")
    paste(page, "https://tools.example/p/1")
    read(now)
    page.reload()
    page.fill("input[name=quantity]", "many")
    page.fill("input[name=city]", "Tver")
    page.fill("input[name=email]", "anna@mail.example")
    page.locator("#send button").click()
    expect(page.locator("#quantity-wrong")).to_be_visible()
    expect(page.locator("#consent-wrong")).to_be_visible()
    assert page.input_value("input[name=city]") == "Tver"
    look(page, "ask-mistakes")


def test_all_of_it_works_without_javascript(visit: Callable[..., Page], now: datetime) -> None:
    page = visit("phone", "en", has_scripts=False)
    paste(page, BOTH)
    drafts = read(now)
    follow(page.get_by_role("button", name="Show what was read").first)
    page.fill("input[name=city]", "Tver")
    follow(page.get_by_role("button", name=re.compile("what the shop will see", re.IGNORECASE)))
    assert "Tver" in page.locator("#seen").inner_text()
    assert page.input_value("input[name=city]") == "Tver"
    follow(page.get_by_role("button", name=re.compile("Leave this one out")).last)
    assert page.locator("#product .product").count() == 1
    assert page.input_value("input[name=city]") == "Tver"
    page.fill("input[name=email]", "vera@mail.example")
    page.check("input[name=consent]")
    follow(page.locator("#send button"))
    assert page.url.endswith("/sent")
    db.session.expire_all()
    assert [draft.status for draft in drafts] == [RequestStatus.UNCONFIRMED, RequestStatus.DRAFT]
