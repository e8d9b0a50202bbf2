"""Filters of the queue that an operator keeps at hand."""

from typing import Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from discount_broker.escalation.use_cases import delete_filter, save_filter
from discount_broker.escalation.use_cases.filters import LONGEST_NAME, MOST_FILTERS
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.web.access import staff_required
from discount_broker.web.desk_queue import queue_page
from discount_broker.web.desk_queue_view import Shown, shown_in

bp = Blueprint("filters", __name__, url_prefix="/desk/filters")

REFUSALS: Final[dict[str, LazyString]] = {
    "name_missing": _l("Please give the filter a name."),
    "name_long": _l("Please choose a shorter name: %(most)s letters are enough."),
    "filters_full": _l("You keep %(full)s filters already. Please remove one that you no longer use."),
}


@bp.post("")
@staff_required()
def save(operator_id: UUID) -> ResponseReturnValue:
    """Keep what the queue is narrowed down to under a name."""
    shown, name = shown_where(request.form.get("back", "")), request.form.get("name", "")
    kept = {"view": shown.view.value, **shown.filters}
    try:
        is_new = save_filter(operator_id, name, urlencode(kept), utcnow())
    except Refused as refused:
        flash(str(REFUSALS[refused.code] % {"most": LONGEST_NAME, "full": MOST_FILTERS}), "warn")
        return queue_page(operator_id, shown, 422, typed={"filter_name": name})
    words = gettext("Kept: “%(name)s”.", name=name.strip())
    flash(words if is_new else gettext("“%(name)s” shows this from now on.", name=name.strip()), "good")
    return redirect(shown.address())


@bp.post("/<uuid:filter_id>/delete")
@staff_required()
def delete(operator_id: UUID, filter_id: UUID) -> ResponseReturnValue:
    delete_filter(operator_id, filter_id)
    flash(gettext("The filter is gone. The cases are where they were."), "good")
    return redirect(shown_where(request.form.get("back", "")).address())


def shown_where(query: str) -> Shown:
    """The page of the queue that a form came from."""
    return shown_in(MultiDict(parse_qsl(query[:2000])))
