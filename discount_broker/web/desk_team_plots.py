"""The rhythm of the team as pictures, each with its figures in a table and its gist in a sentence."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names
from flask_babel import get_locale, gettext, ngettext

from discount_broker.escalation.queries.rhythm import (
    ANSWER_WITHIN,
    calls_by_hour,
    cases_by_day,
    promises_by_week,
    times_to_answer,
)
from discount_broker.escalation.rules.team import last_days, last_weeks
from discount_broker.escalation.status import PromiseStatus
from discount_broker.web.plots import Plot, Series, bars, dots, lines

WEEKS_BACK = 4
USUAL_HOURS = range(9, 18)
"""Shown even where nobody called then."""


def plots_for(operator_ids: Sequence[UUID], now: datetime, zone: ZoneInfo) -> list[Plot]:
    return [make(operator_ids, now, zone) for make in PLOTS.values()]


def answered_when(operator_ids: Sequence[UUID], now: datetime, zone: ZoneInfo) -> Plot:
    """When shops pick up: one row of dots a weekday."""
    _, reached = calls_by_hour(operator_ids, now - timedelta(weeks=WEEKS_BACK), zone)
    hours, names = _hours(reached), _weekdays()
    labels = [f"{hour:02}" for hour in hours]
    values = [[reached[day, hour] for hour in hours] for day in range(7)]
    return Plot(
        name="answered",
        title=gettext("When do shops pick up the phone?"),
        gist=_best_hour(reached),
        head=[gettext("Day"), *labels],
        rows=_rows(names, values),
        draw=lambda width: dots(
            width, labels, [Series(n, "brand", row) for n, row in zip(names, values, strict=True)]
        ),
        is_empty=not reached,
    )


def _best_hour(reached: dict[tuple[int, int], int]) -> str:
    if not reached:
        return ""
    (day, hour), number = max(reached.items(), key=lambda item: item[1])
    told: str = ngettext(
        "The best hour: %(day)s, %(hour)s to %(next)s, with %(num)d call answered in four weeks.",
        "The best hour: %(day)s, %(hour)s to %(next)s, with %(num)d calls answered in four weeks.",
        number,
        day=_weekdays("wide")[day],
        hour=f"{hour:02}:00",
        next=f"{(hour + 1) % 24:02}:00",
    )
    return told


def calls_made(operator_ids: Sequence[UUID], now: datetime, zone: ZoneInfo) -> Plot:
    """Calls by hour of the day, and how many of them somebody answered."""
    made, reached = calls_by_hour(operator_ids, now - timedelta(weeks=WEEKS_BACK), zone)
    hours = _hours(made)
    labels = [f"{hour:02}" for hour in hours]
    all_ = [sum(made[day, hour] for day in range(7)) for hour in hours]
    answered = [sum(reached[day, hour] for day in range(7)) for hour in hours]
    missed = [one - other for one, other in zip(all_, answered, strict=True)]
    answers, none = gettext("answered"), gettext("not answered")
    return Plot(
        name="calls",
        title=gettext("When do we call?"),
        gist=gettext(
            "Calls in four weeks: %(all)d, answered: %(answered)d.",
            all=sum(all_),
            answered=sum(answered),
        ),
        head=[gettext("Hour"), answers, none],
        rows=list(zip(labels, answered, missed, strict=True)),
        draw=lambda width: bars(
            width, labels, [Series(answers, "brand", answered), Series(none, "rest", missed)], is_stacked=True
        ),
        is_empty=not made,
    )


def cases_flow(operator_ids: Sequence[UUID], now: datetime, zone: ZoneInfo) -> Plot:
    """Whether the desk keeps up: cases opened and closed, day by day."""
    del operator_ids
    days = last_days(now, zone, 7 * WEEKS_BACK)
    opened, closed = cases_by_day(days)
    labels = [_short(day.on) for day in days]
    came, went = gettext("opened"), gettext("closed")
    return Plot(
        name="cases",
        title=gettext("Do we keep up?"),
        gist=gettext(
            "Cases opened in four weeks: %(opened)d, closed: %(closed)d.",
            opened=sum(opened),
            closed=sum(closed),
        ),
        head=[gettext("Day"), came, went],
        rows=list(zip(labels, opened, closed, strict=True))[::-1],
        draw=lambda width: lines(
            width, labels, [Series(came, "warn", opened), Series(went, "brand", closed)]
        ),
        is_empty=not (any(opened) or any(closed)),
    )


def first_answers(operator_ids: Sequence[UUID], now: datetime, zone: ZoneInfo) -> Plot:
    """How long shops let buyers wait for the first answer."""
    del operator_ids, zone
    found = times_to_answer(now - timedelta(weeks=WEEKS_BACK))
    labels = [_within(hours) for hours in ANSWER_WITHIN] + [
        gettext("later"),
        gettext("none yet"),
        gettext("ended"),
    ]
    in_a_day = sum(found[: ANSWER_WITHIN.index(24) + 1])
    return Plot(
        name="answers",
        title=gettext("How long is the wait for a first answer?"),
        gist=gettext(
            "Cases of the last four weeks: %(all)d, answered within a day of the first letter: %(day)d.",
            all=sum(found),
            day=in_a_day,
        ),
        head=[gettext("First answer"), gettext("cases")],
        rows=list(zip(labels, found, strict=True)),
        draw=lambda width: bars(width, labels, [Series(gettext("cases"), "brand", found)]),
        is_empty=not any(found),
    )


def promises_kept(operator_ids: Sequence[UUID], now: datetime, zone: ZoneInfo) -> Plot:
    """What a shop's promise is worth, week by week."""
    del operator_ids
    weeks = last_weeks(now, zone, 8)
    found = promises_by_week(weeks)
    labels = [_short(week.on) for week in weeks]
    kinds = (
        (PromiseStatus.KEPT, gettext("kept"), "good"),
        (PromiseStatus.LATE, gettext("kept, but late"), "warn"),
        (PromiseStatus.BROKEN, gettext("broken"), "bad"),
    )
    series = [Series(name, tone, [week[status] for week in found]) for status, name, tone in kinds]
    settled, kept = sum(week.total() for week in found), sum(series[0].values)
    return Plot(
        name="promises",
        title=gettext("Do shops keep what they promise?"),
        gist=gettext(
            "Promises of the last eight weeks: %(all)d, kept in time: %(kept)d.", all=settled, kept=kept
        ),
        head=[gettext("Week from"), *(name for _, name, _ in kinds)],
        rows=_rows(labels, [[week[status] for status, _, _ in kinds] for week in found])[::-1],
        draw=lambda width: bars(width, labels, series, is_stacked=True),
        is_empty=not settled,
    )


PLOTS: dict[str, Callable[[Sequence[UUID], datetime, ZoneInfo], Plot]] = {
    "answered": answered_when,
    "calls": calls_made,
    "cases": cases_flow,
    "answers": first_answers,
    "promises": promises_kept,
}


def _rows(names: Sequence[str], values: Sequence[Sequence[int]]) -> list[list[str | int]]:
    return [[name, *row] for name, row in zip(names, values, strict=True)]


def _hours(found: dict[tuple[int, int], int]) -> range:
    """The usual hours of a day, and whatever lies beyond them in what was found."""
    there = {hour for _, hour in found}
    return range(min({*there, USUAL_HOURS.start}), max({*there, USUAL_HOURS.stop - 1}) + 1)


def _weekdays(width: Literal["wide", "abbreviated"] = "abbreviated") -> list[str]:
    names = get_day_names(width, "stand-alone", get_locale() or "en")
    return [names[day] for day in range(7)]


def _short(on: date) -> str:
    return format_date(on, "d MMM", locale=get_locale() or "en")


def _within(hours: int) -> str:
    if hours < 24:
        return str(ngettext("%(num)d hour", "%(num)d hours", hours))
    return str(ngettext("%(num)d day", "%(num)d days", hours // 24))
