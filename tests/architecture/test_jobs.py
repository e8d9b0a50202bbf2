from importlib import import_module

import pytest

from discount_broker.kernel.jobs import Job
from workers import runtime, schedule


@pytest.mark.parametrize("job", Job)
def test_every_job_the_app_rings_exists(job: Job) -> None:
    assert callable(getattr(import_module("workers.jobs"), job))


def test_every_sweep_stands_in_the_timetable() -> None:
    assert set(runtime.sweeps) == set(schedule.SECONDS_BETWEEN)


def test_a_demonstrations_timetable_is_faster_but_never_frantic() -> None:
    assert schedule.interval(60, clock_speed=1) == 60
    assert schedule.interval(60, clock_speed=2880) == 2
    assert schedule.interval(3600, clock_speed=2) == 3600
