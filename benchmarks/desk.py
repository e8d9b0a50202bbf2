"""The desk with few cases and with very many: server time and statements of its pages, and what sweeps take.

Each size is a PostgreSQL database of its own, filled by `flask seed`. The application runs in this process,
asked through its WSGI interface by a lead who has logged in, who sees all that an operator sees and more;
beside it the statements of the same pages are said by the bare driver.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from rich.console import Console
from rich.table import Table

from benchmarks.desk_bare import Bare
from benchmarks.desk_pages import Page, pages_of
from benchmarks.desk_sweeps import sweep_twice
from benchmarks.desk_visits import Desk, Statement
from benchmarks.seeded import any_server, seeded
from discount_broker.accounts.models import Role
from discount_broker.accounts.queries import find_operator_by_email
from discount_broker.accounts.use_cases import create_operator
from discount_broker.kernel.clock import utcnow

SIZES = (1_000, 100_000, 1_000_000)
VISITS, WARM_UP = 200, 20
EMAIL, PASSWORD = "operator@bench.example", "a password for benchmarks, long enough"
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
    with any_server(server) as url:
        if url is None:
            print("  PostgreSQL is not installed here: nothing to measure")
            return
        _show([_measure(url, cases, visits, plans) for cases in sizes])


def _measure(server: str, cases: int, visits: int, plans: Path | None) -> Measured:
    with seeded(server, "desk", cases) as it:
        return _visit(it.app, it.url, Measured(cases, it.seeding, {}, {}), visits, plans)


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
