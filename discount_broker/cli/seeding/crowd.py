"""As many copies of the small desk as are wanted: all of them, or none."""

from collections.abc import Sequence
from datetime import datetime

import click
from sqlalchemy import Connection

from discount_broker.accounts.models import Operator
from discount_broker.cli.seeding.copying import Copier
from discount_broker.cli.seeding.loading import checked_at_the_end
from discount_broker.cli.seeding.standing import Queue, list_facts
from discount_broker.escalation.models import QueueEntry
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
        tables = [table.name for table in self._copier.tables] + [QueueEntry.__tablename__]
        with (
            db.engine.begin() as connection,
            checked_at_the_end(connection, tables),
            click.progressbar(range(1, copies + 1), label="copies of the small desk") as numbers,
        ):
            for number in numbers:
                self._write(connection, number)
        # The database has counted none of it yet, and would plan its first queries badly. Not before the
        # commit: whoever tidies up behind the scenes would wait for our tables, and we for the catalogues.
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()

    def _write(self, connection: Connection, number: int) -> None:
        change = self._copier.change(number, self._operators)
        self._copier.write(connection, change)
        claimed_by = self._operators[number] if number < len(self._operators) else None
        self._queue.write(connection, change, claimed_by)
