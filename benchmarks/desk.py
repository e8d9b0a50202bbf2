"""The desk with few cases and with very many: server time and statements of its pages, and what sweeps take.

Each size is a PostgreSQL database of its own, filled by `flask seed`. The application runs in this process,
asked through its WSGI interface by a lead who has logged in, who sees all that an operator sees and more;
beside it the statements of the same pages are said by the bare driver.
"""

import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from flask import Flask
from rich.console import Console
from rich.table import Table

from benchmarks.desk_bare import Bare
from benchmarks.desk_pages import Page, pages_of
from benchmarks.desk_sweeps import sweep_twice
from benchmarks.desk_visits import Desk, Statement
from benchmarks.installation import back_office, make_environment
from benchmarks.postgresql import find_programs, running_postgresql
from discount_broker.accounts.models import Role
from discount_broker.accounts.queries import find_operator_by_email
from discount_broker.accounts.use_cases import create_operator
from discount_broker.app import create_app
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.settings import Settings

SIZES = (1_000, 100_000, 1_000_000)
VISITS, WARM_UP = 200, 20
EMAIL, PASSWORD = "operator@bench.example", "a password for benchmarks, long enough"
MEMORY = "-c shared_buffers=1GB -c max_wal_size=8GB"
"""What a server for a million cases is given; the rest is as PostgreSQL comes."""
GROWTH = 1.5
"""What is promised: at most so many times the time of the smallest desk."""


@dataclass
class Figures:
    """Of one page on one desk."""

    milliseconds: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    last: list[Statement] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.milliseconds, n=20)[-1]


@dataclass
class Measured:
    """One desk."""

    cases: int
    seeding: float
    """Seconds."""
    pages: dict[str, Figures]
    sweeps: dict[str, tuple[float, float]]


def run(
    sizes: Sequence[int] = SIZES, visits: int = VISITS, plans: Path | None = None, server: str = ""
) -> None:
    """With `server`, databases stay there and are measured again as they stand, brought up to date."""
    with _any_server(server) as url:
        if url is None:
            print("  PostgreSQL is not installed here: nothing to measure")
            return
        _show([_measure(url, cases, visits, plans) for cases in sizes])


@contextmanager
def _any_server(url: str) -> Iterator[str | None]:
    programs = find_programs()
    if url or programs is None:
        yield url or None
        return
    with running_postgresql(programs, MEMORY) as cluster:
        yield cluster.url


def _measure(server: str, cases: int, visits: int, plans: Path | None) -> Measured:
    url, is_new = _database(server, cases)
    with tempfile.TemporaryDirectory(prefix="broker-bench-") as folder:
        environment = make_environment(Path(folder), url, 25)
        with back_office(Path(folder), environment, 0):
            seconds = _seed(environment, cases) if is_new else 0.0
            app = create_app(Settings.from_env(environment))
            _write_logs_to(Path(folder) / "log")
            _settle(url)
            try:
                return _visit(app, url, Measured(cases, seconds, {}, {}), visits, plans)
            finally:
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()


def _write_logs_to(path: Path) -> None:
    """Every answer is noted as by a server, only not on this terminal."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(path.open("w"))


def _database(server: str, cases: int) -> tuple[str, bool]:
    """Its address, and whether it was made just now."""
    name = f"desk_{cases}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{server.rpartition('/')[0]}/{name}", not found


def _seed(environment: dict[str, str], cases: int) -> float:
    """Seconds that the command takes."""
    began = time.monotonic()
    command = (sys.executable, "-m", "flask", "--app", "wsgi", "seed", "--cases", str(cases))
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def _settle(url: str) -> None:
    """As a database is after a night: counted, and its pages marked as visible to all."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _visit(app: Flask, url: str, measured: Measured, visits: int, plans: Path | None) -> Measured:
    desk, bare, cases = Desk(app), Bare(url), measured.cases
    with app.app_context():
        if find_operator_by_email(EMAIL) is None:
            create_operator(EMAIL, "Operator", PASSWORD, Role.LEAD, utcnow())
        pages = [*pages_of(desk)]
    # From here on without a context of ours: requests would share it, and what it remembers.
    desk.log_in(EMAIL, PASSWORD)
    for page in pages:
        measured.pages[page.name] = _look(page, bare, visits)
        print(
            f"  {measured.cases:>9,} cases  {page.name}: {measured.pages[page.name].median:.1f} ms",
            flush=True,
        )
    if plans is not None:
        _keep_plans(plans / f"{cases}.txt", measured.pages, bare)
    bare.close()
    with app.app_context():
        measured.sweeps = {name: (first, second) for name, first, second in sweep_twice()}
    return measured


def _look(page: Page, bare: Bare, visits: int) -> Figures:
    """Pages and their bare statements take turns, so that both meet the same neighbours on this machine."""
    figures = Figures()
    for number in range(WARM_UP + visits):
        answer = page.visit()
        alone = bare.milliseconds(answer.statements) if page.may_be_replayed else 0.0
        if number >= WARM_UP:
            figures.milliseconds.append(answer.milliseconds)
            figures.statements.append(len(answer.statements))
            figures.bare.append(alone)
        figures.last = answer.statements
    return figures


def _keep_plans(path: Path, pages: dict[str, Figures], bare: Bare) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lines:
        for name, figures in pages.items():
            for statement in figures.last:
                plan = bare.plan_of(statement)
                print(f"== {name}\n{statement.text}\n", *plan, "", sep="\n", file=lines)


def _show(all_measured: list[Measured]) -> None:
    console = Console(width=160)
    first, last = all_measured[0], all_measured[-1]
    table = Table(title="server time of one page, in milliseconds: median / 95th percentile, statements")
    table.add_column("page")
    for measured in all_measured:
        table.add_column(f"{measured.cases:,} cases", justify="right")
    table.add_column(f"growth (≤ {GROWTH})", justify="right")
    table.add_column("bare statements", justify="right")
    table.add_column("the house adds", justify="right")
    for name, largest in last.pages.items():
        growth = largest.median / first.pages[name].median
        alone = statistics.median(largest.bare)
        cells = (_figures(measured.pages[name]) for measured in all_measured)
        table.add_row(
            name,
            *cells,
            f"{growth:.2f}×" + ("" if growth <= GROWTH else " !"),
            f"{alone:.1f}" if alone else "-",
            f"{largest.median / alone:.1f}×" if alone else "-",
        )
    console.print(table)
    console.print(_sweeps(all_measured))
    for measured in all_measured:
        if measured.seeding:
            console.print(f"{measured.cases:,} cases were seeded in {measured.seeding:.0f} s")


def _figures(figures: Figures) -> str:
    most = max(figures.statements)
    return f"{figures.median:.1f} / {figures.p95:.1f}, {most}"


def _sweeps(all_measured: list[Measured]) -> Table:
    table = Table(title="sweeps, in milliseconds: the first time after seeding / the next time")
    table.add_column("sweep")
    for measured in all_measured:
        table.add_column(f"{measured.cases:,} cases", justify="right")
    for name in all_measured[-1].sweeps:
        cells = (measured.sweeps[name] for measured in all_measured)
        table.add_row(name, *(f"{first:.0f} / {second:.0f}" for first, second in cells))
    return table
