"""How a request ends, by the buyer's word: bought, withdrawn, nothing came; and how it begins anew."""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.offers.queries import list_offers
from discount_broker.offers.queries.stopping import what_stops
from discount_broker.offers.status import OfferStatus
from discount_broker.offers.use_cases import ask_again, note_bought, report_outcome, withdraw_request
from discount_broker.web.access import token_page
from discount_broker.web.language import speak
from discount_broker.web.limits import ASK, limited

if TYPE_CHECKING:
    from discount_broker.discount_requests.models import DiscountRequest

bp = Blueprint("buyer_ending", __name__, url_prefix="/requests/<token>")

REPORTABLE: Final = (Outcome.BOUGHT, Outcome.CALLED, Outcome.NOTHING)
RUNNING: Final = frozenset(
    {RequestStatus.CONFIRMED, RequestStatus.ASKED, RequestStatus.OFFERED, RequestStatus.ACCEPTED}
)


@bp.get("/outcome")
@token_page(Purpose.FOLLOW)
def outcome(request_id: UUID, token: str) -> ResponseReturnValue:
    """Ask what came of it; what the link in the mail said is chosen, and nothing is written by opening it."""
    ask = _open(request_id)
    wanted = request.args.get("said", "")
    return render_template(
        "buyer/outcome.html",
        ask=ask,
        token=token,
        said=wanted if wanted in REPORTABLE else "",
        may_say=_may_say(ask),
        accepted=_shop_of_accepted(request_id),
    )


@bp.post("/outcome")
@token_page(Purpose.FOLLOW)
def report(request_id: UUID, token: str) -> ResponseReturnValue:
    told = request.form.get("outcome", "")
    if told not in REPORTABLE:
        return redirect(url_for("buyer_ending.outcome", token=token))
    try:
        report_outcome(request_id, Outcome(told), utcnow())
    except IllegalTransition:  # it was never asked for, or has not been confirmed
        return redirect(url_for("buyer_ending.outcome", token=token))
    return redirect(url_for("buyer.follow", token=token))


@bp.get("/end")
@token_page(Purpose.FOLLOW)
def end(request_id: UUID, token: str) -> ResponseReturnValue:
    """Ask once, and say what stops."""
    ask = _open(request_id)
    if ask.status not in RUNNING:
        return redirect(url_for("buyer.follow", token=token))
    accepted = _shop_of_accepted(request_id)
    return render_template(
        "buyer/end.html", ask=ask, token=token, stops=what_stops(request_id), accepted=accepted
    )


@bp.post("/withdraw")
@token_page(Purpose.FOLLOW)
def withdraw(request_id: UUID, token: str) -> ResponseReturnValue:
    if get_request(request_id).status in RUNNING:
        withdraw_request(request_id, utcnow())
    return redirect(url_for("buyer.follow", token=token))


@bp.post("/bought")
@token_page(Purpose.FOLLOW)
def bought(request_id: UUID, token: str) -> ResponseReturnValue:
    where = request.form.get("where", "")
    if where not in ("here", "elsewhere"):
        return redirect(url_for("buyer_ending.end", token=token))
    if get_request(request_id).status in RUNNING:
        note_bought(request_id, utcnow(), elsewhere=where == "elsewhere")
    return redirect(url_for("buyer.follow", token=token))


@bp.post("/again")
@limited(ASK)
@token_page(Purpose.FOLLOW)
def again(request_id: UUID, token: str) -> ResponseReturnValue:
    """Open the form filled in; nothing is asked before it is sent and confirmed."""
    del token
    now = utcnow()
    draft_id = ask_again(request_id, now, _listing())
    return redirect(url_for("ask.show", token=issue_token(Purpose.DRAFT, draft_id, now)))


def _listing() -> UUID | None:
    """Which of the things shown beside was pressed; None for the same once more."""
    try:
        return UUID(request.form["listing"]) if request.form.get("listing") else None
    except ValueError:
        return UUID(int=0)


def _open(request_id: UUID) -> "DiscountRequest":
    ask = get_request(request_id)
    speak(ask.language)
    return ask


def _may_say(ask: "DiscountRequest") -> bool:
    return ask.status is RequestStatus.ACCEPTED or ask.outcome in REPORTABLE


def _shop_of_accepted(request_id: UUID) -> str:
    taken = (each for each in list_offers(request_id) if each.status is OfferStatus.ACCEPTED)
    return next((each.outreach.shop.name for each in taken), "")
