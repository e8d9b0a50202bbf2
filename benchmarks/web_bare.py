"""The peers of the pages: bare Flask views that say the same statements and answer as many bytes.

One asks through Flask-SQLAlchemy, as views of Flask are written here; the other hands the text to the driver
and looks at no row. They are served by the same gunicorn with the same pool of connections, and have nothing
else of the house: no session, no templates, no translations, no checks.
"""

import gc
import os
import pickle
import secrets
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy.orm import class_mapper

from benchmarks.desk_visits import statements_of
from benchmarks.web_recorded import Recorded, record
from discount_broker.app import create_app, flask_config
from discount_broker.kernel.db import db
from discount_broker.settings import Settings

KEPT = "BROKER_BENCH_PAGES"
"""Names the file that says which pages are measured, and whose cookie asks for them."""
NAMES = {"mapper": "Flask-SQLAlchemy", "driver": "driver"}


def make_app() -> Flask:
    pages, cookie = pickle.loads(Path(os.environ[KEPT]).read_bytes())
    settings = Settings.from_env(os.environ)
    recorded = record(create_app(settings), pages, cookie)
    app = Flask(__name__)
    app.config.update(flask_config(settings), PROPAGATE_EXCEPTIONS=True)
    db.init_app(app)
    for name, one in recorded.items():
        for kind, view in (("mapper", _by_mapper), ("driver", _by_driver)):
            app.add_url_rule(f"/{kind}/{name}", f"{kind} {name}", partial(view, one), methods=["GET", "POST"])
    for name, one in recorded.items():
        _check(app, name, one)
    # As the house does when it starts; here, what it made to record its pages would be looked through.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    return app


def _check(app: Flask, name: str, recorded: Recorded) -> None:
    """Make sure that the peers say as many statements as the page did.

    Raises:
        RuntimeError: they do not.

    """
    for kind in NAMES:
        with statements_of(app) as said:
            app.test_client().get(f"/{kind}/{name}")
        if sorted(_heads(said)) != sorted(_heads(recorded.statements)):
            raise RuntimeError(f"{name} by the {kind} said {len(said)} statements: {_heads(said)}")


def _heads(statements: list[Any]) -> list[str]:
    """How each begins, and from where it reads."""
    return [f"{one.text[:20]}…{one.text.partition('FROM')[2][:30]}" for one in statements]


def _by_mapper(recorded: Recorded) -> str:
    for statement, parameters in recorded.questions:
        # A copy, as views write theirs anew: the text of one that is kept would be found at once.
        found = db.session.execute(statement.execution_options(is_anew=True), parameters)
        (found.scalars().unique() if len(found.keys()) == 1 else found).all()
    if recorded.added:
        db.session.add_all(_anew(recorded))
        db.session.commit()
    return "x" * recorded.size


def _by_driver(recorded: Recorded) -> str:
    fresh = _names(recorded)
    with db.engine.begin() as connection:
        for one in recorded.statements:
            result = connection.exec_driver_sql(one.text, _renamed(one.parameters, fresh))
            if result.returns_rows:
                result.fetchall()
    return "x" * recorded.size


def _anew(recorded: Recorded) -> list[Any]:
    fresh = _names(recorded)
    return [made(**_renamed(columns, fresh)) for made, columns in recorded.added]


def _names(recorded: Recorded) -> dict[Any, Any]:
    """New names for the rows that a visit writes: the same new one for the same old one."""
    old = [
        value for made, columns in recorded.added for name, value in columns.items() if _is_name(made, name)
    ]
    # Numbers longer than real ones: nobody looks here whether they are free.
    return {name: uuid4() if isinstance(name, UUID) else f"R-{secrets.token_hex(8)}" for name in old}


def _is_name(made: type, column: str) -> bool:
    names = [each.name for each in class_mapper(made).primary_key]
    return column in (*names, "number")


def _renamed(parameters: Any, fresh: dict[Any, Any]) -> Any:
    if isinstance(parameters, dict):
        return {name: _one(value, fresh) for name, value in parameters.items()}
    return tuple(_one(value, fresh) for value in parameters)


def _one(value: Any, fresh: dict[Any, Any]) -> Any:
    return fresh.get(value, value) if isinstance(value, UUID | str) else value
