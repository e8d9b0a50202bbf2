"""Figures of several readers side by side, with what one's own are to the best of the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

WIDTH = 150

Row = tuple[str, str, float | None]
"""Its name, the name of its figure, and what is wanted of that."""


@dataclass
class Column:
    """One reader's figures by row."""

    name: str
    values: dict[str, float] = field(default_factory=dict)
    beside: "Column | None" = None
    """Ours on the same pages, where this one read fewer."""
    is_compared: bool = True


def show(
    title: str, rows: Sequence[tuple[str, str, float | None]], ours: Column, others: list[Column]
) -> None:
    """Print; `rows` are the row's name, the name of its figure, and what is wanted of it."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    for heading in ("wanted", *_headings(ours, others), "ratio"):
        table.add_column(heading, justify="right", max_width=16)
    for name, figure, wanted in rows:
        values = [_figure(column.values.get(figure)) for column in _columns(ours, others)]
        table.add_row(name, "" if wanted is None else f"≥ {wanted:.2f}", *values, ratio(figure, ours, others))
    Console(width=WIDTH, markup=False, emoji=False, highlight=False).print(table)


def _columns(ours: Column, others: list[Column]) -> list[Column]:
    """Ours, the others, and before each that read fewer pages, ours on these."""
    return [ours, *(each for other in others for each in (other.beside, other) if each is not None)]


def _headings(ours: Column, others: list[Column]) -> list[str]:
    return [column.name for column in _columns(ours, others)]


def ratio(figure: str, ours: Column, others: list[Column]) -> str:
    """Ours to the best of the others; above 1 is better."""
    quotients = [
        (other.beside or ours).values[figure] / other.values[figure]
        for other in others
        if other.is_compared and figure in (other.beside or ours).values and other.values.get(figure)
    ]
    return f"{min(quotients):.2f}×" if quotients else ""


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if value <= 1 else f"{value:.0f}"
