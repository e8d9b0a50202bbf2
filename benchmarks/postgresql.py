"""A private PostgreSQL of this machine's own packages: made, started, stopped, thrown away."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60
HASTY = "-c fsync=off"
"""For tests: what is thrown away afterwards need not survive a power cut."""


class Cluster:
    def __init__(self, programs: Path, home: Path, options: str) -> None:
        self._programs, self._home, self._options = programs, home, options
        self._port = _any_port()
        self.url = f"postgresql+psycopg://broker@127.0.0.1:{self._port}/postgres"

    def make(self) -> None:
        login = ("--username=broker", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        self._run("initdb", "-D", str(self._home / "data"), "--no-sync", *login)

    def start(self) -> None:
        options = f"-p {self._port} -k {self._home} -c listen_addresses=127.0.0.1 {self._options}"
        self._control("-w", "-l", str(self._home / "log"), "-o", options, "start")

    def pull_the_plug(self) -> None:
        self._control("-w", "-m", "immediate", "stop")

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "-D", str(self._home / "data"), *words)

    def _run(self, program: str, *words: str) -> None:
        # A server that goes on in the background must not hold a pipe of ours open.
        subprocess.run(
            [str(self._programs / program), *words],
            check=True,
            timeout=PATIENCE,
            cwd=self._home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user="postgres" if os.geteuid() == 0 else None,  # it refuses root
        )


def _any_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def find_programs() -> Path | None:
    """Where Debian keeps the newest of them; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def running_postgresql(programs: Path, options: str = "") -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="broker-postgresql-") as folder:
        home = Path(folder)
        if os.geteuid() == 0:
            subprocess.run(["chown", "postgres", folder], check=True)
        cluster = Cluster(programs, home, options)
        cluster.make()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.pull_the_plug()
