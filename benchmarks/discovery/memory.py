"""Whether a worker that reads page after page stays as large as it is."""

import multiprocessing
import os
import random
import statistics
from pathlib import Path

from benchmarks.discovery import ours
from benchmarks.discovery.corpus import all_pages, are_here

SEED = 20130
PAGES = 2000
EVERY = 200
LOOKS = 20
"""Pages between two looks at the size; every tenth is printed."""
STATM = Path("/proc/self/statm")


def run() -> None:
    """In a process of its own: what the peers take is not ours."""
    if not are_here():
        return
    if not STATM.exists():
        print("  skipped: this system does not say how large a process is (/proc/self/statm)")
        return
    reading = multiprocessing.get_context("spawn").Process(target=read_on)
    reading.start()
    reading.join()


def read_on() -> None:
    """Read pages and say the size in between."""
    pages = [(page.raw, page.content_type, page.url) for page in all_pages()]
    random.Random(SEED).shuffle(pages)
    print(f"  {PAGES} pages read in one process ({len(pages)} different ones); MB resident:")
    sizes = [(0, resident())]
    for number in range(PAGES):
        ours.whole(*pages[number % len(pages)])
        if (number + 1) % LOOKS == 0:
            sizes.append((number + 1, resident()))
    print("  " + "  ".join(f"{number}: {size:.0f}" for number, size in sizes if number % EVERY == 0))
    # By then the largest page has been read, and everything that is loaded late is loaded.
    again = [(number, size) for number, size in sizes if number > len(pages)]
    slope, _ = statistics.linear_regression(*zip(*again, strict=True))
    print(f"  when pages come again, from {again[0][0]} on: {1000 * slope:+.1f} MB for every 1,000 pages")


def resident() -> float:
    pages = int(STATM.read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
