"""A browser without scripts, and the links that open its pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, g, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token


class Browser(FlaskClient):
    """Sends forms with the session's CSRF token, as a page would."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # Tests hold one application context open; a server opens one for each request.
        vars(g._get_current_object()).clear()
        answer = super().open(*args, **kwargs)
        answer.get_data()
        answer.close()
        vars(g._get_current_object()).clear()
        db.session.expire_all()
        return answer

    def press(self, path: str, **fields: Any) -> TestResponse:
        with self.application.test_request_context():
            token = generate_csrf()
            secret = session["csrf_token"]
        with self.session_transaction() as kept:
            kept["csrf_token"] = secret
        vars(g._get_current_object()).clear()
        return self.post(path, data={**fields, "csrf_token": token})


@pytest.fixture
def now() -> datetime:
    return utcnow()


@pytest.fixture
def client(app: Flask) -> Browser:
    app.test_client_class = Browser
    made = app.test_client()
    assert isinstance(made, Browser)
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


@pytest.fixture
def link(now: datetime) -> Callable[[Purpose, UUID], str]:
    return lambda purpose, row_id: issue_token(purpose, row_id, now)
