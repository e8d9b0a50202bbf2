"""Jobs for the tests of work horses; `python -m tests.resilience.chores SOCKET` does those that wait."""

import os
import signal
import sys
import time
from pathlib import Path

from redis import Redis
from rq import Queue

from workers.horse import SteadyWorker


def note(book: str, word: str) -> None:
    """Write down who does it."""
    with Path(book).open("a") as lines:
        lines.write(f"{word} {os.getpid()}\n")


def crash(book: str) -> None:
    note(book, "crash")
    os.kill(os.getpid(), signal.SIGKILL)


def fail(book: str) -> None:
    note(book, "fail")
    raise ValueError(book)


def hang(book: str) -> None:
    note(book, "hang")
    time.sleep(60)


def take_a_while(book: str) -> None:
    note(book, "begun")
    time.sleep(1.5)
    note(book, "done")


def main(socket: str) -> None:
    redis = Redis(unix_socket_path=socket)
    SteadyWorker([Queue("chores", connection=redis)], connection=redis).work(
        burst=True, logging_level="WARNING"
    )


if __name__ == "__main__":
    main(sys.argv[1])
