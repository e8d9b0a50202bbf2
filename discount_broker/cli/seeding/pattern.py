"""The rows of the small desk as they stand in the database, ready to be written again under other names."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from enum import Enum, auto
from typing import NamedTuple

from sqlalchemy import Column, Connection, DateTime, Integer, LargeBinary, Table, Uuid
from sqlalchemy.types import TypeDecorator

Cell = str | int | float | bytes | None
"""A value as the driver takes it: all text on PostgreSQL, what SQLite keeps on SQLite."""


class Role(Enum):
    """What a copy makes of a column."""

    SAME = auto()
    ID = auto()
    OPERATOR = auto()
    TIME = auto()
    DIGEST = auto()
    TEXT = auto()


class Phrase(NamedTuple):
    """Text that names something: `template` with the places of the names in it."""

    template: str
    names: tuple[str, ...]

    def told(self, fresh: dict[str, str]) -> str:
        return self.template % tuple(fresh[name] for name in self.names)


class Kept(NamedTuple):
    """One column of one table, all its rows."""

    name: str
    role: Role
    cells: Sequence[Cell]
    phrases: dict[int, Phrase]
    """Rows whose text names something."""


class KeptTable(NamedTuple):
    name: str
    columns: list[Kept]


def keep(connection: Connection, table: Table, names: re.Pattern[str], known: Iterable[str]) -> KeptTable:
    """Read a whole table. `names` finds what may be a name in a text, `known` are those that are one."""
    columns = [column for column in table.columns if not _counts_up(column)]
    rows = connection.exec_driver_sql(_reading(connection, table, columns)).all()
    known = frozenset(known)
    return KeptTable(
        table.name,
        [_kept(column, [row[place] for row in rows], names, known) for place, column in enumerate(columns)],
    )


def _reading(connection: Connection, table: Table, columns: Sequence[Column[object]]) -> str:
    """Everything as text where the database can write it so: what is read can be written back as it is."""
    as_text = "::text" if connection.dialect.name == "postgresql" else ""
    what = ", ".join(f'"{column.name}"{as_text}' for column in columns)
    # A line of the trail that names no shop is about the staff.
    only = ' WHERE "shop_id" IS NOT NULL' if table.name == "audit_entry" else ""
    order = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    return f'SELECT {what} FROM "{table.name}"{only} ORDER BY {order}'  # noqa: S608 - names of our own tables


def _counts_up(column: Column[object]) -> bool:
    return column.primary_key and isinstance(column.type, Integer)


def _kept(column: Column[object], cells: list[Cell], names: re.Pattern[str], known: frozenset[str]) -> Kept:
    role = _role_of(column)
    phrases = {}
    if role in (Role.ID, Role.OPERATOR):
        cells = [str(cell).replace("-", "") if cell else None for cell in cells]
    elif role is Role.TEXT:
        found = (
            (row, _phrase(cell, names, known)) for row, cell in enumerate(cells) if isinstance(cell, str)
        )
        phrases = {row: phrase for row, phrase in found if phrase.names}
    return Kept(column.name, role, cells, phrases)


def _role_of(column: Column[object]) -> Role:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    points_at = {key.column.table.name for key in column.foreign_keys}
    if isinstance(kind, Uuid):
        return Role.OPERATOR if "operator" in points_at else Role.ID
    if column.name == "digest":
        return Role.DIGEST
    if isinstance(kind, DateTime):
        return Role.TIME
    return Role.SAME if isinstance(kind, LargeBinary) else Role.TEXT


def _phrase(text: str, names: re.Pattern[str], known: frozenset[str]) -> Phrase:
    found: list[str] = []

    def place(match: re.Match[str]) -> str:
        if match[0] not in known:
            return match[0].replace("%", "%%")
        found.append(match[0])
        return "%s"

    return Phrase(_outside(text, names, place), tuple(found))


def _outside(text: str, names: re.Pattern[str], place: Callable[[re.Match[str]], str]) -> str:
    """Replace what is found; what stands between becomes part of a template."""
    parts, end = [], 0
    for match in names.finditer(text):
        parts += [text[end : match.start()].replace("%", "%%"), place(match)]
        end = match.end()
    return "".join([*parts, text[end:].replace("%", "%%")])


def as_moment(cell: Cell) -> datetime:
    moment = datetime.fromisoformat(str(cell))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_cell(moment: datetime, *, with_zone: bool) -> str:
    """A time as the database reads it: SQLite keeps no zone, and compares texts."""
    utc = moment.astimezone(UTC)
    return (utc if with_zone else utc.replace(tzinfo=None)).isoformat(" ", "microseconds")
