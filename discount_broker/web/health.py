"""For machines that watch the service: whether it is alive, can work, and does its business."""

import hmac
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import generate_latest

from discount_broker.kernel.clock import utcnow
from discount_broker.messaging.queries import count_unknown, list_holds, list_stuck, oldest_due_at, ping
from discount_broker.outreach.queries import count_mails
from discount_broker.web.access import public
from discount_broker.web.health_business import business_at
from discount_broker.web.health_figures import age, figures_at

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
    """The database can be used; the queue may be away for a while, for the rows wait.

    Trouble with the business is told and answers 200 all the same: another process would do no better.
    """
    now = utcnow()
    try:
        ping()
    except Exception:  # whatever the driver raises, the answer is the same
        current_app.logger.exception("the database cannot be used")
        return jsonify(status="unavailable", database="down"), 503
    rings = current_app.extensions["job_queue"].waiting()
    told: dict[str, Any] = {"database": "up", "queue": "down" if rings is None else "up"}
    if _is_watcher():
        told |= {"rings_waiting": rings, **_state_at(now)}
    is_well = rings is not None and not told.get("troubles")
    return jsonify(status="ok" if is_well else "degraded", **told)


def _state_at(now: datetime) -> dict[str, Any]:
    business, mails = business_at(now), dict(count_mails())
    return {
        "oldest_due_seconds": age(oldest_due_at(now), now),
        "stuck": len(list_stuck(now)),
        "outcome_unknown": count_unknown(),
        "holds": [hold.key for hold in list_holds(now)],
        "mails_unread": mails.get("unread", 0),
        "mails_to_file": mails.get("unmatched", 0),
        "last_out_seconds": age(business.last_out, now),
        "last_in_seconds": age(business.last_in, now),
        "broken_sweeps": business.broken_sweeps,
        "troubles": business.troubles(now),
    }


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus."""
    if not _is_watcher():
        abort(403)
    rings = current_app.extensions["job_queue"].waiting()
    return Response(generate_latest(figures_at(utcnow(), rings)), mimetype="text/plain; version=0.0.4")


def _is_watcher() -> bool:
    """A Prometheus server shows its token; without a token in the settings it must be on this machine."""
    token = current_app.extensions["settings"].metrics_token
    if token:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(shown.encode(), token.encode())
    return request.remote_addr in LOOPBACK
