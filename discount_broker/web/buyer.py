"""What a buyer sees and decides once a request is signed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discount_broker.discount_requests.queries import get_request, list_requests_of
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.discount_requests.use_cases import confirm_request
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.offers.queries import list_offers
from discount_broker.offers.use_cases import (
    accept_offer,
    decline_offer,
    report_outcome,
    withdraw_request,
)
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.queries.thread import LONGEST_LETTER
from discount_broker.web.access import buyer_required, log_in, token_page
from discount_broker.web.conversation import mark_of, talks_of
from discount_broker.web.language import speak
from discount_broker.web.story import situation

bp = Blueprint("buyer", __name__)

REPORTABLE = (Outcome.BOUGHT, Outcome.CALLED, Outcome.NOTHING)


@bp.get("/confirm/<token>")
@token_page(Purpose.CONFIRM)
def confirm(request_id: UUID, token: str) -> ResponseReturnValue:
    signed = get_request(request_id)
    speak(signed.language)
    return render_template("buyer/confirm.html", ask=signed, token=token)


@bp.post("/confirm/<token>")
@token_page(Purpose.CONFIRM)
def confirmed(request_id: UUID, token: str) -> ResponseReturnValue:
    del token
    now = utcnow()
    confirm_request(request_id, now)
    signed = get_request(request_id)
    if signed.buyer_id is not None:
        log_in("buyer", signed.buyer_id)
    return redirect(follow_path(request_id, now))


@bp.get("/requests")
@buyer_required
def overview(buyer_id: UUID) -> ResponseReturnValue:
    mine = list_requests_of(buyer_id)
    now = utcnow()
    paths = {mine_one.id: follow_path(mine_one.id, now) for mine_one in mine}
    return render_template("buyer/overview.html", requests=mine, paths=paths)


@bp.get("/requests/<token>")
@token_page(Purpose.FOLLOW)
def follow(request_id: UUID, token: str) -> ResponseReturnValue:
    now = _look(request_id)
    wanted = request.args.get("outcome", "")
    told = wanted if wanted in REPORTABLE else None
    return render_template("buyer/follow.html", token=token, told=told, **_shown(request_id, now))


@bp.get("/requests/<token>/story")
@token_page(Purpose.FOLLOW)
def story(request_id: UUID, token: str) -> ResponseReturnValue:
    """Answer the polls of the status page; with nothing when nothing is new, so that nothing flickers."""
    found = _shown(request_id, _look(request_id))
    if request.args.get("seen") == found["fingerprint"]:
        return "", 204
    return render_template("buyer/_news.html", token=token, told=None, **found)


@bp.post("/requests/<token>/accept/<uuid:offer_id>")
@token_page(Purpose.FOLLOW)
def accept(request_id: UUID, token: str, offer_id: UUID) -> ResponseReturnValue:
    accept_offer(request_id, offer_id, utcnow())
    return redirect(url_for("buyer.follow", token=token))


@bp.post("/requests/<token>/decline/<uuid:offer_id>")
@token_page(Purpose.FOLLOW)
def decline(request_id: UUID, token: str, offer_id: UUID) -> ResponseReturnValue:
    decline_offer(request_id, offer_id, utcnow())
    return redirect(url_for("buyer.follow", token=token))


@bp.post("/requests/<token>/withdraw")
@token_page(Purpose.FOLLOW)
def withdraw(request_id: UUID, token: str) -> ResponseReturnValue:
    if get_request(request_id).status is not RequestStatus.CLOSED:
        withdraw_request(request_id, utcnow())
    return redirect(url_for("buyer.follow", token=token))


@bp.post("/requests/<token>/outcome")
@token_page(Purpose.FOLLOW)
def outcome(request_id: UUID, token: str) -> ResponseReturnValue:
    told = request.form.get("outcome", "")
    if told in REPORTABLE:
        report_outcome(request_id, Outcome(told), utcnow())
    return redirect(url_for("buyer.follow", token=token))


def follow_path(request_id: UUID, now: datetime) -> str:
    return url_for("buyer.follow", token=issue_token(Purpose.FOLLOW, request_id, now))


def _look(request_id: UUID) -> datetime:
    speak(get_request(request_id).language)
    return utcnow()


def _shown(request_id: UUID, now: datetime) -> dict[str, Any]:
    """Everything the status page shows."""
    outreaches = list_outreaches(request_id)
    talks = talks_of(outreaches, now)
    found = situation(get_request(request_id), outreaches, list_offers(request_id), now, mark_of(talks))
    return {**found._asdict(), "talks": talks, "longest_letter": LONGEST_LETTER}
