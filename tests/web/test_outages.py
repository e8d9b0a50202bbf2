import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from discount_broker.kernel.db import db
from discount_broker.settings import Settings
from tests.fakes import RecordingQueue


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found.group(1)


def ask(app: Flask, link: str = "https://shop.example/p/1"):
    client = app.test_client()
    page = client.get("/").get_data(as_text=True)
    return client.post("/ask", data={"link": link, "csrf_token": csrf_of(page)})


@pytest.fixture
def cut_off(tmp_path: Path, settings: Settings, make_app: Callable[[Settings], Flask]) -> Flask:
    """A service whose database was never made; nothing but the landing page can work."""
    fields = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    app = make_app(Settings(**{**fields, "database_url": f"sqlite:///{tmp_path}/gone/broker.sqlite"}))
    app.extensions["job_queue"] = RecordingQueue()
    return app


def test_a_database_that_is_gone_is_told_in_words_and_nothing_typed_is_lost(cut_off: Flask) -> None:
    answer = ask(cut_off)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "Nothing is lost" in page
    assert "https://shop.example/p/1" in page, "one more press sends it again"
    assert cut_off.test_client().get("/readyz").status_code == 503
    assert cut_off.test_client().get("/healthz").status_code == 200


@pytest.mark.sqlite  # PostgreSQL locks rows, not files
def test_a_locked_database_is_told_in_words(app: Flask, settings: Settings) -> None:
    assert settings.sqlite_path is not None
    db.session.remove()
    db.engine.dispose()  # so that the one that has no patience is the one that is used
    locker = sqlite3.connect(settings.sqlite_path, isolation_level=None)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
        connection.commit()
    locker.execute("BEGIN IMMEDIATE")
    try:
        answer = ask(app)
    finally:
        locker.execute("ROLLBACK")
        locker.close()
        db.engine.dispose()
    assert answer.status_code == 503


def test_a_dead_queue_does_not_keep_a_request_out(app: Flask, queue: RecordingQueue) -> None:
    queue.down = True
    answer = ask(app)
    assert answer.status_code in (302, 303)
    assert app.test_client().get(answer.headers["Location"]).status_code == 200
    state = app.test_client().get("/readyz").get_json()
    assert (state["status"], state["queue"]) == ("degraded", "down")
