"""A private PostgreSQL that can be pulled from under the service."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.postgresql import HASTY, Cluster, find_programs, running_postgresql

__all__ = ["Cluster", "private_postgresql"]


@contextmanager
def private_postgresql() -> Iterator[Cluster]:
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with running_postgresql(programs, HASTY) as cluster:
        yield cluster
