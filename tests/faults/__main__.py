"""The long form: `python -m tests.faults --outreaches 200`; exit code 1 when anything is lost or doubled."""

import argparse
import sys
from random import SystemRandom

import pytest

from tests.faults.run import Size, besiege

LARGEST_SEED = 1_000_000


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    options.add_argument("--outreaches", type=int, default=200, help="requests, each to a shop of its own")
    options.add_argument("--blows", type=int, default=60, help="how often something is hurt")
    options.add_argument("--workers", type=int, default=3)
    options.add_argument("--silences", type=int, default=2, help="mails after which the server says nothing")
    options.add_argument("--seed", type=int, help="repeat the plan of an earlier run")
    given = options.parse_args()
    size = Size(given.outreaches, given.blows, given.workers, given.silences)
    seed = SystemRandom().randrange(LARGEST_SEED) if given.seed is None else given.seed
    try:
        verdict = besiege(size, seed, lambda line: print(line, flush=True))
    except pytest.skip.Exception as missing:
        print(missing)
        return 2
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main())
