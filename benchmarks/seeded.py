"""Databases filled by `flask seed`, one of each size, and the application that answers from one of them."""

import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask

from benchmarks.installation import back_office, make_environment
from benchmarks.postgresql import find_programs, running_postgresql
from discount_broker.app import create_app
from discount_broker.kernel.db import db
from discount_broker.settings import Settings

MEMORY = "-c shared_buffers=1GB -c max_wal_size=8GB"
"""What a server for a million cases is given; the rest is as PostgreSQL comes."""


@dataclass(frozen=True)
class Seeded:
    """One database of its own, and the application of this process that works on it."""

    app: Flask
    url: str
    seeding: float
    """Seconds; nothing where it was there already."""

    @property
    def is_new(self) -> bool:
        return self.seeding > 0


@contextmanager
def any_server(url: str) -> Iterator[str | None]:
    """The server named, else one of our own that is thrown away; None where PostgreSQL is not installed."""
    programs = find_programs()
    if url or programs is None:
        yield url or None
        return
    with running_postgresql(programs, MEMORY) as cluster:
        yield cluster.url


@contextmanager
def seeded(server: str, name: str, cases: int) -> Iterator[Seeded]:
    """The database of this name, filled where it is new, else brought up to date as it stands."""
    url, is_new = _database(server, f"{name}_{cases}")
    with tempfile.TemporaryDirectory(prefix="broker-bench-") as folder:
        environment = make_environment(Path(folder), url, 25)
        with back_office(Path(folder), environment, 0):
            seconds = _seed(environment, cases) if is_new else 0.0
            app = create_app(Settings.from_env(environment))
            _write_logs_to(Path(folder) / "log")
            settle(url)
            try:
                yield Seeded(app, url, seconds)
            finally:
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()


def _database(server: str, name: str) -> tuple[str, bool]:
    """Its address, and whether it was made just now."""
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{server.rpartition('/')[0]}/{name}", not found


def _seed(environment: dict[str, str], cases: int) -> float:
    """Seconds that the command takes."""
    began = time.monotonic()
    command = (sys.executable, "-m", "flask", "--app", "wsgi", "seed", "--cases", str(cases))
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def _write_logs_to(path: Path) -> None:
    """Every answer is noted as by a server, only not on this terminal."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(path.open("w"))


def settle(url: str) -> None:
    """As a database is after a night: counted, and its pages marked as visible to all."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
