"""The fault test in a short form; `make faults` is the long one."""

import pytest

from tests.faults.run import Size, besiege

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]


def test_workers_queue_and_database_may_die_and_every_request_is_answered_for() -> None:
    said: list[str] = []
    verdict = besiege(Size(outreaches=24, blows=12, workers=2, silences=0), seed=20, say=said.append)
    assert not verdict.faults, "\n".join(said)
    assert verdict.fates.total() == 24
