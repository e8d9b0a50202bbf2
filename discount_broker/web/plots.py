"""Drawing figures as pictures: SVG that carries its own colours, for light and for dark."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

from pygal import Bar, Dot, Line, PluginImportFixer, StackedBar
from pygal.graph.graph import Graph
from pygal.style import Style

# Its hook for plug-ins, which we have none of, makes Python warn at every module that is not installed.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, PluginImportFixer)]

TONES = {
    "brand": ("#0b6357", "#65cbb6"),
    "good": ("#2f8f5b", "#7fd8a2"),
    "warn": ("#b9770e", "#f2c46d"),
    "bad": ("#b8392e", "#ff9d92"),
    "rest": ("#a9b0b8", "#5b6773"),
}
"""What the colours of the pages become in a picture: on a light page, on a dark one."""
INK, SOFT, LINE = ("#1c2530", "#e9edf1"), ("#56616e", "#a7b2bd"), ("#dcd9d0", "#2f3a45")
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"


WIDE, NARROW, HIGH, DOTS_HIGH = 560, 330, 300, 340
"""Pixels: on a desk, on a phone; their letters are of one size."""


FEW = 5


class Series(NamedTuple):
    """One kind of thing that was counted, and its colour."""

    name: str
    tone: str
    values: Sequence[float]


class Course(NamedTuple):
    """How one sum went, or a level that it is held against."""

    name: str
    tone: str
    values: Sequence[float | None]
    """None where nothing is known: the line has a gap there."""
    is_level: bool = False
    """One value all along, which the others are held against: dashed, and without dots."""


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A picture and all it says."""

    name: str
    title: str
    gist: str
    """One sentence; what somebody who does not see the picture hears of it."""
    head: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    draw: Callable[[int], bytes]
    """Gives it at a width in pixels."""
    is_empty: bool


def bars(width: int, labels: Sequence[str], series: Sequence[Series], *, is_stacked: bool = False) -> bytes:
    """Bars side by side, or one upon the other."""
    columns = zip(*(one.values for one in series), strict=True)
    tallest = max((sum(column) if is_stacked else max(column) for column in columns), default=0)
    # Of a few things the axis would count fifths.
    whole: dict[str, Any] = {"y_labels": range(ceil(tallest) + 1)} if 0 < tallest <= FEW else {}
    return _drawn(StackedBar if is_stacked else Bar, width, labels, series, **whole)


def lines(width: int, labels: Sequence[str], series: Sequence[Series]) -> bytes:
    """Lines over days or weeks; as many of those are named as find room."""
    return _drawn(Line, width, labels, series, every=_every(width, labels))


def course(
    width: int, labels: Sequence[str], series: Sequence[Course], spell: Callable[[float], str]
) -> bytes:
    """How a sum went, day by day: its changes are what is looked at, so the axis begins below the lowest."""
    known = [value for one in series for value in one.values if value is not None]
    room = max((max(known) - min(known)) * 0.15, max(known) * 0.01)
    bounds = max(min(known) - room, 0), max(known) + room
    look: dict[str, Any] = {"range": bounds, "value_formatter": spell, **WITH_GAPS}
    return _drawn(Line, width, labels, series, every=_every(width - SUM_AXIS, labels), **look)


def dots(width: int, labels: Sequence[str], series: Sequence[Series]) -> bytes:
    """One row of dots for each series, the larger the more."""
    return _drawn(Dot, width, labels, series, height=DOTS_HIGH, show_legend=False)


LETTER, AXIS = 8, 50
"""Pixels that a letter of a label takes, and that the numbers at the side take."""


def _every(width: int, labels: Sequence[str]) -> int:
    """Every which label can be written out side by side."""
    needed = (max(map(len, labels)) + 1) * LETTER * len(labels)
    return -(-needed // (width - AXIS))


LOOK: dict[str, Any] = {
    "js": (),  # else a script is fetched from elsewhere
    "no_prefix": True,
    "margin": 6,
    "margin_right": 26,
    "legend_at_bottom": True,
    "legend_box_size": 12,
    "include_x_axis": True,
    "dots_size": 2.5,
    "stroke_style": {"width": 2},
    "truncate_label": -1,
    "truncate_legend": -1,
    "spacing": 12,
    "show_minor_x_labels": False,
    "min_scale": 3,
    "max_scale": 6,
}


WITH_GAPS: dict[str, Any] = {
    "allow_interruptions": True,
    "include_x_axis": False,
    # The names of levels are sentences: side by side they would be cut.
    "legend_at_bottom_columns": 1,
}
LINES = ".line.reactive{stroke-width:2!important}"
"""What the library itself draws is as thin as the lines of the axes."""
SUM_AXIS = 40
"""Pixels that sums at the side take more than counts do."""
LEVEL: dict[str, Any] = {"show_dots": False, "stroke_style": {"width": 2, "dasharray": "5, 5"}}


def _drawn(
    kind: type[Graph],
    width: int,
    labels: Sequence[str],
    series: Sequence[Series | Course],
    *,
    every: int = 1,
    height: int = HIGH,
    **more: Any,
) -> bytes:
    tones = [one.tone for one in series]
    look = {**LOOK, "show_legend": len(series) > 1, "value_formatter": _plain, **more}
    look["css"] = ("file://style.css", "file://graph.css", f"inline:{LINES}{_dark(tones)}")
    # Names of kinds must all be read: where they do not fit side by side they are written aslant.
    look["x_label_rotation"] = 35 if every == 1 and _every(width, labels) > 1 else 0
    graph = kind(width=width, height=height, style=_style(tones), **look)
    graph.x_labels = list(labels)
    graph.x_labels_major = list(labels)[::-1][::every][::-1]
    for one in series:
        graph.add(one.name, list(one.values), **(LEVEL if isinstance(one, Course) and one.is_level else {}))
    return bytes(graph.render())


def _plain(value: float) -> str:
    return f"{value:g}"


def _style(tones: Sequence[str]) -> Style:
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground=SOFT[0],
        foreground_strong=INK[0],
        foreground_subtle=LINE[0],
        guide_stroke_color=LINE[0],
        major_guide_stroke_color=LINE[0],
        guide_stroke_dasharray="0",
        major_guide_stroke_dasharray="0",
        opacity="1",
        opacity_hover="1",
        colors=tuple(TONES[tone][0] for tone in tones),
        font_family=FONT,
        label_font_size=14,
        major_label_font_size=14,
        legend_font_size=14,
        no_data_font_size=18,
        transition="none",
    )


def _dark(tones: Sequence[str]) -> str:
    """A picture follows the reader's choice of light or dark, as the page around it does."""
    colours = "".join(
        f".color-{n}{{fill:{TONES[tone][1]}!important;stroke:{TONES[tone][1]}!important}}"
        for n, tone in enumerate(tones)
    )
    rules = (
        f"text{{fill:{SOFT[1]}!important}}"
        f".axis .line{{stroke:{SOFT[1]}!important}}"
        f".axis .guide.line,.axis .major.line{{stroke:{LINE[1]}!important}}"
    )
    # Words on the bars' own colours do not occur: values stand in the table beside the picture.
    return f"@media (prefers-color-scheme:dark){{{colours}{rules}}}"
