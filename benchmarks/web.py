"""The pages of buyers and shops under gunicorn, beside a bare Flask view that says the same statements.

Each page is recorded once with its statements; then the house and the bare application are served by the same
gunicorn, one after the other, page by page, in the same run, over a seeded database.
"""

import pickle
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from benchmarks.desk_visits import statements_of
from benchmarks.installation import back_office, make_environment, run_flask, serve
from benchmarks.postgresql import find_programs, running_postgresql
from benchmarks.web_bare import KEPT, Recorded
from benchmarks.web_load import AT_ONCE, Load, press
from demo.ports import free_port
from discount_broker.app import create_app
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.outreach.models import Outreach
from discount_broker.settings import Settings

COOKIE = "broker"
SEEDED = 60
SECONDS, WARM_UP, ROUNDS = 4.0, 1.5, 3
LEAST = 0.5
"""What is promised: at least so much of the bare view's requests a second."""
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Page:
    """What is asked for again and again."""

    name: str
    path: str
    form: dict[str, str] | None = None

    def request(self, number: int, cookie: str) -> bytes:
        """Each from an address of its own: one alone may not ask so often."""
        body = urlencode(self.form).encode() if self.form else b""
        lines = [
            f"{'POST' if self.form else 'GET'} {self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            "Accept-Language: en",
            f"Cookie: {cookie}",
            f"Content-Length: {len(body)}",
        ]
        if self.form:
            lines.append("Content-Type: application/x-www-form-urlencoded")
        return "\r\n".join([*lines, "", ""]).encode() + body


def run(seconds: float = SECONDS) -> None:
    with _any_database() as url, tempfile.TemporaryDirectory(prefix="broker-bench-") as folder:
        home = Path(folder)
        environment = make_environment(home, url(home), 25) | {"BROKER_TRUSTED_PROXIES": "1"}
        with back_office(home, environment, 0):
            run_flask(home, environment, "seed", "--cases", str(SEEDED))
            app = create_app(Settings.from_env(environment))
            cookie, pages = _pages(app)
            environment[KEPT] = str(_record(app, pages, cookie, home / "pages"))
            _show([_compare(page, cookie, environment, home, seconds) for page in pages])


@contextmanager
def _any_database() -> Iterator[Callable[[Path], str]]:
    """PostgreSQL, as in production; SQLite where it is not installed."""
    programs = find_programs()
    if programs is None:
        print("  PostgreSQL is not installed here: SQLite")
        yield lambda home: f"sqlite:///{home / 'broker.sqlite'}"
        return
    with running_postgresql(programs) as cluster:
        yield lambda _home: cluster.url


def _pages(app: Flask) -> tuple[str, list[Page]]:
    """The cookie of somebody who has just come, and what is asked for."""
    client = app.test_client()
    found = TOKEN.search(client.get("/").text)
    cookie = client.get_cookie(COOKIE)
    assert found, "the landing page has a form"
    assert cookie, "whoever comes is given a session"
    with app.app_context():
        outreach = _an_open_outreach()
        request = outreach.discount_request
        follow = issue_token(Purpose.FOLLOW, request.id, request.created_at)
        offer = issue_token(Purpose.OFFER, outreach.id, outreach.created_at)
    asked = {"csrf_token": found[1], "link": "https://tools-1.example/drill"}
    return f"{COOKIE}={cookie.value}", [
        Page("landing page", "/"),
        Page("POST request", "/ask", asked),
        Page("status page", f"/requests/{follow}"),
        Page("offer page", f"/o/{offer}"),
    ]


def _an_open_outreach() -> Outreach:
    """One that is waited for, whose request and shop are like most."""
    query = (
        select(Outreach)
        .join(DiscountRequest, Outreach.discount_request_id == DiscountRequest.id)
        .where(Outreach.status == "exhausted", DiscountRequest.status == "asked")
        .order_by(Outreach.id)
        .limit(1)
    )
    return db.session.scalars(query).one()


def _record(app: Flask, pages: list[Page], cookie: str, path: Path) -> Path:
    """What each page says to the database, and how large it is, once it is warm."""
    client = app.test_client()
    name, _, value = cookie.partition("=")
    client.set_cookie(name, value)
    recorded = {}
    for page in pages:
        for _ in range(3):
            with statements_of(app) as statements:
                answer = _visit(client, page)
        said = [(one.text, one.parameters) for one in statements]
        recorded[_bare_name(page)] = Recorded(said, len(answer), page.form is not None)
    path.write_bytes(pickle.dumps(recorded))
    return path


def _visit(client: FlaskClient, page: Page) -> bytes:
    answer = client.open(page.path, method="POST" if page.form else "GET", data=page.form)
    if answer.status_code >= 400:
        raise RuntimeError(f"{page.name} was answered with {answer.status_code}")
    return bytes(answer.data)


def _bare_name(page: Page) -> str:
    return page.name.replace(" ", "-").lower()


@dataclass(frozen=True)
class Compared:
    page: Page
    statements: int
    size: int
    ours: Load
    bare: Load

    @property
    def ratio(self) -> float:
        return self.ours.per_second / self.bare.per_second


def _compare(page: Page, cookie: str, environment: dict[str, str], home: Path, seconds: float) -> Compared:
    """The two take turns, so that both meet the same neighbours on this machine; the middle round counts."""
    kept: dict[str, Recorded] = pickle.loads(Path(environment[KEPT]).read_bytes())
    recorded = kept[_bare_name(page)]
    bare_page = Page(page.name, f"/{_bare_name(page)}", page.form)
    with (
        _served(home, environment, "wsgi:app") as house,
        _served(home, environment, "benchmarks.web_bare:make_app()") as bare,
    ):
        rounds = []
        for number in range(ROUNDS + 1):
            span = WARM_UP if number == 0 else seconds
            first = number << 20
            ours = press(house, lambda n: page.request(first + n, cookie), span)  # noqa: B023 - used at once
            rounds.append((ours, press(bare, lambda n: bare_page.request(n, cookie), span)))
    middle = sorted(rounds[1:], key=lambda pair: pair[0].per_second / pair[1].per_second)[ROUNDS // 2]
    print(f"  {page.name}: {middle[0].per_second:.0f} a second, bare {middle[1].per_second:.0f}", flush=True)
    return Compared(page, len(recorded.statements), recorded.size, *middle)


@contextmanager
def _served(home: Path, environment: dict[str, str], application: str) -> Iterator[int]:
    port = free_port(18080, set())
    with serve(home, environment, port, application):
        yield port


def _show(all_compared: list[Compared]) -> None:
    table = Table(
        title=f"one gunicorn worker, {AT_ONCE} threads, {AT_ONCE} connections; middle of {ROUNDS} rounds"
    )
    for name in ("page", "statements", "bytes", "a second", "p95, ms", "bare: a second", "p95, ms"):
        table.add_column(name, justify="left" if name == "page" else "right")
    table.add_column(f"ratio (≥ {LEAST})", justify="right")
    for one in all_compared:
        table.add_row(
            one.page.name,
            str(one.statements),
            f"{one.size:,}",
            *_figures(one.ours),
            *_figures(one.bare),
            f"{one.ratio:.2f}" + ("" if one.ratio >= LEAST else " !"),
        )
    Console(width=150, file=sys.stdout).print(table)


def _figures(load: Load) -> tuple[str, str]:
    return f"{load.per_second:.0f}", f"{load.p95:.1f}"
