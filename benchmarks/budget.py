"""What each page costs its reader: requests, bytes over the wire, and how far it jumps while it loads.

A Chromium with an empty cache and the width of a phone opens every page once, as somebody does who comes
for the first time; the server is the gunicorn of an installation.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, ViewportSize, sync_playwright
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from benchmarks.desk_visits import Desk
from benchmarks.installation import WEB, back_office, free_port, make_environment, run_flask, serve
from discount_broker.accounts.models import Role
from discount_broker.accounts.use_cases import create_operator
from discount_broker.app import create_app
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.escalation.models import EscalationCase
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.offers.models import Offer
from discount_broker.outreach.models import Outreach
from discount_broker.settings import Settings
from tests.browser.conftest import FLAGS, find_chromium

SEEDED = 80
PHONE: ViewportSize = {"width": 360, "height": 740}
EMAIL, PASSWORD = "budget@bench.example", "a password for benchmarks, long enough"
JUMPS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})"""
PAINTED = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { last = entry.startTime; }))
    .observe({type: "largest-contentful-paint", buffered: true});
  setTimeout(() => done(last), 100);
})"""


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    most: int
    """Kilobytes that it may take."""
    is_desk: bool = False


@dataclass(frozen=True)
class Cost:
    page: Page
    requests: int
    kilobytes: float
    jumped: float
    """Cumulative layout shift (web.dev/articles/cls): below 0.1 is good."""
    painted: float
    """Milliseconds until the largest piece of it stood."""


def run() -> None:
    program = find_chromium()
    if program is None:
        print("  Chromium is not installed here: nothing to measure")
        return
    with _installation() as (app, home, cookie), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        costs = [_cost_of(page, browser, home, cookie) for page in _pages(app)]
        browser.close()
    _show(costs)


@contextmanager
def _installation() -> Iterator[tuple[Flask, str, str]]:
    """The application, where it is served, and the cookie of somebody at the desk."""
    with tempfile.TemporaryDirectory(prefix="broker-bench-") as folder:
        home, port = Path(folder), free_port(WEB)
        environment = make_environment(home, f"sqlite:///{home / 'broker.sqlite'}", 25)
        environment["BROKER_BASE_URL"] = f"http://127.0.0.1:{port}"
        with back_office(home, environment, 0):
            run_flask(home, environment, "seed", "--cases", str(SEEDED))
            app = create_app(Settings.from_env(environment))
            with app.app_context():
                create_operator(EMAIL, "Operator", PASSWORD, Role.LEAD, utcnow())
            desk = Desk(app)
            desk.log_in(EMAIL, PASSWORD)
            with serve(home, environment, port, "wsgi:app"):
                yield app, f"http://127.0.0.1:{port}", desk.cookie


def _pages(app: Flask) -> list[Page]:
    with app.app_context():
        return [*_open_pages(), *_pages_by_token(), *_pages_of_the_desk()]


def _open_pages() -> Iterator[Page]:
    for name, path in (
        ("landing page", "/"),
        ("about", "/about"),
        ("privacy", "/privacy"),
        ("shops that answer well", "/shops"),
        ("claim a shop", "/shop/claim"),
        ("the API", "/api"),
        ("log in", "/login"),
    ):
        yield Page(name, path, 100 if path == "/api" else 60)


def _pages_by_token() -> Iterator[Page]:
    request, outreach = _first(DiscountRequest, "asked"), _first(Outreach, "exhausted")
    offered = db.session.scalars(select(Offer).order_by(Offer.id).limit(1)).one().outreach.discount_request
    yield Page("offer page", f"/o/{_token(Purpose.OFFER, outreach)}", 100)
    yield Page("stop page", f"/stop/{_token(Purpose.STOP, outreach)}", 60)
    yield Page("status page", f"/requests/{_token(Purpose.FOLLOW, request)}", 100)
    yield Page("status page with an offer", f"/requests/{_token(Purpose.FOLLOW, offered)}", 100)


def _pages_of_the_desk() -> Iterator[Page]:
    case = _first(EscalationCase, "open")
    for name, path in (("queue", "/desk/"), ("case", f"/desk/cases/{case.id}"), ("team", "/desk/team")):
        yield Page(f"desk: {name}", path, 200, is_desk=True)


def _first(model: Any, status: str) -> Any:
    return db.session.scalars(select(model).where(model.status == status).order_by(model.id).limit(1)).one()


def _token(purpose: Purpose, row: Any) -> str:
    return issue_token(purpose, row.id, row.created_at)


def _cost_of(page: Page, browser: Browser, home: str, cookie: str) -> Cost:
    context = browser.new_context(viewport=PHONE, base_url=home, locale="en")
    if page.is_desk:
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": home}])
    tab = context.new_page()
    wire = context.new_cdp_session(tab)
    wire.send("Network.enable")
    taken: dict[str, float] = {}
    wire.on("Network.loadingFinished", lambda end: taken.update({end["requestId"]: end["encodedDataLength"]}))
    answer = tab.goto(page.path, wait_until="load")
    if answer is None or answer.status >= 400:
        raise RuntimeError(f"{page.name} ({page.path}) was answered with {answer and answer.status}")
    jumped, painted = tab.evaluate(JUMPS), tab.evaluate(PAINTED)
    context.close()
    return Cost(page, len(taken), sum(taken.values()) / 1000, jumped, painted)


def _show(costs: list[Cost]) -> None:
    table = Table(title="each page opened once at 360 pixels, nothing in the cache")
    table.add_column("page")
    for name in ("requests", "kB over the wire", "may take, kB", "layout shift", "largest paint, ms"):
        table.add_column(name, justify="right")
    for cost in costs:
        mark = "" if cost.kilobytes <= cost.page.most else " !"
        jump = "" if cost.jumped < 0.1 else " !"
        table.add_row(
            cost.page.name,
            str(cost.requests),
            f"{cost.kilobytes:.1f}{mark}",
            str(cost.page.most),
            f"{cost.jumped:.3f}{jump}",
            f"{cost.painted:.0f}",
        )
    Console(width=120, file=sys.stdout).print(table)
