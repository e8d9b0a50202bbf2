"""Drives the whole story from a terminal, over real HTTP and SMTP: `python -m demo.tour`, or `make tour`.

Uses the demonstration that runs, or starts one of its own for the time of the tour.
"""

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from demo.browser import Browser, NoSuchForm
from demo.place import ROOT, Place
from demo.supervisor import is_running
from demo.tour_buyer import Missed
from demo.tour_story import CHAPTERS, Stage, Story

START_SECONDS, STOP_SECONDS = 90, 10


@dataclass
class Seen:
    """What came of one stage."""

    title: str
    sentence: str
    seconds: float
    went_well: bool


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m demo.tour", description=__doc__)
    options.add_argument(
        "--folder", type=Path, default=ROOT / "var" / "demo", help="of the running demonstration"
    )
    given = options.parse_args()
    console = Console()
    with a_demonstration(given.folder, console) as place:
        story = Story(place)
        seen = play(story, console)
        report(seen, place, story, console)
    return 0 if all(stage.went_well for stage in seen) else 1


@contextmanager
def a_demonstration(folder: Path, console: Console) -> Iterator[Place]:
    """Lend the demonstration that runs, or one that runs only as long as it is lent."""
    if is_running(folder):
        with console.status("waiting until the demonstration is ready"):
            place = _await(None, folder)
        yield place
        return
    folder = ROOT / "var" / "tour"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "demo", "--fresh", "--folder", str(folder)]
    with (folder.parent / "tour.log").open("wb") as log:
        demo = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        with console.status("starting a demonstration for the tour"):
            place = _await(demo, folder)
        yield place
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(STOP_SECONDS)


def _await(demo: "subprocess.Popen[bytes] | None", folder: Path) -> Place:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and (demo is None or demo.poll() is None):
        place = Place(folder).load()
        if place.remembered.feeds_read_at_port == place.ports.shops and is_ready(place):
            return place
        time.sleep(0.2)
    sys.exit(f"the demonstration does not get ready; see {folder / 'logs'}")


def is_ready(place: Place) -> bool:
    try:
        return Browser(place.web_url).open("/readyz").status == 200
    except requests.RequestException:
        return False


def play(story: Story, console: Console) -> list[Seen]:
    """Play all chapters; a stage that fails ends its chapter, the others go on."""
    seen: list[Seen] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        bar = progress.add_task("", total=sum(map(len, CHAPTERS)))
        for chapter in CHAPTERS:
            for title, stage in chapter:
                progress.update(bar, description=title)
                seen.append(_play_one(title, stage, story))
                _tell(seen[-1], console)
                progress.advance(bar)
                if not seen[-1].went_well:
                    break
    return seen


def _play_one(title: str, stage: Stage, story: Story) -> Seen:
    began = time.monotonic()
    try:
        sentence, went_well = stage(story), True
    except (Missed, NoSuchForm, requests.RequestException) as why:
        sentence, went_well = str(why), False
    return Seen(title, sentence, time.monotonic() - began, went_well)


def _tell(stage: Seen, console: Console) -> None:
    mark, style = ("✓", "green") if stage.went_well else ("✗", "red")
    console.print(f"[{style}]{mark}[/] {stage.title} [dim]{stage.seconds:.1f} s[/]", highlight=False)
    console.print(f"  {escape(stage.sentence)}", style="dim" if stage.went_well else "red", highlight=False)


def report(seen: list[Seen], place: Place, story: Story, console: Console) -> None:
    """Which messages went where, and how long it all took."""
    table = Table(title="Messages", show_lines=False, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in ("at", "to", "by", "what"):
        table.add_column(column, overflow="fold")
    for at, to, door, subject in story.messages():
        table.add_row(at, escape(to), door, escape(subject))
    console.print("", table, "")
    failed = [stage.title for stage in seen if not stage.went_well]
    planned, total = sum(map(len, CHAPTERS)), sum(stage.seconds for stage in seen)
    summary = f"{len(seen) - len(failed)} of {planned} stages in {total:.0f} s at {place.web_url}"
    console.print(f"[bold {'red' if failed else 'green'}]{summary}[/]", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
