"""Clocks on the desk: how long a shop has taken, said in words, and how much time leads give."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import Length

from discount_broker.escalation.queries.clocks import allowances, list_clocks, list_policies, newest_version
from discount_broker.escalation.rules.clocks import Allowance, Run
from discount_broker.escalation.status import CaseStatus, ClockKind
from discount_broker.escalation.use_cases import change_clock
from discount_broker.kernel.business_time import Whose
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.web.access import staff_required
from discount_broker.web.desk_clocks_words import CLOCKS, MEANINGS
from discount_broker.web.forms import NumberField, PageForm

if TYPE_CHECKING:
    from discount_broker.escalation.models import CaseClock, EscalationCase

bp = Blueprint("clocks", __name__, url_prefix="/desk/clocks")


class Line(NamedTuple):
    """One clock, as it is said."""

    name: str
    words: str
    tone: str
    """`missed`, `warned` or nothing."""
    misses: int


class ClockForm(PageForm):
    """How much time one clock gives, in hours and minutes of the shop's working day."""

    own_refusals: Final = {  # type: ignore[misc] # a ClassVar of the form above, and final here
        "clock_out_of_range": _l(
            "Please give at least one minute, and at most sixty business days (540 hours)."
        ),
        "warning_out_of_range": _l("Please warn before the time is over: not earlier than it begins."),
    }
    hours = NumberField(_l("Hours given"), validators=[Length(max=10)])
    warn_hours = NumberField(_l("Warn so many hours before"), validators=[Length(max=10)])
    version = IntegerField()

    def allowance(self) -> Allowance:
        """What was typed; anything that is no number is refused with the sentence for that."""
        return Allowance(_minutes(self.hours), _minutes(self.warn_hours))

    def show_refusal(self, refused: Refused) -> None:
        field = {"minutes": "hours", "warn_minutes": "warn_hours"}.get(refused.field, "hours")
        self.wrong(field, refused.code)


@bp.app_context_processor
def words() -> dict[str, Any]:
    return {"clock_lines": clock_lines}


@bp.get("")
@staff_required()
def show(operator_id: UUID) -> ResponseReturnValue:
    """How much time the clocks give, and who has said so; leads change it here."""
    del operator_id
    return _page({})


@bp.post("/<kind>")
@staff_required("lead")
def change(operator_id: UUID, kind: str) -> ResponseReturnValue:
    if kind not in {*ClockKind}:
        abort(404)
    form = ClockForm()
    try:
        if not form.validate():
            return _page({ClockKind(kind): form}, 422)
        change_clock(ClockKind(kind), form.allowance(), form.version.data or 0, operator_id, utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return _page({ClockKind(kind): form}, 422)
    except IllegalTransition:
        flash(
            gettext(
                "Somebody has changed this clock meanwhile. What you typed is below; press again to keep it."
            ),
            "warn",
        )
        form.version.data = newest_version(ClockKind(kind))
        return _page({ClockKind(kind): form}, 409)
    flash(gettext("From now on. Clocks that run already keep the time they were given."), "good")
    return redirect(url_for("clocks.show"))


def clock_lines(case: "EscalationCase", now: datetime | None = None) -> list[Line]:
    """The clocks of a case, each in words; those that ran without a miss and are over are not told."""
    moment, whose = now or utcnow(), case.outreach.shop.calendar
    return list(said(list_clocks(case.id).values(), whose, moment, is_open=case.status is CaseStatus.OPEN))


def said(
    clocks: "Iterable[CaseClock]", whose: Whose, now: datetime, *, is_open: bool = True
) -> Iterable[Line]:
    for clock in clocks:
        is_over = clock.stopped_at is not None or not is_open
        if not is_over or clock.misses:
            yield Line(str(CLOCKS[clock.kind]), _words(clock, whose, now), _tone(clock), clock.misses)


def _tone(clock: "CaseClock") -> str:
    if clock.missed_at is not None:
        return "missed"
    return "warned" if clock.warned_at is not None and clock.stopped_at is None else ""


def _words(clock: "CaseClock", whose: Whose, now: datetime) -> str:
    run = Run(clock.started_at, clock.spent_seconds, clock.running_since, clock.stopped_at)
    spent, limit = run.spent_at(now, whose), clock.limit_seconds
    given = in_hours(limit)
    if clock.stopped_at is not None:
        return str(gettext("took %(spent)s of %(given)s", spent=in_hours(spent), given=given))
    if spent > limit:
        over = in_hours(spent - limit)
        return str(gettext("%(over)s over the %(given)s given, by the shop's clock", over=over, given=given))
    left = in_hours(limit - spent)
    if clock.running_since is None:
        return str(
            gettext(
                "%(left)s of %(given)s left; rests, for the ball is not with the shop", left=left, given=given
            )
        )
    return str(gettext("%(left)s of %(given)s left, by the shop's clock", left=left, given=given))


def in_hours(seconds: int) -> str:
    """`2 h 5 min`; business time has days of nine hours, so that days would mislead."""
    hours, minutes = divmod(max(seconds, 0) // 60, 60)
    if not hours:
        return str(ngettext("%(num)d min", "%(num)d min", minutes))
    if not minutes or hours >= 10:
        return str(ngettext("%(num)d h", "%(num)d h", hours))
    return str(gettext("%(hours)d h %(minutes)d min", hours=hours, minutes=minutes))


def _minutes(field: NumberField) -> int:
    typed = field.number
    return int(typed * 60) if typed is not None and abs(typed) < 10_000 else -1


def _page(filled: dict[ClockKind, ClockForm], code: int = 200) -> ResponseReturnValue:
    given = allowances()
    forms = {kind: filled.get(kind) or _fresh(kind, given[kind]) for kind in ClockKind}
    page = render_template(
        "desk/clocks.html",
        forms=forms,
        given=given,
        names=CLOCKS,
        meanings=MEANINGS,
        past=list_policies(),
        in_hours=in_hours,
    )
    return page, code


def _fresh(kind: ClockKind, given: Allowance) -> ClockForm:
    typed = {
        "hours": f"{given.minutes / 60:g}",
        "warn_hours": f"{given.warn_minutes / 60:g}",
        "version": newest_version(kind),
    }
    return ClockForm(formdata=None, data=typed)
