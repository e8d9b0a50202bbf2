"""Measures discovery, or parts of it: `python -m benchmarks.discovery [quality speed memory fetches]`."""

import argparse

from benchmarks.discovery import PARTS, run


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.discovery", description=__doc__)
    choices = [*PARTS, []]
    options.add_argument("parts", nargs="*", choices=choices, help="which; all when none is named")
    run(options.parse_args().parts)


if __name__ == "__main__":
    main()
