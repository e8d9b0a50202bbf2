"""Cards and checks in a browser: everybody reads, the shop says its side, our team publishes and checks."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.checks.models import ResponseCheck
from discount_broker.checks.status import CheckReason, CheckStatus
from discount_broker.checks.use_cases import draw_round, take_answer
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import read_mail, receive_mail
from discount_broker.scorecards.rules import LEFT_OUT
from discount_broker.scorecards.use_cases import compute_scorecards, say_to_card
from discount_broker.shops.models import Shop, ShopMember
from tests.browser.conftest import follow
from tests.builders import a_request, a_shop, an_outreach, saved

pytestmark = pytest.mark.browser
LEAD, PASSWORD = "lead@desk.example", "a long enough password"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SIZES = {"phone": (360, 740), "desktop": (1280, 900)}
AUDIENCES = [("phone", "ru", "light"), ("phone", "en", "dark"), ("desktop", "en", "light")]
PICTURES = os.environ.get("CARD_PICTURES", "")
Visit = Callable[..., Page]


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def visit(address: str, browser: Browser) -> Iterator[Visit]:
    contexts: list[BrowserContext] = []

    def make(size: str, language: str, scheme: str = "light") -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            color_scheme="dark" if scheme == "dark" else "light",
            base_url=address,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def shop(app: Flask, now: datetime) -> Shop:
    """Answers well, now and then with a discount; wants to be checked, and has been."""
    shop = a_shop(
        now,
        "tools.com",
        name="Tools and More",
        emails=("info@tools.com",),
        language="en",
        wants_checks_since=now,
    )
    for n in range(30):
        at = now - LEFT_OUT - n * 5 * DAY
        facts: dict[str, Any] = {"status": OutreachStatus.DECLINED, "answered_at": at + (n + 1) * HOUR}
        if n % 5 == 0 or n % 3 == 0:
            facts = {"status": OutreachStatus.EXHAUSTED, "exhausted_why": "silence"}
        outreach = an_outreach(at, a_request(at, RequestStatus.ASKED, shop=shop), asked_at=at, **facts)
        if n % 3 == 0:
            submit_answer(
                outreach.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(3 + n % 9)), at + n * HOUR
            )
    compute_scorecards(now)
    for n in range(5):
        _done(now, shop if n == 0 else a_shop(now), 3 + 7 * n)
    return shop


def _done(now: datetime, shop: Shop, hours: int) -> ResponseCheck:
    asked_at = now - 9 * DAY
    return saved(
        ResponseCheck(
            shop_id=shop.id, round="2001-01-a", reason=CheckReason.ASKED_FOR, status=CheckStatus.DONE,
            question="delivery", drawn_at=asked_at, asked_at=asked_at, done_at=now,
            acknowledged_at=asked_at + timedelta(minutes=1), answered_at=asked_at + hours * HOUR,
            findings={"alive": True, "complete": hours < 10},
        )
    )  # fmt: skip


def look(page: Page, name: str) -> None:
    """Nothing sticks out sideways, and axe finds no violation."""
    page.wait_for_load_state("networkidle")
    overhang = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overhang <= 0, f"{name} is {overhang}px wider than the window"
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def enter(app: Flask, page: Page, address: str, member: ShopMember) -> None:
    """With the cookie that the link in a mail leaves behind."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"shop:{member.id}", True
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])


def log_in(page: Page) -> None:
    page.goto("/staff/login")
    page.fill("#email", LEAD)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/desk/")


@pytest.mark.parametrize(("size", "language", "scheme"), AUDIENCES)
def test_everybody_reads_who_answers_well(
    visit: Visit, shop: Shop, now: datetime, size: str, language: str, scheme: str
) -> None:
    page, name = visit(size, language, scheme), f"{size}-{language}-{scheme}"
    page.goto("/shops")
    look(page, f"shops-{name}")
    follow(page.locator("text=Tools and More").first)
    for picture in page.locator(".plot img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", value=True)
    page.locator(".plot summary").first.click()
    look(page, f"shop-{name}")
    check = db.session.query(ResponseCheck).filter_by(shop_id=shop.id).one()
    page.goto(f"/check/{issue_token(Purpose.CHECK_REPORT, check.id, now)}")
    look(page, f"report-{name}")


@pytest.mark.parametrize(("size", "language", "scheme"), AUDIENCES)
def test_a_shop_reads_its_own_card_and_says_its_side(
    app: Flask, address: str, visit: Visit, shop: Shop, now: datetime, size: str, language: str, scheme: str
) -> None:
    member = saved(ShopMember(shop_id=shop.id, email="boss@tools.com", language=language, proved_at=now))
    page = visit(size, language, scheme)
    enter(app, page, address, member)
    page.goto("/shop/card")
    look(page, f"own-{size}-{language}-{scheme}")
    page.fill("#words", "In May we were moving.")
    page.click("form[action*='/shop/card'] button")
    expect(page.locator("article")).to_contain_text("In May we were moving.")
    look(page, f"own-said-{size}-{language}-{scheme}")


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desktop", "dark")])
def test_a_lead_publishes_what_a_shop_says_and_an_operator_runs_a_check(
    app: Flask, visit: Visit, shop: Shop, now: datetime, size: str, scheme: str
) -> None:
    create_operator(LEAD, "Lea", PASSWORD, Role.LEAD, now)
    member = saved(ShopMember(shop_id=shop.id, email="boss@tools.com", language="en", proved_at=now))
    say_to_card(member.id, "In May we were moving.\nSince then somebody reads the mail every day.", now)
    draw_round(now)
    page = visit(size, "en", scheme)
    log_in(page)
    page.goto("/desk/cards")
    look(page, f"replies-{size}-{scheme}")
    follow(page.locator("text=Publish or answer it").first)
    page.check("#is_public")
    page.fill("#answer", "Thank you: the last weeks show it.")
    look(page, f"reply-{size}-{scheme}")
    follow(page.locator("main form button").first)
    page.goto(f"/desk/cards/{shop.id}")
    look(page, f"cases-{size}-{scheme}")
    page.goto("/shops/tools.com")
    expect(page.locator("blockquote")).to_contain_text("In May we were moving.")

    page.goto("/desk/checks")
    look(page, f"checks-{size}-{scheme}")
    follow(page.locator("main li >> text=Tools and More").first)
    look(page, f"check-drawn-{size}-{scheme}")
    page.click("text=Send the question")
    expect(page.locator("main")).to_contain_text("The question leaves in the shop's hours.")
    answer_it(now)
    page.reload()
    page.check("#complete-0")
    look(page, f"check-answered-{size}-{scheme}")
    page.click("text=Finish: make the report")
    expect(page.locator("main")).to_contain_text("The report is made.")


def answer_it(now: datetime) -> None:
    """What the shop's mail server and ours do meanwhile."""
    db.session.expire_all()
    delivery = db.session.query(Delivery).filter_by(template="shop_check").one()
    delivery.status, delivery.sent_at, delivery.due_at = DeliveryStatus.SENT, now, None
    db.session.commit()
    letter = b"From: a@tools.com\r\n\r\nTwo days, and it is free from 3000 on.\r\n"
    mail_id = receive_mail(delivery.reply_to, letter, now + HOUR)
    read_mail(mail_id, now)
    take_answer(mail_id, now)
