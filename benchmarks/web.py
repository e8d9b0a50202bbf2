"""The pages of buyers and shops under gunicorn, beside bare Flask views that say the same statements.

Each page is recorded once with its statements; then the house and the bare application are served by the same
gunicorn, and asked in turns, page by page, in the same run, over a seeded database. What is promised is held
against the view that asks through Flask-SQLAlchemy, as everything here does; the driver's figures stand
beside it, to show what mapping rows to objects costs by itself.
"""

import pickle
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from benchmarks.installation import WEB, back_office, free_port, make_environment, run_flask, serve
from benchmarks.postgresql import find_programs, running_postgresql
from benchmarks.web_bare import KEPT, NAMES
from benchmarks.web_load import AT_ONCE, Load, Page, press
from benchmarks.web_recorded import Recorded, record
from discount_broker.app import create_app
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.outreach.models import Outreach
from discount_broker.settings import Settings

COOKIE = "broker"
PEER = "mapper"
SEEDED = 60
SECONDS, WARM_UP, ROUNDS = 4.0, 1.5, 3
LEAST = 0.5
"""What is promised: at least so much of the bare view's requests a second."""
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def run(seconds: float = SECONDS) -> None:
    with _any_database() as url, tempfile.TemporaryDirectory(prefix="broker-bench-") as folder:
        home = Path(folder)
        environment = make_environment(home, url(home), 25) | {"BROKER_TRUSTED_PROXIES": "1"}
        with back_office(home, environment, 0):
            run_flask(home, environment, "seed", "--cases", str(SEEDED))
            app = create_app(Settings.from_env(environment))
            cookie, pages = _pages(app)
            recorded = record(app, pages, cookie)
            environment[KEPT] = str(home / "pages")
            (home / "pages").write_bytes(pickle.dumps((pages, cookie)))
            place = Place(home, environment, f"{cookie[0]}={cookie[1]}", seconds)
            _show([_compare(page, recorded[page.slug], place) for page in pages])


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


def _pages(app: Flask) -> tuple[tuple[str, str], list[Page]]:
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
    return (COOKIE, cookie.value), [
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


@dataclass(frozen=True)
class Place:
    """Where everything runs, and for how long it is asked."""

    home: Path
    environment: dict[str, str]
    cookie: str
    seconds: float


@dataclass(frozen=True)
class Compared:
    page: Page
    recorded: Recorded
    ours: Load
    peers: dict[str, Load]

    def ratio(self, peer: str) -> float:
        return self.ours.per_second / self.peers[peer].per_second


def _compare(page: Page, recorded: Recorded, place: Place) -> Compared:
    """They take turns, so that all meet the same neighbours on this machine; the middle round counts."""
    bare_pages = {kind: replace(page, path=f"/{kind}/{page.slug}") for kind in NAMES}
    with _served(place, "wsgi:app") as house, _served(place, "benchmarks.web_bare:make_app()") as bare:
        rounds = []
        for number in range(ROUNDS + 1):
            span = WARM_UP if number == 0 else place.seconds
            ours = _press(house, page, number, place.cookie, span)
            peers = {
                kind: _press(bare, peer, number, place.cookie, span) for kind, peer in bare_pages.items()
            }
            rounds.append(Compared(page, recorded, ours, peers))
    middle = sorted(rounds[1:], key=lambda one: one.ratio(PEER))[ROUNDS // 2]
    told = ", ".join(f"{NAMES[kind]} {load.per_second:.0f}" for kind, load in middle.peers.items())
    print(f"  {page.name}: {middle.ours.per_second:.0f} a second; bare by {told}", flush=True)
    return middle


def _press(port: int, page: Page, number: int, cookie: str, seconds: float) -> Load:
    return press(port, lambda n: page.request((number << 20) + n, cookie), seconds)


@contextmanager
def _served(place: Place, application: str) -> Iterator[int]:
    port = free_port(WEB)
    with serve(place.home, place.environment, port, application):
        yield port


def _show(all_compared: list[Compared]) -> None:
    table = Table(
        title=f"one gunicorn worker, {AT_ONCE} threads, {AT_ONCE} connections; middle of {ROUNDS} rounds"
    )
    for name in ("page", "statements", "bytes", "a second", "p95, ms"):
        table.add_column(name, justify="left" if name == "page" else "right")
    for name in NAMES.values():
        table.add_column(f"bare, {name}: a second", justify="right")
        table.add_column("p95, ms", justify="right")
        table.add_column(f"ratio (≥ {LEAST})" if name == NAMES[PEER] else "ratio", justify="right")
    for one in all_compared:
        table.add_row(
            one.page.name,
            str(len(one.recorded.statements)),
            f"{one.recorded.size:,}",
            *_figures(one.ours),
            *[cell for kind in NAMES for cell in (*_figures(one.peers[kind]), f"{one.ratio(kind):.2f}")],
        )
    Console(width=170, file=sys.stdout).print(table)


def _figures(load: Load) -> tuple[str, str]:
    return f"{load.per_second:.0f}", f"{load.p95:.1f}"
