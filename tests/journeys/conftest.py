from collections.abc import Iterator

import pytest

from discount_broker.kernel.clock import utcnow
from tests.queue_check import list_misplaced


@pytest.fixture(autouse=True)
def queue_in_order(request: pytest.FixtureRequest, world: None) -> Iterator[None]:
    """However a story goes: at its end every shop stands where its cases put it."""
    yield
    if "app" in request.fixturenames:
        assert list_misplaced(utcnow()) == []
