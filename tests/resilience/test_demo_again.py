"""`make demo` after everything was killed, on a folder that was not left in order."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo.children import ROOT, wait_until
from demo.place import Place
from tests.contract.mail_servers import free_port
from tests.resilience.installation import kill_session, members_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sqlite,  # a demonstration always has SQLite
]
PATIENCE = 120.0


class Demonstration:
    def __init__(self, folder: Path, output: Path) -> None:
        self._output = output
        environment = {**os.environ, "LC_ALL": "C", "PYTHONUNBUFFERED": "1"}
        with output.open("wb") as told:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "demo", "--folder", str(folder)],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return " ".join(self._output.read_text(encoding="utf-8").split())

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_for(self, words: str) -> None:
        wait_until(lambda: words in self.said or not self.is_running, PATIENCE)
        assert words in self.said, self.said

    def kill_everything(self) -> None:
        sessions = [self._process.pid, *children_of(self._process.pid)]
        for session in sessions:
            kill_session(session)
        self._process.wait(PATIENCE)
        assert wait_until(lambda: not any(map(members_of, sessions)), PATIENCE)


def children_of(parent: int) -> list[int]:
    return [
        int(pid)
        for thread in Path(f"/proc/{parent}/task").iterdir()
        for pid in (thread / "children").read_text().split()
    ]


@contextmanager
def demonstrating(folder: Path, until: str = "Ready after") -> Iterator[Demonstration]:
    found = Demonstration(folder, folder.with_suffix(".txt"))
    try:
        found.wait_for(until)
        yield found
    finally:
        if found.is_running:
            found.kill_everything()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place with ports of its own."""
    place = Place(tmp_path / "demo")
    for name in vars(place.ports):
        setattr(place.ports, name, free_port())
    place.save()
    return place.folder


def test_a_demonstration_killed_whole_starts_again_whatever_became_of_its_queue(folder: Path) -> None:
    with demonstrating(folder) as first:
        first.kill_everything()
    log = next((folder / "queue").glob("appendonlydir/*.incr.aof"))
    assert log.stat().st_size > 100
    log.write_bytes(log.read_bytes()[:-7])
    with demonstrating(folder) as second:
        assert "The end of the queue's log was missing" in second.said
        second.kill_everything()
    log = next((folder / "queue").glob("appendonlydir/*.incr.aof"))
    log.write_bytes(b"not a log at all" + log.read_bytes())
    with demonstrating(folder, until="The queue answers") as third:
        assert "The queue's log could not be read and was put aside" in third.said
    assert list((folder / "queue").glob("appendonlydir.broken/*.incr.aof"))
