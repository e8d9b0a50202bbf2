"""As many copies of the small desk as are wanted, each in a transaction of its own."""

from collections.abc import Sequence
from datetime import datetime

import click
from sqlalchemy import Connection

from discount_broker.accounts.models import Operator
from discount_broker.cli.seeding.copying import Copier
from discount_broker.cli.seeding.standing import Queue, list_facts
from discount_broker.kernel.db import db
from discount_broker.scorecards.use_cases import compute_scorecards


class Crowd:
    """Reads the desk as it is now; copies are made of that, whatever is added later."""

    def __init__(self, operators: Sequence[Operator], seed: int, now: datetime) -> None:
        compute_scorecards(now)
        self._operators = [operator.id.hex for operator in operators]
        self._queue = Queue(list_facts(), now)
        with db.engine.connect() as connection:
            self._copier = Copier(connection, seed, now)
        db.session.rollback()

    def grow(self, copies: int) -> None:
        with click.progressbar(range(1, copies + 1), label="copies of the small desk") as numbers:
            for number in numbers:
                with db.engine.begin() as connection:
                    _be_quick(connection)
                    self._write(connection, number)
                if number.bit_count() == 1:
                    _count_rows()  # at the first, second, fourth, eighth, …
        _count_rows()

    def _write(self, connection: Connection, number: int) -> None:
        change = self._copier.change(number, self._operators)
        self._copier.write(connection, change)
        claimed_by = self._operators[number] if number < len(self._operators) else None
        self._queue.write(connection, change, claimed_by)


def _count_rows() -> None:
    """Let the database know how large its tables are; else it reads whole ones to check a foreign key."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def _be_quick(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # A message may follow one that is written after it in the same go.
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    else:
        # What a power cut takes can be seeded again.
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
