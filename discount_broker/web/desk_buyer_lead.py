"""What leads alone do with a buyer's card: merge two, take all of it away, have a buyer forgotten."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.accounts.queries import get_buyer
from discount_broker.accounts.use_cases.cards import note_export
from discount_broker.discount_requests.queries.buyers import search_buyers
from discount_broker.escalation.use_cases.merging_buyers import merge_buyers, plan_buyer_merge
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.offers.use_cases.erasing import erase_buyer, plan_erasure
from discount_broker.web.access import staff_required
from discount_broker.web.desk_buyer_export import as_csv, as_json, known_of
from discount_broker.web.desk_buyer_forms import EraseForm, FindForm

if TYPE_CHECKING:
    from discount_broker.accounts.models import Buyer

bp = Blueprint("buyer_lead", __name__, url_prefix="/desk/buyers/<uuid:buyer_id>")


@bp.get("/merge")
@staff_required("lead")
def merge_preview(operator_id: UUID, buyer_id: UUID) -> ResponseReturnValue:
    """What would happen if another card became this one."""
    del operator_id
    form = FindForm(formdata=None, data={"other": request.args.get("other", "")[:300]})
    if not form.other.data:
        return _merge_page(buyer_id, form)
    other = _found(form.other.data)
    if other is None:
        form.wrong("other", "buyer_unknown")
        return _merge_page(buyer_id, form, code=404)
    try:
        return _merge_page(buyer_id, form, plan_buyer_merge(other.id, buyer_id))
    except Refused as refused:
        form.show_refusal(refused)
        return _merge_page(buyer_id, form, code=409)


@bp.post("/merge")
@staff_required("lead")
def merge(operator_id: UUID, buyer_id: UUID) -> ResponseReturnValue:
    form = FindForm()
    other = _found(form.other.data or "")
    if other is None:
        form.wrong("other", "buyer_unknown")
        return _merge_page(buyer_id, form, code=404)
    try:
        merge_buyers(other.id, buyer_id, operator_id, utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return _merge_page(buyer_id, form, code=409)
    flash(gettext("Done: the two cards are one."), "good")
    return redirect(url_for("buyer_card.show", buyer_id=buyer_id))


def _found(typed: str) -> "Buyer | None":
    found = search_buyers(typed, 2)
    exact = [buyer for buyer in found if buyer.email == typed.strip().lower()]
    return exact[0] if exact else found[0] if len(found) == 1 else None


def _merge_page(buyer_id: UUID, form: FindForm, plan: Any = None, code: int = 200) -> ResponseReturnValue:
    facts = {"buyer": get_buyer(buyer_id), "form": form, "plan": plan}
    return render_template("desk/buyer_merge.html", **facts), code


@bp.get("/export")
@staff_required("lead")
def export_page(operator_id: UUID, buyer_id: UUID) -> ResponseReturnValue:
    del operator_id
    return render_template("desk/buyer_export.html", buyer=get_buyer(buyer_id))


@bp.post("/export")
@staff_required("lead")
def export(operator_id: UUID, buyer_id: UUID) -> ResponseReturnValue:
    """Everything that is known of a buyer, as a file; the trail says who took it."""
    form = "csv" if request.form.get("form") == "csv" else "json"
    note_export(buyer_id, form, operator_id, utcnow())
    known = known_of(buyer_id, utcnow())
    body, kind = (as_csv(known), "text/csv") if form == "csv" else (as_json(known), "application/json")
    response = Response(body, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="buyer-{buyer_id}.{form}"'
    return response


@bp.get("/erase")
@staff_required("lead")
def erase_page(operator_id: UUID, buyer_id: UUID) -> ResponseReturnValue:
    """What would go, and what would stay."""
    del operator_id
    return _erase_page(buyer_id, EraseForm(formdata=None))


@bp.post("/erase")
@staff_required("lead")
def erase(operator_id: UUID, buyer_id: UUID) -> ResponseReturnValue:
    form = EraseForm()
    try:
        erase_buyer(buyer_id, form.address.data or "", operator_id, utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return _erase_page(buyer_id, form, 422)
    flash(gettext("Erased. Nothing but numbers is kept of this buyer."), "good")
    return redirect(url_for("buyers.catalogue"))


def _erase_page(buyer_id: UUID, form: EraseForm, code: int = 200) -> ResponseReturnValue:
    return render_template("desk/buyer_erase.html", form=form, plan=plan_erasure(buyer_id)), code
