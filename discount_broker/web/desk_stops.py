"""The stop list at the desk: who must be left alone, why, and who said so."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from discount_broker.accounts.queries import operator_names
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.messaging.queries import count_suppressions, search_suppressions
from discount_broker.outreach.use_cases import allow_again, forbid_for
from discount_broker.web import desk_sending_words as words
from discount_broker.web.access import staff_required
from discount_broker.web.forms import PageForm, strip

bp = Blueprint("stops", __name__, url_prefix="/desk/stops")
LONGEST_SEARCH = 200


class StopForm(PageForm):
    """Whom to leave alone, and who said so."""

    own_refusals = words.STOP_REFUSALS
    kind = SelectField(
        _l("What"), choices=[SelectChoice(key, said) for key, said in words.STOP_KINDS.items()]
    )
    value = StringField(
        _l("Domain, address, number or page"),
        filters=[strip],
        validators=[DataRequired(words.REFUSALS["value_missing"]), Length(max=2000)],
    )
    cause = TextAreaField(
        _l("Who said so, and in which words"),
        filters=[strip],
        validators=[DataRequired(words.REFUSALS["cause_missing"]), Length(max=2000)],
    )


@bp.get("")
@staff_required()
def show(operator_id: UUID) -> ResponseReturnValue:
    """The list, or what was searched for."""
    del operator_id
    return _page(StopForm(formdata=None))


@bp.post("")
@staff_required()
def add(operator_id: UUID) -> ResponseReturnValue:
    """Enter somebody; what waits for them is stopped before it leaves."""
    form = StopForm()
    if not form.validate():
        return _page(form, 422)
    try:
        key = forbid_for(form.kind.data, form.value.data or "", form.cause.data or "", operator_id, utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return _page(form, 422)
    flash(gettext("Nothing leaves to %(name)s any more.", name=key.partition(":")[2]), "good")
    return redirect(url_for("stops.show"))


@bp.post("/lift")
@staff_required("lead")
def lift(operator_id: UUID) -> ResponseReturnValue:
    """Take an entry back, for a reason that is kept."""
    key = request.form.get("key", "")
    try:
        allow_again(key, request.form.get("cause", ""), operator_id, utcnow())
    except Refused:
        flash(str(words.REFUSALS["cause_missing"]), "warn")
        return redirect(url_for("stops.show", q=key.partition(":")[2]))
    flash(gettext("%(name)s may be written to again.", name=key.partition(":")[2]), "good")
    return redirect(url_for("stops.show"))


def _page(form: StopForm, code: int = 200) -> ResponseReturnValue:
    text = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    stops = search_suppressions(text)
    page = render_template(
        "desk/stops.html",
        stop_form=form,
        stops=stops,
        q=text,
        total=count_suppressions(),
        names=operator_names([stop.operator_id for stop in stops if stop.operator_id]),
        words=words,
    )
    return page, code
