"""Several workers at once, on the real database."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import Select, text

from discount_broker.kernel.db import db

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def race(app: Flask, *runners: Callable[[], Any]) -> list[Any]:
    """What each returned, or the error it raised; all set off at the same moment."""
    db.session.rollback()
    start = Barrier(len(runners))

    def run(runner: Callable[[], Any]) -> Any:
        start.wait(10)
        return _outcome(app, runner)

    with ThreadPoolExecutor(len(runners)) as pool:
        results = list(pool.map(run, runners))
    db.session.expire_all()
    return results


def queue_up(app: Flask, rows: Select[Any], *runners: Callable[[], Any]) -> list[Any]:
    """What each did once let go, all of them waiting at some of these rows (PostgreSQL).

    Whoever waits for a row has its place in line: what each has first and wants next is the same every time.
    """
    db.session.rollback()
    with ThreadPoolExecutor(len(runners)) as pool:
        with db.engine.begin() as holder, db.engine.connect() as watcher:
            holder.execute(rows.with_for_update())
            begun = [pool.submit(_outcome, app, runner) for runner in runners]
            while watcher.scalar(WAITING) < len(runners) and not any(each.done() for each in begun):
                watcher.rollback()
                time.sleep(0.01)
        results = [each.result() for each in begun]
    db.session.expire_all()
    return results


def _outcome(app: Flask, runner: Callable[[], Any]) -> Any:
    with app.app_context():
        try:
            return runner()
        except Exception as error:
            return error
        finally:
            db.session.remove()
