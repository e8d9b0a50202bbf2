"""Calls on the page of a case: the clock, and what came of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask import redirect as go_to
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from discount_broker.escalation.queries import get_case
from discount_broker.escalation.queries.calls import find_call_under_way, last_case_of, lead_cases_of
from discount_broker.escalation.use_cases import log_call
from discount_broker.escalation.use_cases.calling import drop_call, start_call
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import NotAllowed, NotFound, Refused
from discount_broker.web.access import staff_required, visitor
from discount_broker.web.desk import called
from discount_broker.web.desk_calls_forms import CallForm
from discount_broker.web.desk_case_page import (
    back,
    changed,
    how_closed,
    page,
    take_again,
    taken,
    what_follows,
    who_has,
)
from discount_broker.web.desk_promises_doubts import unconfirmed
from discount_broker.web.once import once_a_request

if TYPE_CHECKING:
    from discount_broker.escalation.models import Call

bp = Blueprint("calls", __name__, url_prefix="/desk")


@bp.app_template_global("call_under_way")
@once_a_request
def call_under_way() -> "Call | None":
    """The call that whoever reads this page has begun and not written down."""
    who = visitor()
    return find_call_under_way(who.id) if who is not None and who.kind == "operator" else None


@bp.app_template_global("case_to_call_for")
def case_to_call_for(call: "Call") -> UUID | None:
    """Where the call is written down: the case of its shop to begin with, or the one that ended last."""
    return lead_cases_of([call.shop_id]).get(call.shop_id) or last_case_of(call.shop_id)


@bp.post("/cases/<uuid:case_id>/calls/start")
@staff_required()
def start(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    """Start the clock; pressed twice it goes on."""
    try:
        start_call(case_id, operator_id, utcnow(), request.form.get("number", ""))
    except NotAllowed:
        flash(who_has(case_id), "warn")
    except Refused:
        under_way = find_call_under_way(operator_id)
        name = called(under_way.shop) if under_way else ""
        flash(gettext("You have a call with %(name)s under way. Finish or drop it first.", name=name), "warn")
    else:
        return back(case_id, "log-call")
    return back(case_id)


@bp.post("/calls/<uuid:call_id>/drop")
@staff_required()
def drop(operator_id: UUID, call_id: UUID) -> ResponseReturnValue:
    under_way = find_call_under_way(operator_id)
    case_id = case_to_call_for(under_way) if under_way and under_way.id == call_id else None
    try:
        drop_call(call_id, operator_id, utcnow())
    except NotFound:
        flash(gettext("This call is not under way any more."), "warn")
    else:
        flash(gettext("Dropped. Nothing of it is kept."), "good")
    return back(case_id) if case_id else go_to(url_for("desk.queue"))


@bp.post("/cases/<uuid:case_id>/calls")
@staff_required()
def log(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    """Write a call down, for this case and for those that were ticked."""
    form, now = CallForm(), utcnow()
    form.offer_times(now)
    calendar = get_case(case_id).outreach.shop.calendar
    if not form.validate() or unconfirmed(form, form.promise_due, now, calendar):
        return page(case_id, operator_id, 422, call_form=form)
    stopped = _stopped_elsewhere(case_id, operator_id, form)
    stopped = stopped or changed(case_id, operator_id, call_form=form)
    return stopped or _save(case_id, operator_id, form, now)


def _stopped_elsewhere(case_id: UUID, operator_id: UUID, form: CallForm) -> ResponseReturnValue | None:
    """One call is not written down twice from two tabs, unless somebody insists."""
    if not form.call_id.data or _finished_by(form, operator_id) is not None:
        return None
    form.call_id.data = ""
    words = gettext("This call is not under way any more: it was written down or dropped in another tab.")
    flash(
        words + " " + gettext("Nothing was saved now. Saving again writes it down as one more call."), "warn"
    )
    return page(case_id, operator_id, 409, call_form=form)


def _save(case_id: UUID, operator_id: UUID, form: CallForm, now: datetime) -> ResponseReturnValue:
    take_again(case_id, operator_id)
    try:
        report = form.report(_finished_by(form, operator_id), now)
        late = log_call(case_id, operator_id, report, now)
    except Refused as refused:
        form.show_refusal(refused)
        return page(case_id, operator_id, 422, call_form=form)
    except NotAllowed:
        return taken(case_id, operator_id, call_form=form)
    except NotFound:
        flash(
            gettext(
                "Somebody or something you chose is not with this shop any more. Nothing was saved; what you"
                " typed is below."
            ),
            "warn",
        )
        return page(case_id, operator_id, 409, call_form=form)
    _say_what_follows(case_id, late, 1 + len(set(report.also_for) - {case_id}), now)
    return back(case_id)


def _finished_by(form: CallForm, operator_id: UUID) -> "Call | None":
    """The clock that this form stops; in another tab it may have been stopped already."""
    under_way = find_call_under_way(operator_id)
    return under_way if under_way is not None and str(under_way.id) == form.call_id.data else None


def _say_what_follows(case_id: UUID, late: Sequence[UUID], count: int, now: datetime) -> None:
    if case_id in late:
        flash(gettext("The call is written down.") + " " + how_closed(get_case(case_id)), "warn")
        return
    flash(what_follows(case_id, now), "good")
    if count > 1:
        flash(ngettext("For %(num)d case.", "For %(num)d cases of this shop at once.", count), "good")
