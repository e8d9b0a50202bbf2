"""A silent shop, worked in a browser: called, held to its promise, and kept after all."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.discount_requests.rules import Ask, WishKind
from discount_broker.discount_requests.use_cases import confirm_request, start_draft, submit_request
from discount_broker.escalation.models import Promise
from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.status import PromiseStatus
from discount_broker.escalation.use_cases import open_due_cases, wake_promises
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.use_cases import take_due_steps
from tests.browser.conftest import follow
from tests.clockwork import work_until_quiet
from tests.fakes import FakeChannel, FakeFetcher, RecordingQueue, site_of

pytestmark = pytest.mark.browser
PRODUCT = """<!doctype html><html lang="ru"><head><script type="application/ld+json">{"@type": "Product",
"@context": "https://schema.org", "name": "Дрель Bosch GSR 12V-15", "offers": {"@type": "Offer",
"price": "12990", "priceCurrency": "RUB"}}</script></head><body><h1>Дрель Bosch GSR 12V-15</h1>
<button>В корзину</button><a href="/contacts">Контакты</a></body></html>"""
CONTACTS = """<html lang="ru"><body><h1>Контакты</h1><a href="mailto:sales@silent.ru">sales@silent.ru</a>
<p>Телефон: <a href="tel:+74951234567">+7 495 123-45-67</a></p></body></html>"""
OLGA, PASSWORD = "olga@desk.example", "a long enough password"
Work = Callable[[datetime], None]


@pytest.fixture
def work(app: Flask, queue: RecordingQueue, fetcher: FakeFetcher) -> Work:
    fetcher.sites["silent.ru"] = site_of({"/p/1": PRODUCT, "/contacts": CONTACTS})

    def until_quiet(now: datetime) -> None:
        work_until_quiet(app, queue, fetcher, now)
        db.session.expire_all()

    return until_quiet


@pytest.fixture
def pages(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Opens windows, each of somebody of their own."""
    contexts = []

    def open_page() -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def a_silent_shop(work: Work) -> Outreach:
    """Asked ten days ago, by every door, reminded, and silent ever since."""
    now = utcnow() - timedelta(days=10)
    ask = Ask(wish_kind=WishKind.PERCENT, wish_value=Decimal(10), email="anna@mail.example")
    request_id = start_draft("https://silent.ru/p/1", "en", now)
    work(now)
    submit_request(request_id, ask, now)
    confirm_request(request_id, now)
    work(now)
    (outreach,) = list_outreaches(request_id)
    while outreach.next_step_at is not None:
        now = outreach.next_step_at
        take_due_steps(now)
        work(now)
    open_due_cases(now)
    return outreach


def sign_in(page: Page, address: str) -> UUID:
    operator_id = create_operator(OLGA, "Olga", PASSWORD, Role.OPERATOR, utcnow())
    page.goto(f"{address}/staff/login")
    page.fill("#email", OLGA)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/desk/")
    return operator_id


def call_and_note_a_promise(desk: Page) -> None:
    desk.keyboard.press("c")
    expect(desk.locator("#log-call")).to_have_text("The call under way")
    form = desk.locator("form[action*='/calls']:has(#result)")
    form.locator("input[name=result][value=promised]").check()
    form.locator("input[name=person]").fill("Irina")
    form.locator("select[name=promise_kind]").select_option("send_offer")
    form.locator("select[name=promise_when]").select_option(index=1)
    follow(form.locator("button[type=submit]").last)
    # At night and at weekends the page asks whether the time is meant: it is.
    if desk.locator("#doubts").count():
        follow(desk.locator("#doubts button"))
    expect(desk.locator("main")).to_contain_text("Irina")


def first_row(desk: Page, address: str) -> str:
    desk.goto(f"{address}/desk/")
    return desk.locator("li.row").first.inner_text()


def test_from_silence_to_a_promise_that_wakes_and_is_kept(
    address: str, pages: Callable[[], Page], work: Work, mail: FakeChannel
) -> None:
    outreach = a_silent_shop(work)
    desk, number = pages(), outreach.discount_request.number
    sign_in(desk, address)
    assert number in first_row(desk, address)
    desk.keyboard.press("n")
    desk.wait_for_url("**/desk/cases/**")
    assert "Silent to all our letters" in desk.inner_text("main")
    call_and_note_a_promise(desk)
    assert desk.locator(".row-link").count() == 0
    desk.goto(f"{address}/desk/")
    assert number not in desk.inner_text("main"), "it waits for the promise"

    promise = db.session.query(Promise).one()
    wake_promises(promise.due_at)
    assert "Check the promise" in first_row(desk, address)

    shop = pages()
    asked = next(letter.text for letter in mail.sent if letter.to == "sales@silent.ru")
    found = re.search(r"/o/\w+\?answer=percent-10", asked)
    assert found is not None
    shop.goto(address + found.group())
    follow(shop.locator("main form:not([action$='/address']) button").last)
    work(utcnow())
    assert db.session.get_one(Promise, promise.id).status is PromiseStatus.KEPT
    desk.goto(f"{address}/desk/cases/{desk_case(outreach)}")
    said = desk.inner_text("main")
    assert "The shop made an offer" in said
    assert "kept" in said
    told = [letter.text for letter in mail.sent if letter.to == "anna@mail.example"][-1]
    buyer = pages()
    buyer.goto(address + re.findall(r"http://broker\.test(/requests/\w+)", told)[0])
    assert "10% off" in buyer.inner_text("main")


def desk_case(outreach: Outreach) -> UUID:
    case = find_case_of(outreach.id)
    assert case is not None
    return case.id
