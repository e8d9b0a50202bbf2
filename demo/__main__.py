"""Runs the whole demonstration: `python -m demo [--fresh] [--folder DIR]`; `make demo` calls it."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from demo.guide import show_guide
from demo.place import ROOT, Place
from demo.ports import Claims
from demo.supervisor import CannotRun, Supervisor, choose_ports, empty, sole_owner


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    options.add_argument("--fresh", action="store_true", help="forget what earlier demonstrations left")
    options.add_argument(
        "--folder", type=Path, default=ROOT / "var" / "demo", help="where everything is kept"
    )
    given = options.parse_args()
    console = Console()
    try:
        with sole_owner(given.folder), Claims() as claims:
            if given.fresh:
                empty(given.folder)
            place = prepared(given.folder, console, claims)
            Supervisor(place, console).run(lambda seconds: show_guide(place, console, seconds))
    except (CannotRun, OSError) as why:
        console.print(str(why), style="red", markup=False, highlight=False, soft_wrap=True)
        return 1
    return 0


def prepared(folder: Path, console: Console, claims: Claims) -> Place:
    """Return the place of this run, with ports that are free and room for its logs."""
    place = Place(folder).load()
    choose_ports(place, console, claims)
    place.save()
    place.logs.mkdir(exist_ok=True)
    for log in place.logs.glob("*.log"):
        log.unlink()
    return place


if __name__ == "__main__":
    sys.exit(main())
