"""The database handle and the base class of every model."""

import re
import sqlite3
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID, uuid4

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Engine,
    Enum,
    Index,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    TypeDecorator,
    event,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, mapped_column, registry

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes in Python, whatever the database stores."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("naive datetime: use kernel.clock.utcnow()")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Text(TypeDecorator[str]):
    """Text that every database can keep, whatever a stranger's page, mail or form held."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Any) -> str | None:
        if value is None or (value.isprintable() and value.isascii()):
            return value
        # PostgreSQL refuses the null character, and nothing can write half of a surrogate pair.
        return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Number(TypeDecorator[IntEnum]):
    """Members of one IntEnum, kept as their numbers so that the database can order them."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, members: type[IntEnum]) -> None:
        self.members = members
        super().__init__()

    def process_bind_param(self, value: IntEnum | None, _dialect: Any) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, _dialect: Any) -> IntEnum | None:
        return None if value is None else self.members(value)


Id = Annotated[UUID, mapped_column(primary_key=True, default=uuid4)]
Amount = Numeric(14, 2)
"""A sum of money; its currency stands in the column beside it."""


class Base(DeclarativeBase):
    # A registry of our own: Flask-SQLAlchemy 3.1 rejects
    # a bare `type_annotation_map` on the base class.
    registry = registry(
        metadata=MetaData(naming_convention=CONSTRAINT_NAMES),
        type_annotation_map={
            datetime: UtcDateTime,
            str: Text,
            StrEnum: Enum(StrEnum, native_enum=False, length=40, values_callable=lambda e: [*e]),
            dict[str, Any]: JSON,
            list[Any]: JSON,
            list[str]: JSON,
            list[dict[str, Any]]: JSON,
        },
    )


db = SQLAlchemy(model_class=Base)


def begins_index(table: str, column: str) -> Index:
    """An index that finds text by how it begins, whatever the language of the database."""
    return Index(f"ix_{table}_{column}_begins", column, postgresql_ops={column: "text_pattern_ops"})


def begins_with(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """What `begins_index` finds: a pattern made of several values would not tell it where to begin."""
    return column.like(re.sub(r"([%_\\])", r"\\\1", text) + "%", escape="\\")


if TYPE_CHECKING:  # mypy cannot see through `db.Model`

    class Model(Base):
        __abstract__ = True

else:
    Model = db.Model


Row = TypeVar("Row", bound=Base)
MOST_IN_ONE = 10_000


def find_row(model: type[Row], row_id: UUID, *, lock: bool = False) -> Row | None:
    """One row; with `lock` as others left it who wanted to change it too, and ours until the commit.

    Where two are locked, the request comes before its outreach, and the outreach before what hangs on
    it. Rows that refer to a locked one may be added meanwhile (PostgreSQL: `FOR NO KEY UPDATE`).
    """
    if not lock:
        return db.session.get(model, row_id)
    return db.session.get(model, row_id, populate_existing=True, with_for_update={"key_share": True})


def add_or_find(row: Row, find: Callable[[], Row | None]) -> Row:
    """Add a row, or find the one that another transaction has added for the same thing meanwhile."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        found = find()
        if found is None:
            raise
        return found
    return row


def in_parts(values: Collection[str]) -> Iterator[list[str]]:
    """Values for an `IN`, no more at a time than every database takes in one statement."""
    rest = iter(values)
    while part := list(islice(rest, MOST_IN_ONE)):
        yield part


@event.listens_for(Engine, "connect")
def prepare_sqlite(connection: Any, _record: Any) -> None:
    """Readers beside a writer, patience while it writes, and foreign keys that hold."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA busy_timeout=10000")
        connection.execute("PRAGMA foreign_keys=ON")
