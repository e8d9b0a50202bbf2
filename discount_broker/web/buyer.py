"""What a buyer sees and decides once a request is signed."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discount_broker.discount_requests.queries import get_request, list_requests_of
from discount_broker.discount_requests.queries.baskets import (
    find_running_twin,
    list_confirmed_with,
    list_open_together,
)
from discount_broker.discount_requests.use_cases import confirm_request
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.money import Money
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.offers.queries import list_offers, list_offers_to, savings_of, terms_of
from discount_broker.offers.status import OfferStatus
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.queries.thread import LONGEST_LETTER
from discount_broker.web import watch_words
from discount_broker.web.access import buyer_required, log_in, token_page
from discount_broker.web.apology import apology_for
from discount_broker.web.conversation import mark_of, talks_of
from discount_broker.web.language import speak
from discount_broker.web.story import situation
from discount_broker.web.watch_list import waited_by

if TYPE_CHECKING:
    from discount_broker.offers.models import Offer

bp = Blueprint("buyer", __name__)


@bp.get("/confirm/<token>")
@token_page(Purpose.CONFIRM)
def confirm(request_id: UUID, token: str) -> ResponseReturnValue:
    signed = get_request(request_id)
    speak(signed.language)
    earlier = find_running_twin(signed.buyer_id, signed) if signed.buyer_id else None
    return render_template(
        "buyer/confirm.html",
        ask=signed,
        together=list_open_together(signed),
        earlier=earlier,
        earlier_token=issue_token(Purpose.FOLLOW, earlier.id, utcnow()) if earlier else "",
        token=token,
    )


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
    now = utcnow()
    mine, offers = list_requests_of(buyer_id), list_offers_to(buyer_id)
    return render_template(
        "buyer/overview.html",
        requests=mine,
        tokens={one.id: _token_of(one.id, now) for one in mine},
        savings=savings_of(offers),
        saved=_saved_by(offers),
        waiting=_waiting_by(offers, now),
        waited=waited_by(buyer_id, now),
        watch_words=watch_words,
    )


def _saved_by(offers: "list[Offer]") -> dict[UUID, Money]:
    """What each request that ended well has saved."""
    bought = [each for each in offers if savings_of([each])]
    found = {each.outreach.discount_request_id: terms_of(each).saving for each in bought}
    return {request_id: saving for request_id, saving in found.items() if saving is not None}


def _waiting_by(offers: "list[Offer]", now: datetime) -> Counter[UUID]:
    """How many offers of each request can be accepted."""
    is_open = (each for each in offers if each.status is OfferStatus.OPEN and each.valid_until > now)
    return Counter(each.outreach.discount_request_id for each in is_open)


@bp.get("/requests/<token>")
@token_page(Purpose.FOLLOW)
def follow(request_id: UUID, token: str) -> ResponseReturnValue:
    if "outcome" in request.args:  # as letters asked before there was a page for it
        return redirect(url_for("buyer_ending.outcome", token=token, said=request.args["outcome"]))
    return render_template("buyer/follow.html", token=token, **_shown(request_id))


@bp.get("/requests/<token>/story")
@token_page(Purpose.FOLLOW)
def story(request_id: UUID, token: str) -> ResponseReturnValue:
    """Answer the polls of the status page; with nothing when nothing is new, so that nothing flickers."""
    found = _shown(request_id)
    if request.args.get("seen") == found["fingerprint"]:
        return "", 204
    return render_template("buyer/_news.html", token=token, **found)


def follow_path(request_id: UUID, now: datetime) -> str:
    return url_for("buyer.follow", token=_token_of(request_id, now))


def _token_of(request_id: UUID, now: datetime) -> str:
    return issue_token(Purpose.FOLLOW, request_id, now)


def _shown(request_id: UUID) -> dict[str, Any]:
    """Everything the status page shows, in the language of the request."""
    ask, now = get_request(request_id), utcnow()
    speak(ask.language)
    outreaches = list_outreaches(request_id)
    talks = talks_of(outreaches, now)
    found = situation(ask, outreaches, list_offers(request_id), now, mark_of(talks))
    return {
        **found._asdict(),
        "talks": talks,
        "longest_letter": LONGEST_LETTER,
        "apology": apology_for(ask, outreaches),
        "together": [(each, _token_of(each.id, now)) for each in list_confirmed_with(ask)],
    }
