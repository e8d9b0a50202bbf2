"""One case on one screen: shown, taken, given back, put off, answered, ended, opened again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.escalation import use_cases
from discount_broker.escalation.queries import get_case
from discount_broker.escalation.status import Ending
from discount_broker.escalation.use_cases.cases import reopen_case
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, NotAllowed, Refused
from discount_broker.offers.use_cases import submit_answer
from discount_broker.web.access import staff_required
from discount_broker.web.answer_form import AnswerForm
from discount_broker.web.answer_reading import answer_of
from discount_broker.web.desk_case_page import back, changed, page, take_again, taken, who_has
from discount_broker.web.desk_forms import CloseForm, SnoozeForm
from discount_broker.web.filters import moment_in_words

bp = Blueprint("case", __name__, url_prefix="/desk/cases/<uuid:case_id>")


@bp.get("")
@staff_required()
def show(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    return page(case_id, operator_id)


@bp.post("/claim")
@staff_required()
def claim(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    if not use_cases.claim_case(case_id, operator_id, utcnow()):
        flash(who_has(case_id), "warn")
    return back(case_id)


@bp.post("/release")
@staff_required()
def release(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    try:
        use_cases.release_case(case_id, operator_id, utcnow())
    except NotAllowed:
        flash(who_has(case_id), "warn")
        return back(case_id)
    flash(gettext("The case is free for a colleague."), "good")
    return redirect(url_for("desk.queue"))


@bp.post("/snooze")
@staff_required()
def snooze(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    form, now = SnoozeForm(), utcnow()
    form.offer_times(now)
    until = form.moment() if form.validate() else None
    if until is None:
        return page(case_id, operator_id, 422, snooze_form=form)
    stopped = changed(case_id, operator_id, snooze_form=form)
    if stopped:
        return stopped
    take_again(case_id, operator_id)
    try:
        use_cases.snooze_case(case_id, operator_id, until, now)
    except Refused as refused:
        form.show_refusal(refused)
        return page(case_id, operator_id, 422, snooze_form=form)
    except NotAllowed:
        return taken(case_id, operator_id, snooze_form=form)
    flash(gettext("Put off. It comes back %(time)s.", time=moment_in_words(until, now)), "good")
    return redirect(url_for("desk.queue"))


@bp.post("/close")
@staff_required()
def close(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    form = CloseForm()
    if not form.validate():
        return page(case_id, operator_id, 422, close_form=form)
    stopped = changed(case_id, operator_id, close_form=form)
    if stopped:
        return stopped
    take_again(case_id, operator_id)
    try:
        use_cases.close_case(case_id, operator_id, Ending(form.ending.data), utcnow())
    except NotAllowed:
        return taken(case_id, operator_id, close_form=form)
    flash(gettext("The case is closed."), "good")
    return redirect(url_for("desk.queue"))


@bp.post("/reopen")
@staff_required()
def reopen(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    """Take up again what was closed by hand."""
    try:
        reopen_case(case_id, operator_id, utcnow())
    except NotAllowed:
        flash(gettext("It stays closed: why it was closed still holds, or a colleague has the shop."), "warn")
    else:
        flash(gettext("Open again, and in your hands."), "good")
    return back(case_id)


@bp.post("/answer")
@staff_required()
def answer(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    """What the shop said or wrote, entered as its own answer would be."""
    form, now = AnswerForm(), utcnow()
    outreach = get_case(case_id).outreach
    if not form.validate():
        return page(case_id, operator_id, 422, answer_form=form)
    stopped = changed(case_id, operator_id, answer_form=form)
    if stopped:
        return stopped
    take_again(case_id, operator_id)
    try:
        submit_answer(outreach.id, answer_of(form, outreach), now, operator_id=operator_id)
    except Refused as refused:
        form.show_refusal(refused)
        return page(case_id, operator_id, 422, answer_form=form)
    except NotAllowed:
        return taken(case_id, operator_id, answer_form=form)
    except IllegalTransition:
        flash(gettext("Not written down: the shop has answered before, or the buyer has left."), "warn")
        return page(case_id, operator_id, 409, answer_form=form)
    flash(gettext("Written down. The buyer is being told."), "good")
    return back(case_id)
