"""What a buyer shows in the shop: number, code and QR code, on a page that can be printed."""

from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

import segno
from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from discount_broker.discount_requests.queries import get_request
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.tokens import Purpose
from discount_broker.offers.queries import list_offers
from discount_broker.offers.queries.codes import lookup_url
from discount_broker.offers.status import OfferStatus
from discount_broker.web.access import token_page
from discount_broker.web.comparison import compare
from discount_broker.web.language import speak

if TYPE_CHECKING:
    from discount_broker.offers.models import Offer

bp = Blueprint("buyer_voucher", __name__, url_prefix="/requests/<token>/voucher")

DOT = 8
"""Points of the drawing to a dot of the code; the page scales it."""


@bp.get("")
@token_page(Purpose.FOLLOW)
def show(request_id: UUID, token: str) -> ResponseReturnValue:
    ask, accepted = get_request(request_id), _accepted(request_id)
    speak(ask.language)
    if accepted is None:
        return redirect(url_for("buyer.follow", token=token))
    one = next(one for one in compare(ask, [accepted], utcnow()))
    return render_template("buyer/voucher.html", ask=ask, one=one, offer=accepted, token=token)


@bp.get("/code.svg")
@token_page(Purpose.FOLLOW)
def picture(request_id: UUID, token: str) -> ResponseReturnValue:
    """Draw the address under which the shop looks the code up; nobody learns more from it."""
    del token
    accepted = _accepted(request_id)
    if accepted is None or not accepted.code:
        raise NotFound("code")
    drawn = BytesIO()
    segno.make_qr(lookup_url(accepted.code), error="m").save(drawn, kind="svg", scale=DOT, light="white")
    response = Response(drawn.getvalue(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _accepted(request_id: UUID) -> "Offer | None":
    return next((each for each in list_offers(request_id) if each.status is OfferStatus.ACCEPTED), None)
