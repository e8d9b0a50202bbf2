"""Runs every benchmark and prints its figures: `python -m benchmarks [name …]`; `make bench` calls it."""

import argparse
import os
import platform
from functools import partial
from pathlib import Path

from benchmarks import budget, desk, discovery, dispatch, mail, pipeline, rivals, scorecards, web

BENCHMARKS = {
    "discovery": discovery.run,
    "rivals": rivals.run,
    "mail": mail.run,
    "pipeline": pipeline.run,
    "dispatch": dispatch.run,
    "desk": desk.run,
    "scorecards": scorecards.run,
    "web": web.run,
    "budget": budget.run,
}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument(
        "names", nargs="*", choices=[*BENCHMARKS, []], help="which; all of them when none is named"
    )
    options.add_argument(
        "--sizes",
        type=_numbers,
        help="of `desk` and `scorecards`: cases of each database, 1000,10000",
    )
    options.add_argument(
        "--plans", type=Path, help="of `desk`: folder for how the database answers each statement"
    )
    options.add_argument(
        "--server", default="", help="of these two: a PostgreSQL that keeps its databases for the next time"
    )
    chosen = options.parse_args()
    names = chosen.names or list(BENCHMARKS)
    told = {
        "desk": partial(desk.run, chosen.sizes or desk.SIZES, plans=chosen.plans, server=chosen.server),
        "scorecards": partial(scorecards.run, chosen.sizes or scorecards.SIZES, server=chosen.server),
    }
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = os.getloadavg()[0]
    print(f"Python {platform.python_version()}, {cores} cores, load {load:.1f} before the first figure")
    for name in names:
        print(f"\n{name}")
        told.get(name, BENCHMARKS[name])()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    main()
