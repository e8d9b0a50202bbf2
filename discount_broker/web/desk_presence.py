"""Who is looking at a case, and that whoever works on one keeps it."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from discount_broker.escalation.queries import get_case
from discount_broker.escalation.queries.presence import list_present
from discount_broker.escalation.use_cases import note_presence, prolong_claim
from discount_broker.kernel.clock import utcnow
from discount_broker.web.access import staff_required, visitor

bp = Blueprint("presence", __name__, url_prefix="/desk/cases/<uuid:case_id>/presence")


@bp.post("")
@staff_required()
def beat(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    """The page of a case is open; nothing is sent back where the same people look as before."""
    note_presence(case_id, operator_id, utcnow())
    names = looking_at(get_case(case_id).outreach.shop_id)
    if request.form.get("shown") == "; ".join(names):
        return "", 204
    return render_template("desk/_present.html", present=names)


@bp.app_template_global("looking_at")
def looking_at(shop_id: UUID) -> list[str]:
    """Names of the others who have a page of this shop open now."""
    who = visitor()
    present = list_present([shop_id], utcnow()).get(shop_id, {})
    return [name for operator_id, name in present.items() if who is None or operator_id != who.id]


@bp.after_app_request
def prolong(response: Response) -> Response:
    """Any change that its holder makes to a case prolongs the claim; a page that is merely open does not."""
    case_id = (request.view_args or {}).get("case_id")
    is_change = request.method == "POST" and request.blueprint != bp.name and response.status_code < 400
    # Asked last: most pages are no change to a case, and some must not touch the database.
    if case_id is not None and is_change and (who := visitor()) is not None:
        prolong_claim(case_id, who.id, utcnow())
    return response
