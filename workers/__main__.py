"""`python -m workers`: one worker of the queue `broker`."""

import gc
import os
from collections.abc import Callable
from contextlib import AbstractContextManager

from redis import Redis
from rq import Queue

from discount_broker.app import create_app
from discount_broker.messaging.rendering import renderer
from discount_broker.settings import Settings
from workers import jobs as _jobs_imported_before_forking  # noqa: F401 - so that each job starts at once
from workers import runtime
from workers.endurance import EnduringWorker, stay

QUEUE = "broker"


def main() -> None:
    settings = Settings.from_env(os.environ)
    app = create_app(settings)
    runtime.bind(app)
    # Every job runs in a process of its own, forked from this one: what is done here it need not do again.
    renderer().prepare()
    gc.freeze()  # nor copy the pages a collection would have touched
    redis = Redis.from_url(settings.redis_url)
    stay(redis, lambda: work(redis, app.extensions["staying_connected"]))


def work(redis: Redis, spell: Callable[[], AbstractContextManager[None]]) -> bool:
    """Do jobs until told to stop, or until Redis is lost; whether it was told.

    The mails that one work horse sends share a conversation with the mail server.
    """
    # One queue per worker: RQ then moves a job with BLMOVE and can find it again when the worker dies.
    queue = Queue(QUEUE, connection=redis)
    worker = EnduringWorker([queue], connection=redis, worker_ttl=75, maintenance_interval=30)
    worker.spell = spell
    worker.work(logging_level="WARNING")
    return worker.was_told_to_stop


if __name__ == "__main__":
    main()
