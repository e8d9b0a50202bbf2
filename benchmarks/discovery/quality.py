"""How much is found, and how rightly, by this project and by its peers on the same pages in the same run."""

import random
import time
from collections.abc import Callable, Sequence

from benchmarks.discovery import learnt, ours
from benchmarks.discovery.contests import CONTESTS, Contest, Rival
from benchmarks.discovery.corpus import are_here
from benchmarks.discovery.judging import Figures, Item
from benchmarks.discovery.peers import Reader, say_missing
from benchmarks.discovery.table import Column, show

SAMPLE = 100
"""Pages that a slow peer reads of a set."""
SEED = 20130
SPEED = "pages a second"


def run() -> None:
    if not are_here():
        return
    say_missing()
    print("  (knows these): its model has learnt from these very pages; shown, and in no ratio")
    for contest in CONTESTS:
        for set_name in contest.sets:
            _hold(contest, set_name)


def _hold(contest: Contest, set_name: str) -> None:
    items = contest.items(set_name)
    project = _column("this project", contest, contest.read, items)
    shipped = None
    if contest.unseen is not None:
        project, shipped = _unseen(contest.unseen, set_name, project)
    others = [
        _compete(contest, rival, items)
        for rival in contest.rivals
        if rival.peer is None or rival.peer.is_installed()
    ]
    if contest.published is not None:
        others.append(Column(*contest.published))
    if shipped is not None:
        others.append(shipped)
    rows = [(row.name, row.figure, row.wanted) for row in contest.rows]
    print()
    title = f"{contest.title}: {set_name}, {len(items)} read"
    show(title, [*rows, (SPEED, SPEED, None)], project, others)


def _unseen(figures: Callable[[str], Figures], set_name: str, shipped: Column) -> tuple[Column, Column]:
    """What is compared, and what is shown only: the shipped model has learnt from these very pages."""
    shipped.name, shipped.is_compared = "this project (knows these)", False
    honest = figures(set_name) if learnt.is_possible() else {}
    return Column("this project, unseen sites", {**honest, SPEED: shipped.values[SPEED]}), shipped


def _compete(contest: Contest, rival: Rival, items: Sequence[Item]) -> Column:
    if rival.is_slow and len(items) > SAMPLE:
        items = random.Random(SEED).sample(items, SAMPLE)
        beside = _column(f"this project, {SAMPLE} of them", contest, contest.read, items)
    else:
        beside = None
    column = _column(rival.name, contest, rival.make(), items)
    column.beside, column.is_compared = beside, not rival.knows_pages
    return column


def _column(name: str, contest: Contest, read: Reader, items: Sequence[Item]) -> Column:
    answers, seconds = [], 0.0
    for item in items:
        # Everybody gets the decoded page; decoding is nobody's merit.
        _decode(item)
        ours.forget()
        began = time.process_time()
        answers.append(read(item[0]))
        seconds += time.process_time() - began
    figures = contest.judge(list(zip(items, answers, strict=True)))
    return Column(name, {**figures, SPEED: len(items) / seconds})


def _decode(item: Item) -> None:
    getattr(item[0], "html", None)
