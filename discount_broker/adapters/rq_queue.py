"""The doorbell: RQ on any server that speaks the Redis protocol."""

from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

from discount_broker.kernel.jobs import Job

QUEUE = "broker"
JOB_TIMEOUT = 600
"""Seconds. A crawl takes the longest: eight pages, each after its turn at the host."""


class RqJobQueue:
    """Rings jobs of `workers.jobs` by name."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._queue = Queue(QUEUE, connection=redis)

    def put(self, job: Job, subject_id: UUID) -> None:
        """Ring once.

        Raises:
            redis.exceptions.RedisError

        """
        with self._redis.pipeline() as pipe:  # else RQ asks the server twice
            self._queue.enqueue_call(
                f"workers.jobs.{job}",
                args=(str(subject_id),),
                timeout=JOB_TIMEOUT,
                result_ttl=0,
                failure_ttl=86_400,
                description=f"{job} {subject_id}",
                pipeline=pipe,
            )
            pipe.execute()

    def waiting(self) -> int | None:
        """How many rings wait to be heard; None when the server cannot be reached."""
        try:
            return self._queue.count
        except RedisError:
            return None
