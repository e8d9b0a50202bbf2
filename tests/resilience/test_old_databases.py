"""A database made by any earlier version of the tables, with rows in it, can be brought up to date."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import JSON, Connection, Engine, MetaData, Table, func, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from discount_broker.cli.database import run, upgrade
from discount_broker.kernel.db import db

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


@pytest.fixture
def engine(app: Flask) -> Iterator[Engine]:
    """The database without tables; whole again afterwards."""
    db.session.close()
    run(lambda config: command.downgrade(config, "base"))
    yield db.engine
    upgrade()


@pytest.mark.parametrize("revision", REVISIONS)
def test_rows_of_an_old_database_survive_the_upgrade(engine: Engine, revision: str) -> None:
    run(lambda config: command.upgrade(config, revision))
    with engine.begin() as connection:
        filled = fill(connection)
    assert len(filled) >= 19, f"too few tables took a row: {filled}"
    upgrade()
    kept = inspect(engine).get_table_names()
    with engine.connect() as connection:
        tables = reflected(connection)
        for name in filled:
            if name in kept:  # a table that was given up takes its rows along
                count = connection.scalar(select(func.count()).select_from(tables.tables[name]))
                assert count == 1, f"{name} lost its row"


def fill(connection: Connection) -> list[str]:
    """Put a row into every table that takes one without further knowledge; their names."""
    rows: dict[str, Mapping[str, Any]] = {}
    for table in reflected(connection).sorted_tables:
        if table.name == "alembic_version":
            continue
        for status, is_linked in product(STATUSES, (True, False)):
            row = sample_row(table, rows, status, is_linked=is_linked)
            try:
                with connection.begin_nested():
                    connection.execute(insert(table).values(row))
            except IntegrityError:
                continue  # its columns depend on each other: perhaps another way
            rows[table.name] = row
            break
    return list(rows)


def reflected(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    return found


def sample_row(
    table: Table, rows: Mapping[str, Mapping[str, Any]], status: str, *, is_linked: bool
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns:
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
