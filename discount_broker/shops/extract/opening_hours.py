"""When a shop says that it is open, and when it is away: as its row keeps it, and as it is typed. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

from discount_broker.kernel.business_time import Calendar
from discount_broker.kernel.errors import Refused

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_CLOSED = 30
LONGEST_CLOSED = timedelta(days=62)
"""Longer than that, a shop is not on holiday: it has closed."""
AHEAD = timedelta(days=550)
END_OF_DAY = time(23, 59)
TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")

Hours = Mapping[str, Sequence[str]]


def calendar_from(country: str | None, hours: Hours, closed_days: Sequence[str]) -> Calendar:
    """The shop's calendar as its row keeps it; what cannot be read is taken as not said."""
    spans = tuple(_span(hours.get(day, ())) for day in DAYS)
    closed = tuple(days for days in map(_days, closed_days) if days is not None)
    return Calendar(country, spans if any(spans) else (), closed)


def _span(written: Sequence[str]) -> tuple[time, time] | None:
    try:
        opens, closes = (time.fromisoformat(each) for each in written)
    except ValueError:
        return None
    return (opens, closes) if opens < closes else None


def _days(written: str) -> tuple[date, date] | None:
    first, _, last = written.partition("/")
    try:
        begins = date.fromisoformat(first)
        return begins, date.fromisoformat(last) if last else begins
    except ValueError:
        return None


def hours_typed(typed: Mapping[str, tuple[str, str]]) -> dict[str, list[str]]:
    """Hours as a row keeps them, from what stands in the two fields of each day; empty for a day off.

    Raises:
        Refused: `hours_half`, `hours_unclear`, `hours_backwards`; the field is the day.

    """
    kept = {}
    for day in DAYS:
        begins, ends = (text.strip() for text in typed.get(day, ("", "")))
        if not begins and not ends:
            continue
        if not begins or not ends:
            raise Refused("hours_half", day)
        opens, closes = _time(begins, day), _time(ends, day)
        if opens >= closes:
            raise Refused("hours_backwards", day)
        kept[day] = [f"{opens:%H:%M}", f"{closes:%H:%M}"]
    return kept


def _time(text: str, day: str) -> time:
    found = TIME.fullmatch(text)
    hour, minute = (int(part or 0) for part in found.groups()) if found else (99, 0)
    if (hour, minute) == (24, 0):
        return END_OF_DAY
    if hour > 23 or minute > 59:
        raise Refused("hours_unclear", day)
    return time(hour, minute)


def closed_days_typed(text: str, today: date) -> list[str]:
    """Own holidays as a row keeps them: a day a line, or two with a dash between; the past is left out.

    Raises:
        Refused: `closed_unclear`, `closed_backwards`, `closed_long`, `closed_far`, `too_many_closed`.

    """
    lines = [line for part in text.splitlines() for line in part.split(",") if line.strip()]
    spans = sorted({_typed_span(line) for line in lines})
    kept = [(first, last) for first, last in spans if last >= today]
    if len(kept) > MOST_CLOSED:
        raise Refused("too_many_closed", "closed_days")
    if any(last > today + AHEAD for _, last in kept):
        raise Refused("closed_far", "closed_days")
    return [f"{first}" if first == last else f"{first}/{last}" for first, last in kept]


def _typed_span(line: str) -> tuple[date, date]:
    found = [_typed_day(match) for match in DAY.finditer(line)]
    rest = DAY.sub("", line).strip(" \t–—-/.…")
    if rest or not 1 <= len(found) <= 2:
        raise Refused("closed_unclear", "closed_days")
    first, last = found[0], found[-1]
    if last < first:
        raise Refused("closed_backwards", "closed_days")
    if last - first >= LONGEST_CLOSED:
        raise Refused("closed_long", "closed_days")
    return first, last


def _typed_day(match: re.Match[str]) -> date:
    year, month, day, other_day, other_month, other_year = match.groups()
    try:
        return date(int(year or other_year), int(month or other_month), int(day or other_day))
    except ValueError:
        raise Refused("closed_unclear", "closed_days") from None
