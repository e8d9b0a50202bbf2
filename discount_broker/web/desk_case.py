"""One case on one screen, and everything an operator does with it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.escalation import use_cases
from discount_broker.escalation.queries import find_entry, get_case
from discount_broker.escalation.status import CaseStatus, Ending
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, NotAllowed, NotFound, Refused
from discount_broker.messaging.use_cases import resolve_unknown
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.queries.thread import sent_to_shop
from discount_broker.web.access import staff_required
from discount_broker.web.desk_forms import CallForm, CloseForm, SnoozeForm, to_local
from discount_broker.web.desk_page import facts_of
from discount_broker.web.desk_queue import holder_of
from discount_broker.web.desk_script import ending_chosen
from discount_broker.web.desk_suggestion import answer_read
from discount_broker.web.filters import moment_in_words
from discount_broker.web.forms import AnswerForm, PageForm
from discount_broker.web.language import reader_zone
from discount_broker.web.offer_page import USUAL_TERM, answer_of

bp = Blueprint("case", __name__, url_prefix="/desk/cases/<uuid:case_id>")


@bp.get("")
@staff_required()
def show(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    return _page(case_id, operator_id)


@bp.post("/claim")
@staff_required()
def claim(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    if not use_cases.claim_case(case_id, operator_id, utcnow()):
        flash(_who_has(case_id), "warn")
    return _back(case_id)


@bp.post("/release")
@staff_required()
def release(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    try:
        use_cases.release_case(case_id, operator_id, utcnow())
    except NotAllowed:
        flash(_who_has(case_id), "warn")
        return _back(case_id)
    flash(gettext("The case is free for a colleague."), "good")
    return redirect(url_for("desk.queue"))


@bp.post("/calls")
@staff_required()
def log_call(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    form, now = CallForm(), utcnow()
    form.offer_times(now)
    if not form.validate():
        return _page(case_id, operator_id, 422, call_form=form)
    try:
        use_cases.log_call(case_id, operator_id, form.report(), now)
    except Refused as refused:
        form.show_refusal(refused)
        return _page(case_id, operator_id, 422, call_form=form)
    except NotAllowed:
        return _taken(case_id, operator_id, call_form=form)
    flash(_what_follows(case_id, now), "good")
    return _back(case_id)


@bp.post("/snooze")
@staff_required()
def snooze(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    form, now = SnoozeForm(), utcnow()
    form.offer_times(now)
    until = form.moment() if form.validate() else None
    if until is None:
        return _page(case_id, operator_id, 422, snooze_form=form)
    try:
        use_cases.snooze_case(case_id, operator_id, until, now)
    except Refused as refused:
        form.show_refusal(refused)
        return _page(case_id, operator_id, 422, snooze_form=form)
    except NotAllowed:
        return _taken(case_id, operator_id, snooze_form=form)
    flash(gettext("Put off. It comes back %(time)s.", time=moment_in_words(until, now)), "good")
    return redirect(url_for("desk.queue"))


@bp.post("/close")
@staff_required()
def close(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    form = CloseForm()
    if not form.validate():
        return _page(case_id, operator_id, 422, close_form=form)
    try:
        use_cases.close_case(case_id, operator_id, Ending(form.ending.data), utcnow())
    except NotAllowed:
        return _taken(case_id, operator_id, close_form=form)
    flash(gettext("The case is closed."), "good")
    return redirect(url_for("desk.queue"))


@bp.post("/answer")
@staff_required()
def answer(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    """What the shop said or wrote, entered as its own answer would be."""
    form, now = AnswerForm(), utcnow()
    outreach = get_case(case_id).outreach
    if not form.validate():
        return _page(case_id, operator_id, 422, answer_form=form)
    try:
        submit_answer(outreach.id, answer_of(form, outreach), now, operator_id=operator_id)
    except Refused as refused:
        form.show_refusal(refused)
        return _page(case_id, operator_id, 422, answer_form=form)
    except IllegalTransition:
        flash(gettext("Not written down: the shop has answered before, or the buyer has left."), "warn")
        return _page(case_id, operator_id, 409, answer_form=form)
    flash(gettext("Written down. The buyer is being told."), "good")
    return _back(case_id)


@bp.post("/deliveries/<uuid:delivery_id>")
@staff_required()
def settle_delivery(operator_id: UUID, case_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Somebody found out whether a message arrived."""
    arrived, now = _yes_or_no("arrived"), utcnow()
    if delivery_id not in {each.id for each in sent_to_shop(get_case(case_id).outreach)}:
        raise NotFound("delivery")
    try:
        resolve_unknown(delivery_id, now, arrived=arrived)
        use_cases.note_outcome(case_id, operator_id, now, arrived=arrived)
    except IllegalTransition:
        flash(gettext("What became of this message was known already."), "warn")
    except NotAllowed:
        flash(_who_has(case_id), "warn")
    else:
        flash(_what_follows(case_id, now), "good")
    return _back(case_id)


@bp.post("/forms/<uuid:point_id>")
@staff_required()
def sent_by_hand(operator_id: UUID, case_id: UUID, point_id: UUID) -> ResponseReturnValue:
    """An operator has filled in a form that asks for a person."""
    now = utcnow()
    try:
        use_cases.note_sent_by_hand(case_id, operator_id, point_id, now)
    except NotAllowed:
        flash(_who_has(case_id), "warn")
    else:
        flash(_what_follows(case_id, now), "good")
    return _back(case_id)


def _page(case_id: UUID, operator_id: UUID, code: int = 200, **filled: PageForm) -> ResponseReturnValue:
    """The whole case; forms that were filled in keep what was typed."""
    now = utcnow()
    fresh: dict[str, Any] = {
        "call_form": CallForm(formdata=None, data={"started_at": _local_now(now)} | ending_chosen()),
        "snooze_form": SnoozeForm(formdata=None),
        "close_form": CloseForm(formdata=None),
        "answer_form": AnswerForm(
            formdata=None, data={"valid_until": _term(now)} | answer_read(get_case(case_id).outreach)
        ),
    }
    forms = fresh | filled
    forms["call_form"].offer_times(now)
    forms["snooze_form"].offer_times(now)
    facts = facts_of(case_id, operator_id, now)
    return render_template("desk/case.html", **facts, **forms, filled=set(filled)), code


def _taken(case_id: UUID, operator_id: UUID, **filled: PageForm) -> ResponseReturnValue:
    """Somebody else has the case by now: nothing was changed, and nothing typed is lost."""
    flash(_who_has(case_id) + " " + gettext("Nothing was changed; what you typed is below."), "warn")
    return _page(case_id, operator_id, 409, **filled)


def _who_has(case_id: UUID) -> str:
    held, now = get_case(case_id), utcnow()
    if held.status is CaseStatus.CLOSED:
        return str(gettext("This case has been closed."))
    entry = find_entry(held.outreach.shop_id)
    name = holder_of(entry, now)
    if not name or entry is None or entry.claimed_until is None:
        return str(gettext("A colleague was quicker. Please try once more."))
    time = moment_in_words(entry.claimed_until, now)
    return str(gettext("%(name)s has this case, until %(time)s.", name=name, time=time))


def _what_follows(case_id: UUID, now: datetime) -> str:
    """What the desk does next, said aloud after every step."""
    found = get_case(case_id)
    if found.next_action_at is None:
        return str(gettext("Written down. The case is closed."))
    time = moment_in_words(found.next_action_at, now)
    return str(gettext("Written down. It comes back %(time)s.", time=time))


def _back(case_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("case.show", case_id=case_id))


def _yes_or_no(name: str) -> bool:
    said = request.form.get(name)
    if said not in ("yes", "no"):
        abort(400)
    return said == "yes"


def _local_now(now: datetime) -> datetime:
    return datetime.fromisoformat(to_local(now))


def _term(now: datetime) -> date:
    return (now.astimezone(reader_zone()[0]) + USUAL_TERM).date()
