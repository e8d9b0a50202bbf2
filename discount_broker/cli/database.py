"""`flask db-upgrade` and `flask db-revision`: the history of the tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from flask import Flask, current_app
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from discount_broker.kernel.db import db


def register(app: Flask) -> None:
    @app.cli.command("db-upgrade")
    def db_upgrade() -> None:
        """Bring the tables of the database up to date; a new database gets them all."""
        upgrade()
        click.echo("The database is up to date.")

    @app.cli.command("db-revision")
    @click.argument("message")
    def db_revision(message: str) -> None:
        """Write a migration from what the models say and the database lacks."""
        run(lambda config: command.revision(config, message, autogenerate=True))


def upgrade() -> None:
    """Bring the tables of the configured database up to date."""
    run(lambda config: command.upgrade(config, "head"))


def run(step: Callable[[Config], object]) -> None:
    """Run one Alembic command on the configured database."""
    path = current_app.extensions["settings"].sqlite_path
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
    with db.engine.connect() as connection, _loose_ends(connection):
        config.attributes["connection"] = connection
        step(config)
        connection.commit()


@contextmanager
def _loose_ends(connection: Connection) -> Iterator[None]:
    """Let SQLite put a changed table in the place of the old one while others refer to it.

    It alters a table by copying it, and would take the dropping of the old one for the deletion of
    all its rows (https://sqlite.org/lang_altertable.html#otheralter). What refers to nothing
    afterwards is told.

    Raises:
        sqlalchemy.exc.IntegrityError

    """
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    try:
        yield
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise IntegrityError("PRAGMA foreign_key_check", None, ValueError(f"refers to nothing: {broken}"))
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
