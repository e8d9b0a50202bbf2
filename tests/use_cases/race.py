"""Several workers at once, on the real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask

from discount_broker.kernel.db import db


def race(app: Flask, *runners: Callable[[], Any]) -> list[Any]:
    """What each returned, or the error it raised; all set off at the same moment."""
    db.session.rollback()
    start = Barrier(len(runners))

    def run(runner: Callable[[], Any]) -> Any:
        with app.app_context():
            start.wait(10)
            try:
                return runner()
            except Exception as error:
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(runners)) as pool:
        results = list(pool.map(run, runners))
    db.session.expire_all()
    return results
