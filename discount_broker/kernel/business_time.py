"""Waiting in the shop's working hours: its days, its holidays, its clock. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

OPENS, CLOSES = time(9), time(18)
DAY = timedelta(hours=9)
"""One day of business time."""

ZONE_OF_COUNTRY = {
    "RU": "Europe/Moscow",
    "BY": "Europe/Minsk",
    "KZ": "Asia/Almaty",
    "UA": "Europe/Kyiv",
    "DE": "Europe/Berlin",
    "AT": "Europe/Vienna",
    "CH": "Europe/Zurich",
    "FR": "Europe/Paris",
    "ES": "Europe/Madrid",
    "IT": "Europe/Rome",
    "PL": "Europe/Warsaw",
    "GB": "Europe/London",
    "US": "America/New_York",
    "NL": "Europe/Amsterdam",
    "CZ": "Europe/Prague",
}
"""Where most shops of a country sit; a shop elsewhere is called an hour early, not at night."""


def zone_of(country: str | None) -> ZoneInfo:
    """The time zone to reckon a shop's hours in; UTC when its country is not known."""
    return ZoneInfo(ZONE_OF_COUNTRY.get(country or "", "UTC"))


@dataclass(frozen=True)
class Calendar:
    """When one shop is open: by its own word where it gave it, else as shops of its country are."""

    country: str | None
    hours: tuple[tuple[time, time] | None, ...] = ()
    """From Monday to Sunday, with None for a day off; empty where the shop has said nothing."""
    closed: tuple[tuple[date, date], ...] = ()
    """Its own holidays, each from its first day to its last; those of its country count besides."""

    def open_on(self, day: date) -> tuple[time, time] | None:
        """From when until when it is open on this day; None where it is not."""
        if day in _holidays(self.country) or self.is_away_on(day):
            return None
        if self.hours:
            return self.hours[day.weekday()]
        return (OPENS, CLOSES) if day.weekday() < 5 else None

    def is_away_on(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.closed)


Whose = Calendar | str | None
"""Whose business time: a shop's own, or that of a country."""


def calendar_of(whose: Whose) -> Calendar:
    return whose if isinstance(whose, Calendar) else Calendar(whose)


def country_in(whose: Whose) -> str | None:
    return whose.country if isinstance(whose, Calendar) else whose


def is_working_day(day: date, whose: Whose) -> bool:
    return calendar_of(whose).open_on(day) is not None


def add_business_time(start: datetime, span: timedelta, whose: Whose) -> datetime:
    """The moment at which `span` of working hours has passed since `start`; aware UTC."""
    calendar = calendar_of(whose)
    zone = zone_of(calendar.country)
    moment = start.astimezone(zone)
    while True:
        if (hours := calendar.open_on(moment.date())) is not None:
            opens, closes = (datetime.combine(moment.date(), at, zone) for at in hours)
            moment = max(moment, opens)
            if moment < closes:
                if moment + span <= closes:
                    return (moment + span).astimezone(UTC)
                span -= closes - moment
        moment = datetime.combine(moment.date() + timedelta(days=1), time(), zone)


def business_seconds_between(start: datetime, end: datetime, whose: Whose) -> int:
    """Seconds of working hours from `start` until `end`; none where it ends before it begins."""
    calendar = calendar_of(whose)
    zone = zone_of(calendar.country)
    moment, last = start.astimezone(zone), end.astimezone(zone)
    spent = timedelta()
    while moment < last:
        if (hours := calendar.open_on(moment.date())) is not None:
            opens, closes = (datetime.combine(moment.date(), at, zone) for at in hours)
            spent += max(min(last, closes) - max(moment, opens), timedelta())
        moment = datetime.combine(moment.date() + timedelta(days=1), time(), zone)
    return int(spent.total_seconds())


def next_opening(start: datetime, whose: Whose, zone: ZoneInfo, hours: tuple[int, int]) -> datetime:
    """The next moment from `start` on at which somebody can be written to; aware UTC.

    Args:
        start: aware.
        whose: whose working days, holidays and hours count.
        zone: by whose clock.
        hours: full hours from and until when letters are welcome at a shop that has said nothing;
            `(0, 24)` means on any day, at any hour.

    """
    calendar = calendar_of(whose)
    moment = start.astimezone(zone)
    while True:
        opens, closes = _welcome_on(moment.date(), calendar, zone, hours)
        if moment < closes:
            return max(moment, opens).astimezone(UTC)
        moment = datetime.combine(moment.date() + timedelta(days=1), time(), zone)


def _welcome_on(
    day: date, calendar: Calendar, zone: ZoneInfo, hours: tuple[int, int]
) -> tuple[datetime, datetime]:
    """From when until when letters are welcome on a day; where they are not, both are its midnight."""
    midnight = datetime.combine(day, time(), zone)
    if calendar.hours:
        opens, closes = calendar.open_on(day) or (time(), time())
        return datetime.combine(day, opens, zone), datetime.combine(day, closes, zone)
    is_any_day = hours == (0, 24) and not calendar.is_away_on(day)
    if not is_any_day and calendar.open_on(day) is None:
        return midnight, midnight
    opens_at, closes_at = (midnight + timedelta(hours=hour) for hour in hours)
    return opens_at, closes_at


@cache
def _holidays(country: str | None) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country or "")
    except NotImplementedError:  # a country the package does not know
        return holidays.HolidayBase()
