"""Hand work on the page of a case: forms that want a person, messages nobody knows the fate of, prices."""

from uuid import UUID

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.escalation.queries import get_case
from discount_broker.escalation.rules.hand_work import HandOutcome
from discount_broker.escalation.use_cases import note_outcome
from discount_broker.escalation.use_cases.doors import note_hand_work
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, NotAllowed, NotFound, Refused
from discount_broker.messaging.use_cases import resolve_unknown
from discount_broker.outreach.queries.thread import sent_to_shop
from discount_broker.outreach.use_cases import ask_price_again
from discount_broker.web.access import staff_required
from discount_broker.web.desk_case_page import back, changed, page, take_again, what_follows, who_has
from discount_broker.web.desk_words import REFUSALS

bp = Blueprint("hand", __name__, url_prefix="/desk/cases/<uuid:case_id>")


@bp.post("/forms/<uuid:point_id>")
@staff_required()
def form_tried(operator_id: UUID, case_id: UUID, point_id: UUID) -> ResponseReturnValue:
    """How it went with a form that asks for a person."""
    outcome, why, now = _outcome(), request.form.get("why", ""), utcnow()
    stopped = changed(case_id, operator_id, hand_why={point_id: why})
    if stopped:
        return stopped
    take_again(case_id, operator_id)
    try:
        note_hand_work(case_id, operator_id, point_id, now, outcome=outcome, why=why)
    except Refused as refused:
        return page(case_id, operator_id, 422, hand_wrong={point_id: REFUSALS[refused.code]})
    except NotAllowed:
        flash(who_has(case_id), "warn")
        return page(case_id, operator_id, 409, hand_why={point_id: why})
    flash(what_follows(case_id, now), "good")
    return back(case_id)


@bp.post("/deliveries/<uuid:delivery_id>")
@staff_required()
def settle_delivery(operator_id: UUID, case_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Somebody found out whether a message arrived."""
    arrived, now = _yes_or_no("arrived"), utcnow()
    if delivery_id not in {each.id for each in sent_to_shop(get_case(case_id).outreach)}:
        raise NotFound("delivery")
    try:
        # A colleague's case is refused first: else the message would be settled, and the case wait for ever.
        note_outcome(case_id, operator_id, now, arrived=arrived)
        resolve_unknown(delivery_id, now, arrived=arrived)
    except IllegalTransition:
        flash(gettext("What became of this message was known already."), "warn")
    except NotAllowed:
        flash(who_has(case_id), "warn")
    else:
        flash(what_follows(case_id, now), "good")
    return back(case_id)


@bp.post("/price")
@staff_required()
def price(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    """Have the price read again; the page shows it as soon as it is there."""
    outreach_id = get_case(case_id).outreach_id
    if ask_price_again(outreach_id, operator_id, utcnow(), case_id):
        flash(gettext("The page of the shop is being read. The price stands here in a moment."), "good")
    else:
        flash(gettext("The page is being read just now, or was a moment ago."), "warn")
    return back(case_id, "the-product")


def _outcome() -> HandOutcome:
    try:
        return HandOutcome(request.form.get("outcome", ""))
    except ValueError:
        abort(400)


def _yes_or_no(name: str) -> bool:
    said = request.form.get(name)
    if said not in ("yes", "no"):
        abort(400)
    return said == "yes"
