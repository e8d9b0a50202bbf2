"""Responsiveness checks at the desk: the list of the round, and the checklist of each; blind to the card."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import Length, Optional

from discount_broker.checks.queries import (
    count_to_do,
    doors_left,
    get_check,
    has_failed,
    list_done,
    list_under_way,
    result_of,
)
from discount_broker.checks.rules import LONGEST_NOTE, Noted
from discount_broker.checks.use_cases import ask_check, drop_check, note_findings
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Refused
from discount_broker.web import desk_checks_words as words
from discount_broker.web.access import staff_required
from discount_broker.web.checks_report import as_pdf
from discount_broker.web.forms import PageForm, strip
from discount_broker.web.language import reader_zone

if TYPE_CHECKING:
    from discount_broker.checks.models import ResponseCheck

bp = Blueprint("desk_checks", __name__, url_prefix="/desk/checks")


@bp.record_once
def _know(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["checks_to_do"] = count_to_do


class FindingForm(PageForm):
    """What an operator saw of one shop."""

    own_refusals = words.REFUSALS
    complete = RadioField(
        _l("Does the answer say all that was asked?"),
        choices=[
            SelectChoice("yes", _l("yes, all of it")),
            SelectChoice("no", _l("no, something is missing")),
        ],
        validators=[Optional()],
    )
    call_promised_at = DateTimeLocalField(_l("They promised to call by"), validators=[Optional()])
    called_at = DateTimeLocalField(_l("They called at"), validators=[Optional()])
    note = TextAreaField(
        _l("Note for colleagues"),
        filters=[strip],
        validators=[Length(max=LONGEST_NOTE, message=words.REFUSALS["note_too_long"])],
    )

    def noted(self) -> Noted:
        """What was filled in.

        Raises:
            Refused: `time_unread`.

        """
        return Noted(
            is_complete={"yes": True, "no": False}.get(self.complete.data or ""),
            call_promised_at=_moment(self.call_promised_at),
            called_at=_moment(self.called_at),
            note=self.note.data or "",
        )


def _moment(field: DateTimeLocalField) -> datetime | None:
    typed: datetime | None = field.data
    if typed is None:
        return None
    try:
        return typed.replace(tzinfo=reader_zone()[0]).astimezone(UTC)
    except OverflowError:  # the first or the last day of the calendar
        raise Refused("time_unread", field.name) from None


def _typed(at: datetime | None) -> datetime | None:
    return at.astimezone(reader_zone()[0]).replace(tzinfo=None) if at else None


@bp.get("")
@staff_required()
def overview(operator_id: UUID) -> ResponseReturnValue:
    del operator_id
    return render_template(
        "desk/checks.html", under_way=list_under_way(), done=list_done(), words=words, has_failed=has_failed
    )


@bp.get("/<uuid:check_id>")
@staff_required()
def show(operator_id: UUID, check_id: UUID) -> ResponseReturnValue:
    del operator_id
    check = get_check(check_id)
    return _page(check, _filled(check))


def _filled(check: "ResponseCheck") -> FindingForm:
    complete = {True: "yes", False: "no", None: None}[check.findings.get("complete")]
    return FindingForm(
        formdata=None,
        complete=complete,
        call_promised_at=_typed(check.call_promised_at),
        called_at=_typed(check.called_at),
        note=check.note,
    )


@bp.post("/<uuid:check_id>/ask")
@staff_required()
def ask(operator_id: UUID, check_id: UUID) -> ResponseReturnValue:
    """Send the question that was drawn."""
    try:
        ask_check(check_id, operator_id, utcnow())
    except Refused as refused:
        check = get_check(check_id)
        return _page(check, _filled(check), wrong=str(words.REFUSALS[refused.code])), 409
    flash(gettext("The question leaves in the shop's hours. Its answer appears here by itself."), "good")
    return redirect(url_for(".show", check_id=check_id))


@bp.post("/<uuid:check_id>/drop")
@staff_required()
def drop(operator_id: UUID, check_id: UUID) -> ResponseReturnValue:
    drop_check(check_id, operator_id, utcnow())
    flash(gettext("Left out of this round: nothing was sent."), "good")
    return redirect(url_for(".overview"))


@bp.post("/<uuid:check_id>")
@staff_required()
def note(operator_id: UUID, check_id: UUID) -> ResponseReturnValue:
    """Keep the checklist; with "finish" the report is made of it."""
    form, check = FindingForm(), get_check(check_id)
    if not form.validate():
        return _page(check, form), 422
    is_finished = request.form.get("act") == "finish"
    try:
        note_findings(check_id, operator_id, form.noted(), utcnow(), is_finished=is_finished)
    except Refused as refused:
        form.show_refusal(refused)
        return _page(get_check(check_id), form), 422
    flash(gettext("The report is made.") if is_finished else gettext("Kept."), "good")
    return redirect(url_for(".show", check_id=check_id))


@bp.get("/<uuid:check_id>/report.pdf")
@staff_required()
def report(operator_id: UUID, check_id: UUID) -> Response:
    del operator_id
    return as_pdf(get_check(check_id))


def _page(check: "ResponseCheck", form: FindingForm, *, wrong: str = "") -> str:
    return render_template(
        "desk/check.html",
        check=check,
        form=form,
        wrong_here=wrong,
        words=words,
        result=result_of(check),
        has_failed=has_failed(check),
        door=next(iter(doors_left(check)), None),
    )
