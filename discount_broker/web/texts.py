"""What a buyer's text message leads to: the short link in it, and the button that ends the texts."""

from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template
from flask.typing import ResponseReturnValue

from discount_broker.discount_requests.queries import find_request_by_number, follow_url, get_request
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.short_links import number_in
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.extract.phone_numbers import textable_number
from discount_broker.notifications.use_cases import stop_texts
from discount_broker.offers.queries.due import is_outcome_asked
from discount_broker.web.access import public, token_page
from discount_broker.web.language import speak

bp = Blueprint("texts", __name__)


@bp.get("/t/<code>")
@public  # whoever opens it has the code of the text, which is signed and names one request
def short(code: str) -> ResponseReturnValue:
    g.is_secret = True
    number = number_in(code)
    found = find_request_by_number(number) if number else None
    if found is None or found.buyer_id is None:
        abort(404)
    asks = found.status is RequestStatus.ACCEPTED and is_outcome_asked(found.id)
    return redirect(f"{follow_url(found)}/outcome" if asks else follow_url(found))


@bp.get("/requests/<token>/texts")
@token_page(Purpose.FOLLOW)
def ask_stop(request_id: UUID, token: str) -> ResponseReturnValue:
    return render_template("buyer/texts.html", token=token, phone=_phone_of(request_id), is_done=False)


@bp.post("/requests/<token>/texts")
@token_page(Purpose.FOLLOW)
def stop(request_id: UUID, token: str) -> ResponseReturnValue:
    phone = _phone_of(request_id)
    stop_texts(phone, get_request(request_id).number, utcnow())
    return render_template("buyer/texts.html", token=token, phone=phone, is_done=True)


def _phone_of(request_id: UUID) -> str:
    """The number this request's texts go to; there is no such page where there is none."""
    asked = get_request(request_id)
    speak(asked.language)
    number = textable_number(asked.phone or "", site().time_zone) if asked.wants_texts else None
    if number is None:
        abort(404)
    return number
