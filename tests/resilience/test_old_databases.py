"""A database made by any earlier version of the tables, with rows in it, can be brought up to date."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import (
    JSON,
    URL,
    Connection,
    Engine,
    MetaData,
    NullPool,
    Table,
    create_engine,
    func,
    insert,
    inspect,
    make_url,
    select,
    table,
)
from sqlalchemy.exc import IntegrityError

from discount_broker.app import create_app
from discount_broker.cli.database import run, upgrade
from discount_broker.kernel.db import db
from discount_broker.settings import Settings

HISTORY = ScriptDirectory(str(Path(__file__).parents[2] / "discount_broker" / "migrations"))
REVISIONS = [script.revision for script in HISTORY.walk_revisions()][::-1]
STATUSES = ("draft", "planned", "queued", "open", "pending", "any")
"""What a row may begin as."""
SAMPLES: dict[type, Any] = {
    bool: False,
    int: 1,
    float: 0.5,
    Decimal: Decimal("1.00"),
    datetime: datetime(2030, 1, 14, 9, 0, tzinfo=UTC),
    date: date(2030, 1, 14),
    bytes: b"x",
}


class InFile:
    """A database of SQLite, and its copies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = f"sqlite:///{folder / 'now'}"

    def keep(self, name: str) -> None:
        shutil.copy(self._folder / "now", self._folder / name)

    def put_back(self, name: str) -> None:
        shutil.copy(self._folder / name, self._folder / "now")

    def forget(self) -> None:
        shutil.rmtree(self._folder)


class OnServer:
    """A database beside the one under test on its PostgreSQL, and its copies."""

    def __init__(self, beside: URL) -> None:
        self._beside, self._made = beside, set[str]()
        self._copy("now", of="template0")
        self.url = beside.set(database=self._called("now")).render_as_string(hide_password=False)

    def keep(self, name: str) -> None:
        self._copy(name, of=self._called("now"))

    def put_back(self, name: str) -> None:
        """Each once: a name is changed sooner than a database is copied."""
        now, kept = self._called("now"), self._called(name)
        self._say(f'DROP DATABASE "{now}"', f'ALTER DATABASE "{kept}" RENAME TO "{now}"')
        self._made.discard(kept)

    def forget(self) -> None:
        self._say(*(f'DROP DATABASE "{made}"' for made in self._made))

    def _copy(self, name: str, *, of: str) -> None:
        made = self._called(name)
        self._say(f'DROP DATABASE IF EXISTS "{made}"', f'CREATE DATABASE "{made}" TEMPLATE "{of}"')
        self._made.add(made)

    def _called(self, name: str) -> str:
        return f"{self._beside.database}_{name}"

    def _say(self, *sentences: str) -> None:
        engine = create_engine(self._beside, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            for sentence in sentences:
                connection.exec_driver_sql(sentence)


@pytest.fixture(scope="module")
def history(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, InFile | OnServer]]:
    """A service, and its database as each revision left it: kept while it grew through all of them."""
    url = make_url(settings.database_url)
    is_served = url.get_backend_name() == "postgresql"
    copies = OnServer(url) if is_served else InFile(tmp_path_factory.mktemp("old"))
    app = create_app(replace(settings, database_url=copies.url))
    with app.app_context():
        for revision in REVISIONS:
            run(partial(command.upgrade, revision=revision))
            db.engine.dispose()  # nobody may be connected to what is copied
            copies.keep(revision)
    yield app, copies
    copies.forget()


@pytest.fixture
def engine(history: tuple[Flask, InFile | OnServer], revision: str) -> Iterator[Engine]:
    app, copies = history
    with app.app_context():
        copies.put_back(revision)
        yield db.engine
        db.engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS)
def test_rows_of_an_old_database_survive_the_upgrade(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == revision
        filled = fill(connection)
    assert len(filled) >= 19, f"too few tables took a row: {filled}"
    upgrade()
    kept = inspect(engine).get_table_names()
    with engine.connect() as connection:
        for name in filled:
            if name in kept:  # a table that was given up takes its rows along
                count = connection.scalar(select(func.count()).select_from(table(name)))
                assert count == 1, f"{name} lost its row"


def fill(connection: Connection) -> list[str]:
    """Put a row into every table that takes one without further knowledge; their names."""
    rows: dict[str, Mapping[str, Any]] = {}
    found = MetaData()
    found.reflect(connection)
    for place in found.sorted_tables:
        if place.name == "alembic_version":
            continue
        for status, is_linked in product(STATUSES, (True, False)):
            row = sample_row(place, rows, status, is_linked=is_linked)
            try:
                with connection.begin_nested():
                    connection.execute(insert(place).values(row))
            except IntegrityError:
                continue  # its columns depend on each other: perhaps another way
            rows[place.name] = row
            break
    return list(rows)


def sample_row(
    place: Table, rows: Mapping[str, Mapping[str, Any]], status: str, *, is_linked: bool
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in place.columns:
        key = next(iter(column.foreign_keys), None)
        if column.name == "status":
            row["status"] = status
        elif key is not None and (is_linked or not column.nullable):
            row[column.name] = rows.get(key.column.table.name, {}).get(key.column.name)
        elif column.primary_key or not column.nullable:
            row[column.name] = sample(column.type)
    return row


def sample(kind: Any) -> Any:
    if isinstance(kind, JSON):
        return {}
    python_type = kind.python_type
    if python_type in SAMPLES:
        return SAMPLES[python_type]
    # An id is a text on SQLite; elsewhere nothing is shorter than 32 characters that must be unique.
    text = uuid4().hex[: getattr(kind, "length", None) or 32]
    return uuid4() if python_type.__name__ == "UUID" else text
