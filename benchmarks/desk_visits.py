"""Somebody at the real application: logged in by its form, every answer timed, every statement counted."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from discount_broker.kernel.db import db

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Statement:
    """As the driver gets it."""

    text: str
    parameters: Any


@dataclass
class Answer:
    """One answer, and what it took."""

    response: TestResponse
    milliseconds: float
    statements: list[Statement] = field(default_factory=list)


class Desk:
    """A browser in which somebody is logged in; the application runs in this process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._client = app.test_client()

    def log_in(self, email: str, password: str) -> None:
        token = self._token("/staff/login")
        form = {"email": email, "password": password, "csrf_token": token}
        answer = self._client.post("/staff/login", data=form)
        if answer.status_code != 302:
            raise RuntimeError(f"logging in was answered with {answer.status_code}")
        self._csrf = self._token("/desk/")

    @property
    def cookie(self) -> str:
        """Of this browser, as `name=value`."""
        kept = self._client.get_cookie(self._app.config["SESSION_COOKIE_NAME"])
        return f"{kept.key}={kept.value}" if kept else ""

    def _token(self, path: str) -> str:
        found = TOKEN.search(self._client.get(path).text)
        if found is None:
            raise RuntimeError(f"{path} has no form")
        return found[1]

    def get(self, path: str) -> Answer:
        return self._asked(lambda: self._client.get(path, buffered=True))

    def post(self, path: str) -> Answer:
        return self._asked(lambda: self._client.post(path, data={"csrf_token": self._csrf}, buffered=True))

    def _asked(self, ask: Any) -> Answer:
        with statements_of(self._app) as statements:
            began = time.perf_counter()
            response = ask()
            milliseconds = (time.perf_counter() - began) * 1000
        if response.status_code >= 400:
            raise RuntimeError(f"{response.request.path} was answered with {response.status_code}")
        return Answer(response, milliseconds, statements)


@contextmanager
def statements_of(app: Flask) -> Iterator[list[Statement]]:
    """What is said to the database meanwhile; the beginning and end of a transaction are not counted."""
    said: list[Statement] = []

    def note(_connection: Any, _cursor: Any, text: str, parameters: Any, _context: Any, _many: bool) -> None:
        said.append(Statement(text, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)
