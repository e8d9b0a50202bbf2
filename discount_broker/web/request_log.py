"""One line a request: which page, how it ended, how long it took; never its address, which may be secret."""

import time
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger(__name__)
QUIET = frozenset({"static", "health.healthz", "health.readyz", "health.metrics"})


def init_app(app: Flask) -> None:
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    """Give the request an id that all its log lines carry."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=uuid4().hex[:12])
    g.began = time.perf_counter()


def end(response: Response) -> Response:
    if request.endpoint not in QUIET:
        milliseconds = round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None
        log.info(
            "request",
            method=request.method,
            page=request.endpoint,
            status=response.status_code,
            ms=milliseconds,
        )
    return response
