"""What the supervisor starts ends with it, whatever happens."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from demo.children import LEASH, Child, stop, wait_until
from demo.ports import Claims

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = "import signal as s, time; s.signal(s.SIGTERM, s.SIG_IGN); print('up', flush=True); time.sleep(60)"


@pytest.fixture
def start(tmp_path: Path):
    children = []

    def started(command: list[str]) -> Child:
        child = Child("program", command, os.environ, tmp_path / "program.log")
        child.start()
        children.append(child)
        return child

    yield started
    stop(children, 0)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_program_is_asked_to_end_and_ends(start):
    child = start(SLEEP)
    stop([child], 5)
    assert child.exit_code == -signal.SIGTERM


def test_a_program_that_does_not_listen_is_ended(start):
    child = start([sys.executable, "-c", DEAF])
    assert wait_until(lambda: "up" in child.last_lines(), 10)
    stop([child], 0.2)
    assert wait_until(lambda: child.has_ended, 5)
    assert child.exit_code == -signal.SIGKILL


def test_a_program_that_crashes_may_start_again_a_few_times_only(start):
    child = start([sys.executable, "-c", "raise SystemExit('broken')"])
    starts = 1
    while wait_until(lambda: child.has_ended, 10) and child.may_start_again:
        child.start()
        starts += 1
    assert starts == 6
    assert "broken" in child.last_lines()


@pytest.mark.parametrize("way", ["become", "watch"])
def test_a_killed_supervisor_leaves_nobody_behind(way: str, tmp_path: Path):
    """`become` is the way of Linux; `watch` the one for systems whose kernel does not do it."""
    if way == "become" and sys.platform != "linux":
        pytest.skip("only Linux ends a child with its parent")
    told = tmp_path / "pid"
    program = (
        f"import os, time, pathlib; pathlib.Path({str(told)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    leash = (
        "import os, sys; sys.path.insert(0, sys.argv.pop(1)); os.setsid(); import leash;"
        f"leash.{way}([{sys.executable!r}, '-c', sys.argv[1]], os.getppid())"
    )
    supervisor = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys; subprocess.run(sys.argv[1:])",
            *[sys.executable, "-c", leash, str(LEASH.parent), program],
        ]
    )
    assert wait_until(lambda: told.exists() and bool(told.read_text()), 10)
    supervisor.kill()
    supervisor.wait()
    assert wait_until(lambda: not is_alive(int(told.read_text())), 5)


def test_a_taken_port_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with Claims() as claims:
            assert claims.take(port) > port
    with Claims() as claims:
        assert claims.take(port) == port
        assert claims.take(port) > port
