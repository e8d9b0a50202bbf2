"""The process that does the jobs: several, one after another, before it is put down.

A process for every job keeps one that hangs, leaks or crashes away from all others, and costs several times
what a short job does: the fork, connections to everything, a mail server's greeting.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import FrameType
from typing import Any

from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.exceptions import NoSuchJobError
from rq.executions import Execution
from rq.job import Job
from rq.registry import StartedJobRegistry

log = logging.getLogger(__name__)
STAMINA = 20.0
"""Seconds after which a horse begins no other job. Well below the time RQ gives a job that hangs beyond
its own limit (60 s), which it counts from the horse's first job."""


class SteadyWorker(Worker):
    """RQ's worker, whose horse goes on as long as jobs wait and all goes well."""

    is_enough = False
    executions: dict[str, Execution]
    spell: Callable[[], AbstractContextManager[None]] = nullcontext
    """Surrounds all that one horse does."""

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Do this job, then those that wait behind it. Runs in the horse."""
        ends_at = time.monotonic() + STAMINA
        with self.spell():
            went_well = super().perform_job(job, queue, execution)
            while went_well and self._may_go_on(ends_at) and (found := self._next()):
                went_well = super().perform_job(*found, self.prepare_execution(found[0]))
        return went_well

    def _may_go_on(self, ends_at: float) -> bool:
        """A horse whose worker was killed is nobody's: it ends what it does, and takes nothing more."""
        has_owner = os.getppid() == self.pid
        return has_owner and not self.is_enough and time.monotonic() < ends_at

    def _next(self) -> tuple[Job, Queue] | None:
        found: tuple[Job, Queue] | None
        try:
            found = _untyped(self.queue_class).dequeue_any(
                self.queues,
                None,
                connection=self.connection,
                job_class=self.job_class,
                serializer=self.serializer,
                death_penalty_class=self.death_penalty_class,
            )
        except RedisError:  # its worker will notice, and wait until there is one again
            return None
        return found

    def handle_job_success(
        self, job: Job, queue: Queue, started_job_registry: StartedJobRegistry, execution: Execution
    ) -> None:
        """Forget the job.

        A bell has no result, no repeats and nothing that depends on it: RQ looks for all of
        these, in a dozen round trips where one is enough.
        """
        del queue, started_job_registry
        with self.connection.pipeline() as pipeline:
            self.increment_successful_job_count(pipeline)
            self.cleanup_execution(job, pipeline=pipeline, execution=execution)
            pipeline.delete(job.key)
            pipeline.execute()

    def monitor_work_horse(self, job: Job, queue: Queue, execution: Execution) -> None:
        """Wait for the horse; a job that it died of is failed, whichever it was. Runs in the worker."""
        _untyped(super()).monitor_work_horse(job, queue, execution)
        for left in self.get_current_executions(refresh=True):
            log.warning("the work horse died of job %s", left.job_id)
            self._fail(left, queue)

    def _fail(self, execution: Execution, queue: Queue) -> None:
        job = self._job_of(execution)
        if job is not None:
            self.handle_job_failure(job, queue, exc_string="The work horse died.", execution=execution)

    def maintain_heartbeats(self, _first: Job, _execution: Execution) -> None:
        """Tell Redis that the job is alive which the horse does now: its first may be over."""
        for current in self.get_current_executions(refresh=True):
            its_job = self._job_of(current)
            if its_job is not None:
                super().maintain_heartbeats(its_job, current)

    def _job_of(self, execution: Execution) -> Job | None:
        try:
            return self.job_class.fetch(execution.job_id, self.connection, self.serializer)
        except NoSuchJobError:
            return None

    def handle_warm_shutdown_request(self) -> None:
        """Let the horse end what it does and take nothing more."""
        if self.horse_pid:
            os.kill(self.horse_pid, signal.SIGUSR1)

    def _install_signal_handlers(self) -> None:
        """The horse inherits the handler: there is no moment at which the signal would kill it."""
        _untyped(super())._install_signal_handlers()
        signal.signal(signal.SIGUSR1, self._note_enough)

    def _note_enough(self, _number: int, _frame: FrameType | None) -> None:
        self.is_enough = True


def _untyped(parent: Any) -> Any:
    """Half of RQ's methods carry no types."""
    return parent
