"""Goes on when Redis goes away and comes back: the rows wait, so their worker can wait too."""

import logging
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq.cron import CronScheduler
from rq.exceptions import SchedulerNotFound

from workers.horse import SteadyWorker

log = logging.getLogger(__name__)
LOOK_EVERY = 1.0


class EnduringWorker(SteadyWorker):
    """RQ's worker, which knows whether it ended because it was asked to."""

    max_connection_wait_time = 5.0
    was_told_to_stop = False
    pubsub_thread: Any

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.was_told_to_stop = True
        _untyped(super()).request_stop(signum, frame)

    def register_death(self) -> None:
        with suppress(RedisError):  # nobody there to be told
            _untyped(super()).register_death()

    def unsubscribe(self) -> None:
        try:
            _untyped(super()).unsubscribe()
        except RedisError:
            self.pubsub_thread.stop()


class EnduringScheduler(CronScheduler):
    """RQ's scheduler, whose end is not spoiled by a Redis that is gone or was emptied."""

    def register_death(self, pipeline: Any = None) -> None:
        with suppress(RedisError, SchedulerNotFound):
            super().register_death(pipeline)


def stay(redis: Redis, work: Callable[[], bool]) -> None:
    """Work until `work` says that it was told to stop; begin anew whenever it ended otherwise."""
    while True:
        _await(redis)
        try:
            if work():
                return
        except RedisError as trouble:
            log.warning("lost Redis: %s", trouble)
        time.sleep(LOOK_EVERY)


def _await(redis: Redis) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # RQ's own would wait for a job that is not there
    is_told = False
    while not _answers(redis):
        if not is_told:
            log.warning("Redis cannot be reached: waiting for it")
        is_told = True
        time.sleep(LOOK_EVERY)


def _answers(redis: Redis) -> bool:
    try:
        return bool(redis.ping())
    except RedisError:
        return False


def _untyped(parent: Any) -> Any:
    """Half of RQ's methods carry no types."""
    return parent
