"""Runs a use case inside the application; nothing else."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

import structlog
from flask import Flask

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.sweeping import DatabaseTrouble
from discount_broker.messaging.use_cases import note_broken_sweep, note_whole_sweep

log = logging.getLogger(__name__)
_bound: list[Flask] = []
sweeps: list[Callable[[], None]] = []
"""Every sweep there is; the timetable must hold them all."""


def bind(app: Flask) -> None:
    """Called once by the worker's entry point, before it forks."""
    _bound[:] = [app]


def worker_app() -> Flask:
    """The application jobs run in; made on first use when a plain `rq worker` imports us."""
    if not _bound:
        from wsgi import app  # noqa: PLC0415 - building it at import would need settings in every test

        bind(app)
    return _bound[0]


def adapter(name: str) -> Any:
    return worker_app().extensions[name]


def job(use_case: Callable[[UUID], Any]) -> Callable[[str], None]:
    """A job about one row."""

    @wraps(use_case)
    def run(subject_id: str) -> None:
        _run(use_case.__name__, lambda: use_case(UUID(subject_id)), subject_id=subject_id)

    return run


def sweep(use_case: Callable[[], Any]) -> Callable[[], None]:
    """A job that looks for what is due."""
    name = use_case.__name__

    @wraps(use_case)
    def run() -> None:
        with worker_app().app_context():
            try:
                _run(name, use_case)
            except DatabaseTrouble:  # nothing can be written down, and no sweep is to blame
                raise
            except Exception:
                note_broken_sweep(name, utcnow())
                raise
            note_whole_sweep(name)

    sweeps.append(run)
    return run


def _run(name: str, work: Callable[[], Any], **ids: str) -> None:
    with worker_app().app_context(), structlog.contextvars.bound_contextvars(job=name, **ids):
        try:
            work()
        except Exception:  # the outermost wrapper: the sweep rings again, a person sees the log
            log.exception("job failed")
            raise
