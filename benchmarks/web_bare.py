"""The peer of the pages: a bare Flask application that says the same statements and answers as many bytes.

It is served by the same gunicorn and has the same pool of connections, and nothing else of the house: no
session, no templates, no translations, no checks.
"""

import os
import pickle
import secrets
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import create_engine

KEPT = "BROKER_BENCH_PAGES"
"""Names the file with what was recorded."""


@dataclass(frozen=True)
class Recorded:
    """One page as the house answered it."""

    statements: list[tuple[str, Any]]
    """As the driver gets them."""
    size: int
    is_new: bool
    """Whether each visit writes rows of its own."""


def make_app() -> Flask:
    pages: dict[str, Recorded] = pickle.loads(Path(os.environ[KEPT]).read_bytes())
    engine = create_engine(os.environ["BROKER_DATABASE_URL"], pool_size=8, pool_pre_ping=False)
    app = Flask(__name__)

    def page(recorded: Recorded) -> str:
        fresh = _Fresh() if recorded.is_new else None
        with engine.begin() as connection:
            for text, parameters in recorded.statements:
                result = connection.exec_driver_sql(text, fresh.of(parameters) if fresh else parameters)
                if result.returns_rows:
                    result.fetchall()
        return "x" * recorded.size

    for name, recorded in pages.items():
        app.add_url_rule(f"/{name}", name, partial(page, recorded), methods=["GET", "POST"])
    return app


class _Fresh:
    """New names for the rows that a visit writes: the same new one for the same old one."""

    def __init__(self) -> None:
        self._names: dict[Any, Any] = {}

    def of(self, parameters: Any) -> Any:
        if isinstance(parameters, dict):
            return {name: self._new(value) for name, value in parameters.items()}
        return tuple(self._new(value) for value in parameters)

    def _new(self, value: Any) -> Any:
        if isinstance(value, UUID):
            return self._names.setdefault(value, uuid4())
        if isinstance(value, str) and value.startswith("R-"):
            return self._names.setdefault(value, _number())
        return value


def _number() -> str:
    """Longer than a real one: nobody looks here whether it is free."""
    return f"R-{secrets.token_hex(8)}"
