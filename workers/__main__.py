"""`python -m workers`: one worker of the queue `broker`."""

import os

from redis import Redis
from rq import Queue, Worker

from discount_broker.app import create_app
from discount_broker.settings import Settings
from workers import jobs as _jobs_imported_before_forking  # noqa: F401 - so that each job starts at once
from workers import runtime

QUEUE = "broker"


def main() -> None:
    settings = Settings.from_env(os.environ)
    runtime.bind(create_app(settings))
    redis = Redis.from_url(settings.redis_url)
    # One queue per worker: RQ then moves a job with BLMOVE and can find it again when the worker dies.
    Worker([Queue(QUEUE, connection=redis)], connection=redis, worker_ttl=75, maintenance_interval=30).work(
        logging_level="WARNING"
    )


if __name__ == "__main__":
    main()
