"""For machines that watch the service: whether it is alive, can work, and how busy it is."""

import hmac
from datetime import datetime

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from discount_broker.kernel.clock import utcnow
from discount_broker.messaging.queries import count_deliveries, list_stuck, oldest_due_at, ping
from discount_broker.web.access import public

bp = Blueprint("health", __name__)
LOOPBACK = ("127.0.0.1", "::1")


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The database can be used; the queue may be away for a while, for the rows wait."""
    now = utcnow()
    try:
        ping()
    except Exception:  # whatever the driver raises, the answer is the same
        current_app.logger.exception("the database cannot be used")
        return jsonify(status="unavailable", database="down"), 503
    rings = current_app.extensions["job_queue"].waiting()
    return jsonify(
        status="ok" if rings is not None else "degraded",
        database="up",
        queue="down" if rings is None else "up",
        rings_waiting=rings,
        oldest_due_seconds=_age(oldest_due_at(now), now),
        stuck=len(list_stuck(now)),
    )


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus, counted from the rows: right whichever process is asked."""
    _require_watcher()
    now = utcnow()
    registry = CollectorRegistry()
    deliveries = Gauge(
        "broker_deliveries", "Messages by channel and status", ["channel", "status"], registry=registry
    )
    for channel, status, count in count_deliveries():
        deliveries.labels(channel, status).set(count)
    oldest = Gauge("broker_oldest_due_seconds", "Age of the message that waits longest", registry=registry)
    oldest.set(_age(oldest_due_at(now), now) or 0)
    stuck = Gauge("broker_stuck_deliveries", "Messages that should have moved and did not", registry=registry)
    stuck.set(len(list_stuck(now)))
    rings = current_app.extensions["job_queue"].waiting()
    Gauge("broker_queue_up", "Whether the queue can be reached", registry=registry).set(rings is not None)
    Gauge("broker_rings_waiting", "Jobs waiting in the queue", registry=registry).set(rings or 0)
    return Response(generate_latest(registry), mimetype="text/plain; version=0.0.4")


def _require_watcher() -> None:
    """A Prometheus server shows its token; without a token in the settings it must be on this machine."""
    token = current_app.extensions["settings"].metrics_token
    if token:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(shown.encode(), token.encode()):
            abort(403)
    elif request.remote_addr not in LOOPBACK:
        abort(403)


def _age(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else int((now - moment).total_seconds())
