"""The lead's review: cases that operators flagged and a sample, one at a time, each with a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from discount_broker.escalation.queries import get_case, list_promises
from discount_broker.escalation.queries.lead_reviews import (
    count_flagged,
    list_flagged,
    list_verdicts,
    sample_of,
    seconds_used,
    verdicts_since,
)
from discount_broker.escalation.rules.sampling import SAMPLE_SIZE
from discount_broker.escalation.rules.team import LONGEST_COMMENT, REVIEW_MINUTES, Day, Verdict, last_weeks
from discount_broker.escalation.status import CaseStatus, Ending, LeadDecision
from discount_broker.escalation.use_cases import decide, flag_case
from discount_broker.escalation.use_cases.flagging import LONGEST_NOTE
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import NotAllowed, Refused
from discount_broker.kernel.site import site
from discount_broker.web import desk_review_words as words
from discount_broker.web.access import staff_required
from discount_broker.web.desk_thread import said_in
from discount_broker.web.desk_words import ENDINGS
from discount_broker.web.forms import PageForm, strip

if TYPE_CHECKING:
    from discount_broker.escalation.models import EscalationCase, LeadReview

bp = Blueprint("review", __name__, url_prefix="/desk")


@bp.record_once
def _know(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        flagged_cases=count_flagged, verdicts_of=list_verdicts, review_words=words, longest_flag=LONGEST_NOTE
    )


class VerdictForm(PageForm):
    """What the lead makes of a case."""

    own_refusals = words.REFUSALS
    decision = RadioField(
        _l("What do you make of it?"), validators=[InputRequired(_l("Please choose one of them."))]
    )
    ending = RadioField(
        _l("How does it end?"),
        choices=[SelectChoice(ending.value, ENDINGS[ending]) for ending in Ending],
        validators=[Optional()],
    )
    comment = TextAreaField(
        _l("What should the operator know?"), filters=[strip], validators=[Length(max=LONGEST_COMMENT)]
    )
    opened_at = HiddenField()
    seen = HiddenField()

    def fit(self, case: "EscalationCase") -> None:
        """Offer what can be decided of a case that is open, or of one that is closed."""
        is_open = case.status is CaseStatus.OPEN
        choices = words.CHOICES if is_open else words.CHOICES_WHEN_CLOSED
        self.decision.choices = [SelectChoice(one, said) for one, said in choices.items()]

    def verdict(self, now: datetime) -> Verdict:
        ending = self.ending.data
        return Verdict(
            decision=LeadDecision(self.decision.data),
            comment=self.comment.data or "",
            ending=Ending(ending) if ending in {*Ending} else None,
            opened_at=_moment(self.opened_at.data, now),
            seen=int(self.seen.data[:9]) if (self.seen.data or "").isdecimal() else 0,
        )


def _moment(seconds: str | None, now: datetime) -> datetime:
    is_number = (seconds or "").isdecimal() and len(seconds or "") < 12
    return datetime.fromtimestamp(int(seconds or 0), UTC) if is_number else now


@dataclass(frozen=True, kw_only=True)
class Line:
    """A case that a lead should look at."""

    case: "EscalationCase"
    verdict: "LeadReview | None"
    """What was decided of it already; of a flagged one, that it is to be talked about."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """The drawn cases of one operator, and the minutes that leads have used for them this week."""

    name: str
    lines: Sequence[Line]
    minutes: int


@bp.get("/review")
@staff_required("lead")
def overview(operator_id: UUID) -> ResponseReturnValue:
    """What is flagged, and the sample of the week before this one."""
    now = utcnow()
    flagged, heads = _flagged(), _heads(operator_id, now)
    return render_template(
        "desk/review.html",
        flagged=flagged,
        heads=heads,
        first=next(iter(_waiting(flagged, heads)), None),
        week=_weeks(now)[0],
        size=SAMPLE_SIZE,
        minutes_meant=REVIEW_MINUTES,
        words=words,
    )


@bp.get("/review/<uuid:case_id>")
@staff_required("lead")
def case(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    """One case in one column, and the decision under it."""
    del operator_id
    form = VerdictForm(formdata=None, opened_at=f"{utcnow().timestamp():.0f}")
    return _page(case_id, form)


@bp.post("/review/<uuid:case_id>")
@staff_required("lead")
def settle(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    """Write the decision down, and go on to the next case."""
    form, now = VerdictForm(), utcnow()
    form.fit(get_case(case_id))
    if not form.validate():
        return _page(case_id, form, 422)
    try:
        decide(case_id, operator_id, form.verdict(now), now)
    except Refused as refused:
        form.show_refusal(refused)
        return _page(case_id, form, 422)
    except NotAllowed:
        flash(
            gettext("Not written down: the case has changed since you opened it. Please look again."), "warn"
        )
        return _page(case_id, form, 409)
    flash(gettext("Decided. The operator reads it on the case and on the team's page."), "good")
    return redirect(_next_one(operator_id, case_id, now))


@bp.post("/cases/<uuid:case_id>/flag")
@staff_required()
def flag(operator_id: UUID, case_id: UUID) -> ResponseReturnValue:
    """An operator asks the lead to look at a case."""
    note = request.form.get("note", "")
    try:
        flag_case(case_id, operator_id, note, utcnow())
    except Refused as refused:
        return _flag_page(case_id, note, str(words.REFUSALS[refused.code]), 422)
    except NotAllowed:
        return _flag_page(case_id, note, gettext("This case has been closed."), 409)
    flash(gettext("The lead will look at it. You can go on with the case meanwhile."), "good")
    return redirect(url_for("case.show", case_id=case_id))


def _flag_page(case_id: UUID, note: str, wrong: str, code: int) -> ResponseReturnValue:
    page = render_template("desk/review_flag.html", case=get_case(case_id), note=note, wrong=wrong)
    return page, code


def _page(case_id: UUID, form: VerdictForm, code: int = 200) -> ResponseReturnValue:
    now, case = utcnow(), get_case(case_id)
    form.fit(case)
    verdicts = list_verdicts(case_id)
    # Whoever presses again has these before their eyes now.
    form.seen.data = str(len(verdicts))
    worker = case.flagged_by if case.flagged_at else case.closed_by
    page = render_template(
        "desk/review_case.html",
        case=case,
        form=form,
        verdicts=verdicts,
        worker=worker,
        minutes=_minutes_of([worker.id], now).get(worker.id, 0) if worker else None,
        minutes_meant=REVIEW_MINUTES,
        conversation=said_in(case.outreach, case.calls, now),
        promises=list_promises(case.outreach_id),
        words=words,
    )
    return page, code


def _flagged() -> list[Line]:
    """The oldest first; what is to be talked about stands behind what nobody has looked at."""
    cases = list_flagged()
    verdicts: dict[UUID, Any] = {}
    if cases:
        found = verdicts_since([one.id for one in cases], min(one.flagged_at or utcnow() for one in cases))
        # A decision from before the flag was about something else.
        verdicts = {one.id: found.get(one.id) for one in cases if _is_after(found.get(one.id), one)}
    lines = [Line(case=one, verdict=verdicts.get(one.id)) for one in cases]
    return sorted(lines, key=lambda line: line.verdict is not None)


def _is_after(verdict: "LeadReview | None", case: "EscalationCase") -> bool:
    return verdict is not None and case.flagged_at is not None and verdict.at >= case.flagged_at


def _weeks(now: datetime) -> list[Day]:
    """The week before this one, and this one, by the house's clock: all leads have the same sample."""
    return last_weeks(now, site_zone(), 2)


def site_zone() -> ZoneInfo:
    return ZoneInfo(site().time_zone)


def _heads(lead_id: UUID, now: datetime) -> list[Head]:
    """The sample by operator; nobody judges their own work."""
    week, _ = _weeks(now)
    secret: str = current_app.config["SECRET_KEY"]
    cases = [one for one in sample_of(week, secret.encode()) if one.closed_by_id != lead_id]
    verdicts = verdicts_since([one.id for one in cases], week.ends_at)
    workers = {one.closed_by_id: one.closed_by.name for one in cases if one.closed_by and one.closed_by_id}
    minutes = _minutes_of(list(workers), now)
    return [
        Head(
            name=name,
            lines=[Line(case=one, verdict=verdicts.get(one.id)) for one in cases if one.closed_by_id == who],
            minutes=minutes.get(who, 0),
        )
        for who, name in workers.items()
    ]


def _minutes_of(operator_ids: list[UUID], now: datetime) -> dict[UUID, int]:
    used = seconds_used(operator_ids, _weeks(now)[1].begins_at)
    return {who: round(seconds / 60) for who, seconds in used.items()}


def _waiting(flagged: Sequence[Line], heads: Sequence[Head]) -> list["EscalationCase"]:
    """What nobody has decided yet, in the order in which it is looked at."""
    lines = [*flagged, *(line for head in heads for line in head.lines)]
    return [line.case for line in lines if line.verdict is None]


def _next_one(lead_id: UUID, done_id: UUID, now: datetime) -> str:
    waiting = [one for one in _waiting(_flagged(), _heads(lead_id, now)) if one.id != done_id]
    return url_for("review.case", case_id=waiting[0].id) if waiting else url_for("review.overview")
