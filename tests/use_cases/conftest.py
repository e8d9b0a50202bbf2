from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from tests.clockwork import work_until_quiet
from tests.fakes import FakeFetcher, RecordingQueue

Work = Callable[[datetime], list[str]]


@pytest.fixture
def work_at(app: Flask, queue: RecordingQueue, fetcher: FakeFetcher) -> Work:
    return lambda now: work_until_quiet(app, queue, fetcher, now)
