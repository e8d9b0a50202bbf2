"""Score-cards of few cases and of very many: what their computing takes, and the pages that show them.

Each size is a PostgreSQL database of its own, filled by `flask seed`. Seeded shops did not answer, and have
three requests each: so that there are cards for everybody to see, the requests of six shops are made those of
one, and most of them are answered.
"""

import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle

import psycopg
from flask import Flask
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from benchmarks.desk import Figures
from benchmarks.desk_visits import statements_of
from benchmarks.seeded import any_server, seeded, settle
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.scorecards.models import ScoreCard
from discount_broker.scorecards.queries import list_cards_due
from discount_broker.scorecards.use_cases import compute_scorecards
from discount_broker.shops.models import Shop

SIZES = (1_000, 100_000)
VISITS, WARM_UP, ROUNDS = 200, 20, 3
DIFFERENT = 300
HOUR = timedelta(hours=1)
GROWTH = 1.5
"""What is promised of a page, and of computing one card: at most so many times that of the smallest size."""
ONE_OF_SIX = """
WITH placed AS (SELECT id, (row_number() OVER (ORDER BY id) - 1) / 6 AS lot FROM shop),
     led AS (SELECT id, first_value(id) OVER (PARTITION BY lot ORDER BY id) AS leader FROM placed),
     put AS (SELECT outreach.id, leader, row_number() OVER (PARTITION BY discount_request_id, leader
                    ORDER BY shop_id = leader DESC, outreach.id) AS place
             FROM outreach JOIN led ON led.id = outreach.shop_id)
UPDATE outreach SET shop_id = put.leader FROM put WHERE outreach.id = put.id AND put.place = 1"""
MOST_ANSWERED = """
UPDATE outreach SET answered_at = asked_at + make_interval(hours => 1 + abs(hashtext(id::text)) % 30)
WHERE asked_at IS NOT NULL AND abs(hashtext(id::text)) % 20 > 0"""


@dataclass
class Measured:
    """One database."""

    cases: int
    cards: int = 0
    shown: int = 0
    """Cards that everybody may see."""
    computing: Figures = field(default_factory=Figures)
    pages: dict[str, Figures] = field(default_factory=dict)


def run(sizes: Sequence[int] = SIZES, visits: int = VISITS, server: str = "") -> None:
    """With `server`, databases stay there and are measured again as they stand, brought up to date."""
    with any_server(server) as url:
        if url is None:
            print("  PostgreSQL is not installed here: nothing to measure")
            return
        _show([_measure(url, cases, visits) for cases in sizes])


def _measure(server: str, cases: int, visits: int) -> Measured:
    measured = Measured(cases)
    with seeded(server, "cards", cases) as it:
        if it.is_new:
            let_shops_answer(it.url)
        with it.app.app_context():
            _compute(it.app, measured)
            settle(it.url)
            pages = dict(_pages())
        for name, paths in pages.items():
            measured.pages[name] = _look(it.app, paths, visits)
    return measured


def let_shops_answer(url: str) -> None:
    """Make one shop of six, with the requests of all, and let it answer nineteen of twenty."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in (ONE_OF_SIX, MOST_ANSWERED, "DELETE FROM score_card", "VACUUM (ANALYZE)"):
            connection.execute(statement.encode())


def _compute(app: Flask, measured: Measured) -> None:
    """All cards anew, a few times: each time a little later, when all of them are due."""
    last = db.session.scalar(select(func.max(ScoreCard.computed_at)))
    now = max(utcnow(), last or utcnow())
    for _ in range(ROUNDS):
        now += HOUR
        with statements_of(app) as statements:
            began = time.perf_counter()
            measured.cards = _compute_all(now)
            measured.computing.milliseconds.append((time.perf_counter() - began) * 1000)
        measured.computing.statements.append(len(statements))
    measured.shown = db.session.scalar(select(func.count()).where(ScoreCard.is_good.is_(True))) or 0
    db.session.rollback()


def _compute_all(now: datetime) -> int:
    """One sweep after another, until none is due."""
    computed = 0
    while list_cards_due(now - timedelta(seconds=1), 1):
        computed += compute_scorecards(now)
    return computed


def _pages() -> Iterator[tuple[str, list[str]]]:
    """Each page with the addresses at which it is asked for, one after another."""
    good = (
        select(Shop.domain).join(ScoreCard, ScoreCard.shop_id == Shop.id).where(ScoreCard.is_good.is_(True))
    )
    domains = list(db.session.scalars(good.order_by(Shop.id).limit(DIFFERENT)))
    half = (db.session.scalar(select(func.count()).select_from(good.subquery())) or 0) // 100 or 1
    db.session.rollback()
    yield "list of shops", ["/shops"]
    yield "list, half way down", [f"/shops?page={half}"]
    yield "list, one shop found", [f"/shops?q={domain}" for domain in domains]
    yield "one shop's page", [f"/shops/{domain}" for domain in domains]
    yield "one of its pictures", [f"/shops/{domain}/plots/times.svg" for domain in domains]


def _look(app: Flask, paths: Sequence[str], visits: int) -> Figures:
    """As somebody asks who came for the first time."""
    client, turns, figures = app.test_client(use_cookies=False), cycle(paths), Figures()
    for number in range(WARM_UP + visits):
        path = next(turns)
        with statements_of(app) as statements:
            began = time.perf_counter()
            answer = client.get(path, buffered=True)
            milliseconds = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{path} was answered with {answer.status_code}")
        if number >= WARM_UP:
            figures.milliseconds.append(milliseconds)
            figures.statements.append(len(statements))
    return figures


def _show(all_measured: list[Measured]) -> None:
    console = Console(width=130, file=sys.stdout)
    table = Table(title="score-cards")
    table.add_column("what")
    for measured in all_measured:
        table.add_column(f"{measured.cases:,} cases", justify="right")
    table.add_column(f"growth (≤ {GROWTH})", justify="right")
    table.add_row("cards, of these for everybody", *(f"{m.cards:,}, {m.shown:,}" for m in all_measured), "")
    table.add_row("computing all, ms, statements", *(_of_all(m) for m in all_measured), "")
    a_card = [m.computing.median / m.cards for m in all_measured]
    table.add_row("computing one of them, ms", *(f"{each:.2f}" for each in a_card), _growth(a_card))
    for name in all_measured[-1].pages:
        figures = [measured.pages[name] for measured in all_measured]
        table.add_row(name, *map(_of_page, figures), _growth([each.median for each in figures]))
    console.print(table)
    console.print("pages: median / 95th percentile in ms, statements")


def _of_all(measured: Measured) -> str:
    return f"{measured.computing.median:,.0f}, {statistics.median(measured.computing.statements):,.0f}"


def _of_page(figures: Figures) -> str:
    return f"{figures.median:.1f} / {figures.p95:.1f}, {max(figures.statements)}"


def _growth(medians: Sequence[float]) -> str:
    growth = medians[-1] / medians[0]
    return f"{growth:.2f}×" + ("" if growth <= GROWTH else " !")
