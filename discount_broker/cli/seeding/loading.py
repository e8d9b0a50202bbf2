"""Writing many rows to a database that has little to do beside."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import Connection, text

KEYS = text(
    "SELECT conrelid::regclass::text AS place, conname AS name, pg_get_constraintdef(oid) AS words"
    " FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(:tables) ORDER BY 1, 2"
)
INDICES = text(
    "SELECT tablename AS place, indexname AS name, indexdef AS words FROM pg_indexes"
    " WHERE schemaname = current_schema() AND tablename = ANY(:tables)"
    " AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY 1, 2"
)


class Part(NamedTuple):
    """A foreign key or an index, and the words that make it anew."""

    place: str
    name: str
    words: str


def insert(
    connection: Connection, table: str, names: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Many rows at once: COPY on PostgreSQL, one prepared INSERT elsewhere."""
    columns = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "postgresql":
        driver = connection.connection.driver_connection
        assert driver is not None
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as lines:
            for row in rows:
                lines.write_row(row)
        return
    places, many = ", ".join("?" * len(names)), [*rows]
    if many:
        statement = f'INSERT INTO "{table}" ({columns}) VALUES ({places})'  # noqa: S608 - names of our own tables
        connection.exec_driver_sql(statement, many)


@contextmanager
def checked_at_the_end(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Check what refers to what, and build the indices, once for all rows instead of for each.

    PostgreSQL takes keys and indices away and makes them anew within the transaction: when it is broken off,
    all is as it was before.
    """
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        yield
        return
    keys, indices = (
        [Part(*row) for row in connection.execute(query, {"tables": [*tables]})] for query in (KEYS, INDICES)
    )
    for key in keys:
        connection.exec_driver_sql(f'ALTER TABLE "{key.place}" DROP CONSTRAINT "{key.name}"')
    for index in indices:
        connection.exec_driver_sql(f'DROP INDEX "{index.name}"')
    yield
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    for index in indices:
        connection.exec_driver_sql(index.words)
    for key in keys:
        connection.exec_driver_sql(f'ALTER TABLE "{key.place}" ADD CONSTRAINT "{key.name}" {key.words}')
