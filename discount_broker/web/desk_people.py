"""People at a shop: putting right what is known of them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.escalation.queries.calls import lead_cases_of
from discount_broker.escalation.use_cases.people import note_whether_left, put_person_right
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.shops.queries import get_person_of
from discount_broker.web.access import staff_required
from discount_broker.web.desk_case_page import page as case_page
from discount_broker.web.desk_words import REFUSALS

bp = Blueprint("people", __name__, url_prefix="/desk/shops/<uuid:shop_id>/people/<uuid:person_id>")


@bp.post("")
@staff_required()
def correct(operator_id: UUID, shop_id: UUID, person_id: UUID) -> ResponseReturnValue:
    typed = {name: request.form.get(name, "") for name in ("name", "role", "phone", "note")}
    try:
        put_person_right(shop_id, person_id, operator_id, utcnow(), **typed)
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "warn")
        case_id = _case_of(shop_id)
        if case_id is not None:
            return case_page(case_id, operator_id, 422, person_typed={person_id: typed})
    else:
        flash(gettext("Kept."), "good")
    return _back(shop_id)


@bp.post("/left")
@staff_required()
def left(operator_id: UUID, shop_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """They do not work there any more, or do after all."""
    has_left = get_person_of(shop_id, person_id).left_at is None
    note_whether_left(shop_id, person_id, operator_id, utcnow(), has_left=has_left)
    flash(gettext("Noted."), "good")
    return _back(shop_id)


def _back(shop_id: UUID) -> ResponseReturnValue:
    """Where the operator came from: a case of the shop, else the shop itself."""
    case_id = _case_of(shop_id)
    if case_id is not None:
        return redirect(url_for("case.show", case_id=case_id, _anchor="the-shop"))
    return redirect(url_for("shop.show", shop_id=shop_id))


def _case_of(shop_id: UUID) -> UUID | None:
    try:
        return UUID(request.form.get("case", ""))
    except ValueError:
        return lead_cases_of([shop_id]).get(shop_id)
