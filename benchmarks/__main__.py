"""Runs every benchmark and prints its figures: `python -m benchmarks [name …]`; `make bench` calls it."""

import argparse
import os
import platform

from benchmarks import discovery, dispatch, mail, pipeline, rivals

BENCHMARKS = {
    "discovery": discovery.run,
    "rivals": rivals.run,
    "mail": mail.run,
    "pipeline": pipeline.run,
    "dispatch": dispatch.run,
}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument(
        "names", nargs="*", choices=[*BENCHMARKS, []], help="which; all of them when none is named"
    )
    names = options.parse_args().names or list(BENCHMARKS)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = os.getloadavg()[0]
    print(f"Python {platform.python_version()}, {cores} cores, load {load:.1f} before the first figure")
    for name in names:
        print(f"\n{name}")
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()
