"""What the whole reading of a page costs beside a bare parse of the same bytes and the peers, on one core."""

import os
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from benchmarks.discovery import ours, peers, simple
from benchmarks.discovery.corpus import Page, all_pages, are_here

SEED = 20130
PAGES = 300
PAGES_OF_EXTRACT_EMAILS = 100
PASSES = 3
KILOBYTES = (20, 60, 150, 400)
"""Borders of the classes of size."""
WANTED_OF_PARSE = 3.0
WANTED_OF_FORMASAURUS = 5.0
WANTED_OF_EXTRACT_EMAILS = 30.0

Work = Callable[[Page], object | None]
Milliseconds = list[float]
"""A page each, in order."""


def run() -> None:
    if not are_here():
        return
    peers.say_missing()
    pages = random.Random(SEED).sample(all_pages(), PAGES)
    with one_core():
        _beside_parse_and_formasaurus(pages)
        _beside_extract_emails(pages[:PAGES_OF_EXTRACT_EMAILS])
        _by_part(pages)


@contextmanager
def one_core() -> Iterator[None]:
    """Libraries that would work on several at once are kept from it."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def measure(works: Sequence[Work], pages: Sequence[Page]) -> list[Milliseconds]:
    """The passes go over all pages, so that nothing kept of a page since its last turn can help."""
    taken: dict[tuple[int, int], list[float]] = defaultdict(list)
    for _ in range(PASSES):
        for place, page in enumerate(pages):
            for number, work in enumerate(works):
                began = time.process_time()
                work(page)
                taken[number, place].append(time.process_time() - began)
    return [
        [1000 * statistics.median(taken[number, place]) for place in range(len(pages))]
        for number in range(len(works))
    ]


def _bare(page: Page) -> object:
    return simple.bare_parse(page.raw or b"<p>")


def _whole(page: Page) -> None:
    ours.whole(page.raw, page.content_type, page.url)


def _beside_parse_and_formasaurus(pages: Sequence[Page]) -> None:
    works = [_bare, _whole, *([peers.formasaurus_plain()] if peers.FORMASAURUS.is_installed() else [])]
    _prepare(works, pages)
    bare, whole, *theirs = measure(works, pages)
    kilobytes = _mean([len(page.raw) for page in pages]) / 1000
    print(f"  {len(pages)} pages of all sets, {kilobytes:.0f} kB on average")
    print(f"  CPU time on one core, the median of {PASSES} passes for each page, all readers in turn")
    _say("bare parse of the bytes", bare)
    _say("the whole reading", whole)
    _say_ratio("times a bare parse", sum(whole) / sum(bare), f"≤ {WANTED_OF_PARSE:g}")
    _say_ratio("the same for the page in the middle", statistics.median(map(_divided, whole, bare)), "")
    for formasaurus in theirs:
        _say(f"{peers.FORMASAURUS}, forms and fields alone", formasaurus)
        _say_ratio("we are as fast", sum(formasaurus) / sum(whole), f"≥ {WANTED_OF_FORMASAURUS:g}")
    _by_class(pages, bare, whole)


def _beside_extract_emails(pages: Sequence[Page]) -> None:
    if not peers.EXTRACT_EMAILS.is_installed():
        return
    works = [_whole, peers.extract_emails()]
    _prepare(works, pages)
    whole, theirs = measure(works, pages)
    _say(f"{peers.EXTRACT_EMAILS}, {len(pages)} of them, addresses alone", theirs)
    _say("the whole reading of these", whole)
    _say_ratio("we are as fast", sum(theirs) / sum(whole), f"≥ {WANTED_OF_EXTRACT_EMAILS:g}")


def _prepare(works: Sequence[Work], pages: Sequence[Page]) -> None:
    """Load what is loaded late, and decode for the peers: their work begins behind that, ours does not."""
    for work in works:
        work(pages[0])
    for page in pages:
        _ = page.html


def _by_class(pages: Sequence[Page], bare: Milliseconds, whole: Milliseconds) -> None:
    """Where the time goes by kind of page."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, page in enumerate(pages):
        places[f"set {page.set_name}"].append(place)
        places[f"size {_size(page)}"].append(place)
    print(f"  {'':24}{'pages':>6}{'bare ms':>9}{'ours ms':>9}{'ratio':>8}")
    for name, members in sorted(places.items()):
        parse, ours_ = _mean([bare[place] for place in members]), _mean([whole[place] for place in members])
        print(f"  {name:24}{len(members):6}{parse:9.2f}{ours_:9.2f}{ours_ / parse:7.1f}×")


def _size(page: Page) -> str:
    upper = next((border for border in KILOBYTES if len(page.raw) < 1000 * border), None)
    return f"under {upper:3} kB" if upper else f"{KILOBYTES[-1]} kB and more"


def _by_part(pages: Sequence[Page]) -> None:
    """What each reader adds to those before it, on the page that is parsed by then."""
    spent: dict[str, float] = defaultdict(float)
    for page in pages:
        for name, part in ours.parts(page.raw, page.content_type, page.url):
            began = time.process_time()
            part()
            spent[name] += time.process_time() - began
        ours.forget()
    print("  of which, in this order: ", end="")
    print(", ".join(f"{name} {1000 * seconds / len(pages):.2f} ms" for name, seconds in spent.items()))


def _say(name: str, milliseconds: Milliseconds) -> None:
    mean = _mean(milliseconds)
    print(f"  {name:48}{mean:9.2f} ms a page{1000 / mean:9.1f} pages a second")


def _say_ratio(name: str, ratio: float, wanted: str) -> None:
    print(f"  {'  ' + name:48}{ratio:9.2f}×{f'  (wanted {wanted})' if wanted else ''}")


def _divided(one: float, other: float) -> float:
    return one / other


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values)
