"""Promises on the desk: written down, kept, broken, moved to another time, taken back."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from discount_broker.escalation import use_cases
from discount_broker.escalation.queries import get_case, get_promise, list_own_promises
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, NotAllowed, NotFound
from discount_broker.shops.queries import list_people
from discount_broker.web.access import staff_required, visitor
from discount_broker.web.desk_case_page import page as case_page
from discount_broker.web.desk_promises_doubts import place_of_clock, unconfirmed
from discount_broker.web.desk_promises_forms import GivenForm, MoveForm, TimeForm, shop_zone, told
from discount_broker.web.language import reader_zone

if TYPE_CHECKING:
    from discount_broker.escalation.models import Promise

DAY = timedelta(days=1)
EVIDENCE: Final = {
    "operator": "",
    "offer": _l("an offer came"),
    "letter": _l("a letter came"),
    "call": _l("they called"),
    "buyer": _l("the buyer said so"),
    "time ran out": _l("its time ran out"),
    "missed before": _l("it had been missed when it was written down"),
    "another time was agreed": _l("another time was agreed"),
    "another time was named": _l("another time was named"),
    "no longer needed": _l("no longer needed"),
    "declined": _l("the shop gives no discount"),
    "stopped": _l("the shop wants no requests"),
}
"""What the program writes of how a promise ended."""

bp = Blueprint("promises", __name__, url_prefix="/desk/cases/<uuid:case_id>/promises")


@bp.app_context_processor
def words() -> dict[str, Any]:
    """What the part of the case page needs beside the promises themselves."""
    return {
        "promise_form": new_form,
        "told_at_shop": told_at_shop,
        "shop_clock": clock_at,
        "evidence_words": evidence_words,
        "own_promises": own_promises,
    }


@bp.get("")
@staff_required()
def show(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    """The form by itself."""
    del operator_id
    return _page(case_id, _filled(GivenForm(formdata=None), case_id, utcnow()))


@bp.post("")
@staff_required()
def add(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    now = utcnow()
    form = _filled(GivenForm(), case_id, now)
    if not form.validate() or unconfirmed(form, form.due_at, now, form.calendar):
        return _page(case_id, form, code=422)
    try:
        use_cases.add_promise(case_id, operator_id, form.given(), now)
    except NotAllowed:
        return _taken(case_id, form)
    flash(gettext("Written down. It wakes by itself."), "good")
    return _back(case_id)


@bp.post("/<uuid:promise_id>")
@staff_required()
def settle(operator_id: UUID, case_id: UUID, promise_id: UUID) -> ResponseReturnValue:
    kept, evidence = _yes_or_no("kept"), request.form.get("evidence", "")
    try:
        use_cases.settle_promise(case_id, promise_id, operator_id, evidence, utcnow(), kept=kept)
    except NotAllowed:
        flash(gettext("A colleague has this case in hand. Nothing was changed."), "warn")
        return case_page(case_id, operator_id, 409, promise_evidence={promise_id: evidence})
    except IllegalTransition:
        flash(gettext("This promise was settled before."), "warn")
    else:
        kept_words = gettext("Noted: kept. What comes next for this case?")
        flash(kept_words if kept else gettext("Noted: broken. The case is at the top of the queue."), "good")
    return _back(case_id)


@bp.get("/<uuid:promise_id>/move")
@staff_required()
def ask_move(operator_id: UUID, case_id: UUID, promise_id: UUID) -> ResponseReturnValue:
    del operator_id
    form = MoveForm(formdata=None)
    form.by_clock_of(get_case(case_id).outreach.shop, utcnow())
    return _page(case_id, form, promise_id)


@bp.post("/<uuid:promise_id>/move")
@staff_required()
def move(operator_id: UUID, case_id: UUID, promise_id: UUID) -> ResponseReturnValue:
    """Another time was agreed."""
    form, now = MoveForm(), utcnow()
    form.by_clock_of(get_case(case_id).outreach.shop, now)
    if not form.validate() or unconfirmed(form, form.due_at, now, form.calendar) or form.due_at is None:
        return _page(case_id, form, promise_id, code=422)
    try:
        use_cases.move_promise(case_id, promise_id, operator_id, form.due_at, now)
    except NotAllowed:
        return _taken(case_id, form, promise_id)
    except IllegalTransition:
        flash(gettext("This promise was settled before."), "warn")
    else:
        flash(gettext("Written down: another time was agreed."), "good")
    return _back(case_id)


@bp.post("/<uuid:promise_id>/withdraw")
@staff_required()
def withdraw(operator_id: UUID, case_id: UUID, promise_id: UUID) -> ResponseReturnValue:
    try:
        use_cases.withdraw_promise(case_id, promise_id, operator_id, utcnow())
    except NotAllowed:
        flash(gettext("A colleague has this case in hand. Nothing was changed."), "warn")
    except IllegalTransition:
        flash(gettext("This promise was settled before."), "warn")
    else:
        flash(gettext("Taken back: nobody waits for it any more."), "good")
    return _back(case_id)


def new_form(case_id: UUID) -> GivenForm:
    """The form of the case page, not yet filled in."""
    return _filled(GivenForm(formdata=None), case_id, utcnow())


def own_promises() -> "list[tuple[Promise, UUID]]":
    """What whoever reads this page has promised to do today."""
    who, now = visitor(), utcnow()
    midnight = datetime.combine(now.astimezone(reader_zone()[0]).date() + DAY, time(), reader_zone()[0])
    return list_own_promises(who.id, now, midnight) if who and who.kind == "operator" else []


def told_at_shop(at: datetime, country: str | None) -> str:
    """A time by the shop's clock, and by the reader's."""
    return told(at, shop_zone(country), utcnow())


def evidence_words(evidence: str) -> str:
    """What showed how a promise ended; what an operator wrote stands as they wrote it."""
    return str(EVIDENCE.get(evidence, evidence))


def clock_at(country: str | None) -> Markup:
    """What time it is where the shop is."""
    there = utcnow().astimezone(shop_zone(country))
    return Markup("<strong>{:%H:%M}</strong> ({})").format(there, place_of_clock(country))


def _filled(form: GivenForm, case_id: UUID, now: datetime) -> GivenForm:
    shop = get_case(case_id).outreach.shop
    form.by_clock_of(shop, now)
    form.know(list_people(shop.id))
    return form


def _page(
    case_id: UUID, form: TimeForm, promise_id: UUID | None = None, code: int = 200
) -> ResponseReturnValue:
    """The form by itself, with what was typed, and what is asked about it."""
    case, moved = get_case(case_id), get_promise(promise_id) if promise_id else None
    if moved is not None and moved.outreach_id != case.outreach_id:
        raise NotFound("promise")
    return render_template("desk/promise.html", case=case, form=form, moved=moved), code


def _taken(case_id: UUID, form: TimeForm, promise_id: UUID | None = None) -> ResponseReturnValue:
    flash(
        gettext(
            "A colleague has this case, or it has been closed. Nothing was changed; what you typed is below."
        ),
        "warn",
    )
    return _page(case_id, form, promise_id, code=409)


def _back(case_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("case.show", case_id=case_id))


def _yes_or_no(name: str) -> bool:
    said = request.form.get(name)
    if said not in ("yes", "no"):
        abort(400)
    return said == "yes"
