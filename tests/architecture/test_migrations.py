from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect

from discount_broker.cli.database import run
from discount_broker.kernel.db import db


def test_the_models_hold_nothing_that_the_migrations_lack(app: Flask) -> None:
    run(command.check)


def test_the_history_is_one_line(app: Flask) -> None:
    def heads(config: Config) -> list[str]:
        return ScriptDirectory.from_config(config).get_heads()

    found: list[list[str]] = []
    run(lambda config: found.append(heads(config)))
    assert len(found[0]) == 1


def test_a_database_can_go_back_and_come_again(app: Flask) -> None:
    db.session.close()
    run(lambda config: command.downgrade(config, "base"))
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    run(lambda config: command.upgrade(config, "head"))
    assert "discount_request" in inspect(db.engine).get_table_names()
