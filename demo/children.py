"""Programs that live and die with this one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
ROOT = LEASH.parent.parent
"""Programs find `wsgi` and `workers` where they are started."""
RESTARTS, WITHIN_SECONDS = 5, 60.0
REAPED_WITHIN = 5.0
"""Seconds in which a killed process is gone for good."""


class Child:
    """One program, in a session of its own so that Ctrl-C reaches the supervisor alone."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name, self._command, self._environment, self.log = name, list(command), environment, log
        self._process: subprocess.Popen[bytes] | None = None
        self._starts: list[float] = []

    def start(self) -> None:
        self.reap()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-SE", str(LEASH), *self._command],
                cwd=ROOT,
                env=dict(self._environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._starts.append(time.monotonic())

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def has_ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    @property
    def may_start_again(self) -> bool:
        """Whether it has not crashed too often of late."""
        recent = [at for at in self._starts if time.monotonic() - at < WITHIN_SECONDS]
        return len(recent) <= RESTARTS

    @property
    def exit_code(self) -> int | None:
        return self._process.poll() if self._process else None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program and to all it started."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    def reap(self) -> None:
        """Take note of its end, if it has been ended: a process that nobody asks for stays in the table."""
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(REAPED_WITHIN)

    def last_lines(self, count: int = 8) -> str:
        with suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
        return ""


def stop(children: Sequence[Child], seconds: float) -> None:
    """Ask all of them to end, and end those that have not after so many seconds."""
    for child in children:
        child.signal(signal.SIGTERM)
    wait_until(lambda: all(child.pid == 0 or child.has_ended for child in children), seconds)
    for child in children:
        # Even where the program itself has ended: something it started may be left.
        child.signal(signal.SIGKILL)
    for child in children:
        child.reap()


def wait_until(is_so: Callable[[], bool], seconds: float) -> bool:
    """Whether it became so within the time."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.03)
    return True
