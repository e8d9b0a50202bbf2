"""The team's page: what was done by whom on which day, without a ranking, and the rhythm of the work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from babel.dates import format_date
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from discount_broker.escalation.queries.lead_reviews import count_unread, list_unread
from discount_broker.escalation.queries.team import count_in_hand, count_overdue, figures_of, list_team
from discount_broker.escalation.rules.team import Day, Figures, last_days, last_weeks, total
from discount_broker.escalation.use_cases import read_review
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import NotAllowed
from discount_broker.web import desk_review_words as words
from discount_broker.web.access import staff_required, visitor
from discount_broker.web.desk_team_plots import PLOTS, plots_for
from discount_broker.web.language import reader_zone
from discount_broker.web.plots import DOTS_HIGH, HIGH, NARROW, WIDE

if TYPE_CHECKING:
    from discount_broker.accounts.models import Operator

bp = Blueprint("team", __name__, url_prefix="/desk/team")


@bp.record_once
def _know(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["unread_words"] = count_unread
    state.app.jinja_env.filters["weekday"] = weekday


def weekday(on: date) -> str:
    """`Mon 3 Mar`: a day as a row of a table is named."""
    return format_date(on, "EEE d MMM", locale=get_locale() or "en")


@dataclass(frozen=True, kw_only=True)
class Work:
    """What one operator did, or all of them together."""

    name: str
    is_you: bool
    days: Sequence[tuple[Day, Figures]]
    """The newest first."""
    week: Figures
    """Since Monday."""
    week_before: Figures
    overdue: int
    in_hand: int


@bp.get("")
@staff_required()
def show(operator_id: UUID) -> ResponseReturnValue:
    """Everybody for a lead; oneself and the totals for an operator."""
    who, now, (zone, _) = visitor(), utcnow(), reader_zone()
    team = list_team()
    everybody = [_work_of(one, works, operator_id) for one, works in _worked(team, now).items()]
    is_lead = who is not None and who.ranks_as("lead")
    return render_template(
        "desk/team.html",
        works=[work for work in everybody if is_lead or work.is_you],
        together=_together(everybody, now),
        unread=list_unread(operator_id),
        is_lead=is_lead,
        plots=plots_for([one.id for one in team], now, zone),
        zone=zone.key,
        narrow=NARROW,
        wide=WIDE,
        high={"answered": DOTS_HIGH},
        usual_height=HIGH,
        words=words,
    )


@bp.get("/plots/<name>.svg")
@staff_required()
def plot(operator_id: UUID, name: str) -> ResponseReturnValue:
    """One picture; its figures stand in a table on the page."""
    del operator_id
    if name not in PLOTS:
        abort(404)
    made = PLOTS[name]([one.id for one in list_team()], utcnow(), reader_zone()[0])
    size = NARROW if request.args.get("size") == "narrow" else WIDE
    return Response(made.draw(size), mimetype="image/svg+xml")


@bp.post("/words/<uuid:review_id>")
@staff_required()
def read(operator_id: UUID, review_id: UUID) -> ResponseReturnValue:
    """The operator has read what the lead wrote."""
    try:
        read_review(review_id, operator_id, utcnow())
    except NotAllowed:
        abort(403)
    flash(gettext("Noted: you have read it."), "good")
    return redirect(url_for("team.show"))


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    days: Sequence[tuple[Day, Figures]]
    weeks: Sequence[Figures]
    overdue: int
    in_hand: int


def _worked(team: "Sequence[Operator]", now: datetime) -> "dict[Operator, _Sheet]":
    """What everybody did who works here, or did so lately."""
    zone, ids = reader_zone()[0], [one.id for one in team]
    days, weeks = last_days(now, zone), last_weeks(now, zone, 2)
    by_day, by_week = figures_of(ids, days), figures_of(ids, weeks)
    overdue, in_hand = count_overdue(ids, now), count_in_hand(ids, now)
    nothing = Figures()
    sheets = {
        one: _Sheet(
            days=[(day, by_day.get((one.id, n), nothing)) for n, day in enumerate(days)][::-1],
            weeks=[by_week.get((one.id, n), nothing) for n in range(len(weeks))],
            overdue=overdue.get(one.id, 0),
            in_hand=in_hand.get(one.id, 0),
        )
        for one in team
    }
    idle = [Figures()] * len(days)
    return {
        one: sheet
        for one, sheet in sheets.items()
        if one.is_active or [each for _, each in sheet.days] != idle
    }


def _work_of(one: "Operator", sheet: _Sheet, reader_id: UUID) -> Work:
    return Work(
        name=one.name,
        is_you=one.id == reader_id,
        days=sheet.days,
        week=sheet.weeks[1],
        week_before=sheet.weeks[0],
        overdue=sheet.overdue,
        in_hand=sheet.in_hand,
    )


def _together(works: Sequence[Work], now: datetime) -> Work:
    days = last_days(now, reader_zone()[0])[::-1]
    return Work(
        name=gettext("Everybody together"),
        is_you=False,
        days=[(day, total(work.days[n][1] for work in works)) for n, day in enumerate(days)],
        week=total(work.week for work in works),
        week_before=total(work.week_before for work in works),
        overdue=sum(work.overdue for work in works),
        in_hand=sum(work.in_hand for work in works),
    )
