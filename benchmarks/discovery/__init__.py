"""How much discovery finds, how fast and at what price, beside libraries that do a part of the same."""

import time
from collections.abc import Sequence

from benchmarks.discovery import fetches, memory, quality, speed

PARTS = {"quality": quality.run, "speed": speed.run, "memory": memory.run, "fetches": fetches.run}


def run(names: Sequence[str] = ()) -> None:
    """The parts that are named, or all."""
    for name in names or PARTS:
        began = time.monotonic()
        print(f"\n  {name}")
        PARTS[name]()
        print(f"  ({name}: {time.monotonic() - began:.0f} s)", flush=True)
