"""Delivers in processes that kill themselves at the wished line: `python -m tests.resilience.dying`.

Reads `delivery moment line` on standard input, forks a process that delivers and dies at the line-th line of
what is being watched, and writes what became of it. With 0 for the line it delivers itself and lives: what it
has compiled and looked up once, those it forks afterwards need not. It has no threads, so that it may fork.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from types import FrameType
from typing import Any
from uuid import UUID

from flask import Flask

from discount_broker.app import create_app
from discount_broker.kernel.db import db
from discount_broker.messaging.use_cases import deliver
from discount_broker.settings import Settings

WATCHED = (
    "messaging/use_cases/",
    "kernel/transaction",
    "adapters/smtp",
    "adapters/web_form",
    "adapters/http_exchange",
)


class Silence:
    """A queue that is away."""

    def put(self, *_: object) -> None:
        raise ConnectionError

    def waiting(self) -> None:
        return None


def main() -> None:
    app = create_app(Settings.from_env(os.environ))
    app.extensions["job_queue"] = Silence()
    print("ready", flush=True)
    for order in sys.stdin:
        delivery_id, moment, line = order.split()
        work = UUID(delivery_id), datetime.fromisoformat(moment)
        print(_die_at(int(line), app, *work) if int(line) else _live(app, *work), flush=True)


def _live(app: Flask, delivery_id: UUID, now: datetime) -> str:
    with app.app_context():
        try:
            deliver(delivery_id, app.extensions["channels"], now)
        finally:
            db.session.remove()
            db.engine.dispose()  # no connection may be shared with what is forked
    return "ended 0"


def _die_at(line: int, app: Flask, delivery_id: UUID, now: datetime) -> str:
    pid = os.fork()
    if pid == 0:
        _deliver(app, delivery_id, now, line)
    _, status = os.waitpid(pid, 0)
    return "killed" if os.WIFSIGNALED(status) else f"ended {os.WEXITSTATUS(status)}"


def _deliver(app: Flask, delivery_id: UUID, now: datetime, line: int) -> None:
    sys.settrace(_killer(line))
    try:
        with app.app_context():
            deliver(delivery_id, app.extensions["channels"], now)
    finally:
        os._exit(1 if sys.exc_info()[0] else 0)


def _killer(line: int) -> Callable[[FrameType, str, Any], Any]:
    left = [line]

    def at_line(_frame: FrameType, event: str, _argument: Any) -> Any:
        left[0] -= event == "line"
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return at_line

    def at_call(frame: FrameType, _event: str, _argument: Any) -> Any:
        return at_line if _is_watched(frame.f_code.co_filename) else None

    return at_call


def _is_watched(name: str) -> bool:
    return any(f"/discount_broker/{watched}" in name for watched in WATCHED)


if __name__ == "__main__":
    main()
