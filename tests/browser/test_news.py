"""How a buyer chooses their news, leaves and comes back: for everybody's eyes and keyboards."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from discount_broker.accounts.models import Buyer, Consent
from discount_broker.accounts.status import ConsentKind
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import news_of
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.notifications.catalogue import AskOutcome
from discount_broker.notifications.operations import notify
from discount_broker.notifications.queries import chosen_way
from discount_broker.notifications.status import NewsKind, NewsWay
from tests.browser.conftest import OVERHANG, follow
from tests.builders import a_buyer, a_request, saved

pytestmark = pytest.mark.browser
SIZES = {"phone": (360, 740), "desktop": (1280, 900)}
Look = Callable[[str], None]


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def site(app: Flask, address: str) -> Iterator[str]:
    """The pages of an installation with a gateway, whose mails lead to themselves."""
    kept = app.extensions["site"]
    app.extensions["site"] = replace(kept, base_url=address, sends_texts=True)
    yield address
    app.extensions["site"] = kept


@pytest.fixture
def buyer(now: datetime) -> Buyer:
    """Somebody who asks for something, and agreed to it."""
    known = a_buyer(now, email="vera@mail.example", phone="+79161234567", email_confirmed_at=now)
    a_request(now, RequestStatus.ASKED, buyer=known, note="Blue, please.")
    words = {"language": "en", "text": "I agree that my details are used.", "subject": "R-77777"}
    for kind in (ConsentKind.PROCESSING, ConsentKind.DIRECT_CONTACT):
        saved(Consent(buyer_id=known.id, kind=kind, is_given=True, at=now, version=f"{kind}:1", **words))
    return known


def a_page(browser: Browser, size: str, language: str, scheme: str, *, scripts: bool = True) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def looking(page: Page, folder: Path, name: str) -> Look:
    def look(what: str) -> None:
        page.screenshot(path=folder / f"{what}-{name}.png", full_page=True)
        assert page.evaluate(OVERHANG) <= 0, f"{what} is wider than the window"
        violations: list[Any] = Axe().run(page).response["violations"]
        assert violations == [], what

    return look


def come_in(page: Page, site: str, buyer: Buyer, now: datetime) -> None:
    page.goto(f"{site}/login/{issue_token(Purpose.LOGIN, buyer.id, now)}")
    follow(page.locator("main form button"))


def last_mail(template: str) -> Delivery:
    db.session.rollback()
    query = select(Delivery).where(Delivery.template == template).order_by(Delivery.created_at.desc())
    found = db.session.scalars(query).first()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [
        ("phone", "en", "light"),
        ("phone", "ru", "dark"),
        ("desktop", "ru", "light"),
        ("desktop", "en", "dark"),
    ],
)
def test_a_buyer_chooses_leaves_and_stays_after_all(
    site: str,
    browser: Browser,
    buyer: Buyer,
    now: datetime,
    tmp_path: Path,
    size: str,
    language: str,
    scheme: str,
) -> None:
    buyer.language = language
    db.session.commit()
    page = a_page(browser, size, language, scheme)
    look = looking(page, tmp_path, f"{size}-{language}-{scheme}")
    come_in(page, site, buyer, now)
    page.goto(f"{site}/my/preferences")
    look("preferences")
    page.select_option("[name=way_declined]", "none")
    page.fill("[name=begins]", "22:00")
    page.check("[name=wants_greeting]")
    follow(page.locator("main form button[type=submit]").first)
    assert page.input_value("[name=begins]") == "22:00", "nothing typed is lost"
    assert page.input_value("[name=way_declined]") == "none"
    look("preferences-refused")
    page.fill("[name=ends]", "08:00")
    page.fill("[name=birthday]", "1980-02-29")
    page.check("[name=wants_more]")
    follow(page.locator("main form button[type=submit]").first)
    assert page.locator(".notice-good").count() == 1
    db.session.rollback()
    assert chosen_way(buyer.id, NewsKind.DECLINED) is NewsWay.NONE

    page.goto(f"{site}/my/data")
    look("data")
    with page.expect_download() as taken:
        page.locator("a[download]").first.click()
    assert "Blue, please." in Path(taken.value.path()).read_text("utf-8")
    follow(page.locator("a.button-bad"))
    look("delete")
    follow(page.locator("main form .button-bad"))
    look("leaving")
    letter = last_mail("deletion_asked")
    page.context.clear_cookies()
    found = re.search(r"http\S+/my/keep/\w+", letter.text)
    assert found is not None
    page.goto(found.group())
    look("keep")
    follow(page.locator("main form button"))
    look("kept")
    db.session.rollback()
    kept = db.session.get(Buyer, buyer.id)
    assert kept is not None
    assert kept.deletion_due_at is None
    page.context.close()


def mailed(buyer: Buyer, now: datetime) -> Delivery:
    """The mail that asks what came of an offer."""
    request = db.session.scalars(select(DiscountRequest)).one()
    with transaction():
        message = AskOutcome(**news_of(request), shop="Tools and More")
        notify(message, to=buyer.email, language="en", purpose="test:outcome", now=now)
    return last_mail("ask_outcome")


def test_the_mail_programs_own_button_switches_a_kind_off(
    site: str, browser: Browser, buyer: Buyer, now: datetime, tmp_path: Path
) -> None:
    delivery = mailed(buyer, now)
    assert delivery.stop_url.startswith(f"{site}/n/")
    body = urlencode({"List-Unsubscribe": "One-Click"}).encode()
    with urlopen(Request(delivery.stop_url, body)) as answer:
        assert answer.status == 200
    db.session.rollback()
    assert chosen_way(buyer.id, NewsKind.OUTCOME) is NewsWay.NONE

    page = a_page(browser, "phone", "en", "dark")
    look = looking(page, tmp_path, "phone-en-dark")
    page.goto(delivery.stop_url)
    assert page.locator("text=does not come any more").count() == 1
    look("news-off")
    page.context.close()


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desktop", "dark")])
def test_a_person_chooses_from_the_mail_with_the_keyboard(
    site: str, browser: Browser, buyer: Buyer, now: datetime, tmp_path: Path, size: str, scheme: str
) -> None:
    delivery = mailed(buyer, now)
    page = a_page(browser, size, "en", scheme)
    look = looking(page, tmp_path, f"{size}-en-{scheme}")
    page.goto(delivery.stop_url)
    look("news")
    page.get_by_role("button", name="No more news of this kind").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice-good")
    look("news-stopped")
    page.get_by_label("What came of an offer you took").select_option("digest")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Your preferences are saved.")
    db.session.rollback()
    assert chosen_way(buyer.id, NewsKind.OUTCOME) is NewsWay.DIGEST
    page.get_by_role("button", name="Stop everything else").click()
    page.wait_for_selector("text=Only what must come still comes")
    look("news-all-off")
    page.context.close()


def test_everything_works_without_scripts(site: str, browser: Browser, buyer: Buyer, now: datetime) -> None:
    page = a_page(browser, "phone", "en", "light", scripts=False)
    come_in(page, site, buyer, now)
    page.goto(f"{site}/my/preferences")
    page.select_option("[name=way_asked]", "digest")
    follow(page.locator("main form button[type=submit]").first)
    assert page.locator(".notice-good").count() == 1
    page.goto(f"{site}/my/data/delete")
    follow(page.locator("main form .button-bad"))
    assert page.locator(".notice-warn").count() == 1
    follow(page.locator(".notice-warn button"))
    assert page.locator(".notice-warn").count() == 0
    db.session.rollback()
    kept = db.session.get(Buyer, buyer.id)
    assert kept is not None
    assert kept.deletion_due_at is None
    page.context.close()


def test_a_greeting_that_was_asked_for_shows_on_the_page(
    site: str, browser: Browser, buyer: Buyer, now: datetime
) -> None:
    page = a_page(browser, "phone", "en", "light")
    come_in(page, site, buyer, now)
    page.goto(f"{site}/my/preferences")
    page.fill("[name=birthday]", f"{now - timedelta(days=9000):%Y-%m-%d}")
    page.get_by_label("Write me a word on my birthday").check()
    follow(page.get_by_role("button", name="Save"))
    assert page.get_by_label("Write me a word on my birthday").is_checked()
    page.context.close()
