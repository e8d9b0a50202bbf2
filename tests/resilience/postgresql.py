"""A private PostgreSQL that can be pulled from under the service."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract.mail_servers import free_port

PATIENCE = 60


class Cluster:
    def __init__(self, programs: Path, home: Path) -> None:
        self._programs, self._home, self._port = programs, home, free_port()
        self.url = f"postgresql+psycopg://broker@127.0.0.1:{self._port}/postgres"

    def make(self) -> None:
        login = ("--username=broker", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        self._run("initdb", "-D", str(self._home / "data"), "--no-sync", *login)

    def start(self) -> None:
        options = f"-p {self._port} -k {self._home} -c listen_addresses=127.0.0.1 -c fsync=off"
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


@contextmanager
def private_postgresql() -> Iterator[Cluster]:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with tempfile.TemporaryDirectory(prefix="broker-postgresql-") as folder:
        home = Path(folder)
        if os.geteuid() == 0:
            subprocess.run(["chown", "postgres", folder], check=True)
        cluster = Cluster(programs[-1].parent, home)
        cluster.make()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.pull_the_plug()
