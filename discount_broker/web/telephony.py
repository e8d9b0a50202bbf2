"""Where telephone exchanges tell of calls, and the page of those that were missed."""

import logging
from urllib.parse import parse_qsl
from uuid import UUID

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.escalation.inbound import NotAuthentic, NotReadable
from discount_broker.escalation.inbound import telephony_asterisk as asterisk
from discount_broker.escalation.inbound import telephony_twilio as twilio
from discount_broker.escalation.queries.calls import count_missed, lead_cases_of, list_missed, list_unwritten
from discount_broker.escalation.use_cases.telephony import hear_phone_call, settle_phone_call
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.site import site
from discount_broker.messaging.extract.twilio_signature import is_signed
from discount_broker.settings import Settings
from discount_broker.web.access import provider_only, staff_required
from discount_broker.web.desk_page_lines import spoken_number
from discount_broker.web.security import csrf

log = logging.getLogger(__name__)
bp = Blueprint("phone", __name__)

LARGEST_EVENT = 64 * 1024
NOTHING_TO_DIAL = "<Response/>", 200, {"Content-Type": "text/xml; charset=utf-8"}
"""After a <Dial> Twilio asks what comes next: nothing."""


def init_app(app: Flask) -> None:
    app.add_template_filter(spoken_number, "phone")
    app.jinja_env.globals["missed_calls"] = count_missed


@bp.before_request
def take_small_requests() -> None:
    request.max_content_length = LARGEST_EVENT


@bp.post("/in/calls/asterisk")
@csrf.exempt
@provider_only("telephony_secret")
def asterisk_event() -> ResponseReturnValue:
    body = request.get_data()
    asterisk.check(body, request.headers.get("X-Broker-Signature", ""), settings().telephony_secret)
    hear_phone_call(asterisk.read_event(body), country(), utcnow())
    return said("noted")


@bp.post("/in/calls/twilio")
@csrf.exempt
@provider_only("twilio_voice_token")
def twilio_event() -> ResponseReturnValue:
    body = request.get_data()
    fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    query = request.query_string.decode("ascii", "replace")
    # As it stands on the outside, not as a proxy passed it on.
    url = f"{site().base_url}{request.path}" + (f"?{query}" if query else "")
    signature = request.headers.get("X-Twilio-Signature", "")
    if not is_signed(settings().twilio_voice_token, url, fields, body, signature):
        raise NotAuthentic("wrong signature")
    now = utcnow()
    hear_phone_call(twilio.read_event(dict(fields), now), country(), now)
    return NOTHING_TO_DIAL


@bp.errorhandler(NotAuthentic)
def refuse_stranger(error: NotAuthentic) -> Response:
    log.warning("refused at %s: %s", request.endpoint, error)
    return said("not signed by whom we know", 403)


@bp.errorhandler(NotReadable)
def refuse_riddle(error: NotReadable) -> Response:
    log.error("not understood at %s: %s", request.endpoint, error)
    return said("not understood", 422)


@bp.get("/desk/calls")
@staff_required()
def missed(operator_id: UUID) -> ResponseReturnValue:
    """Who called and reached nobody, and calls of which nobody wrote down what came of them."""
    now = utcnow()
    calls, unwritten = list_missed(), list_unwritten(now)
    shop_ids = {call.shop_id for call in (*calls, *unwritten) if call.shop_id}
    return render_template(
        "desk/calls.html",
        missed=calls,
        unwritten=unwritten,
        cases=lead_cases_of(shop_ids),
        operator_id=operator_id,
    )


@bp.post("/desk/calls/<uuid:phone_call_id>/settle")
@staff_required()
def settle(operator_id: UUID, phone_call_id: UUID) -> ResponseReturnValue:
    settle_phone_call(phone_call_id, operator_id, utcnow())
    flash(gettext("Settled. It is off the list."), "good")
    return redirect(url_for("phone.missed"))


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def country() -> str | None:
    return settings().telephony_country or None


def said(words: str, code: int = 200) -> Response:
    response = make_response(f"{words}\n", code)
    response.mimetype = "text/plain"
    return response
