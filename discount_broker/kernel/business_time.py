"""Waiting in the shop's working hours: its days, its holidays, its clock. Pure."""

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


def is_working_day(day: date, country: str | None) -> bool:
    return day.weekday() < 5 and day not in _holidays(country)


def add_business_time(start: datetime, span: timedelta, country: str | None) -> datetime:
    """The moment at which `span` of working hours has passed since `start`; aware UTC."""
    zone = zone_of(country)
    moment = start.astimezone(zone)
    while True:
        opens = datetime.combine(moment.date(), OPENS, zone)
        closes = datetime.combine(moment.date(), CLOSES, zone)
        moment = max(moment, opens)
        if is_working_day(moment.date(), country) and moment < closes:
            if moment + span <= closes:
                return (moment + span).astimezone(UTC)
            span -= closes - moment
        moment = datetime.combine(moment.date() + timedelta(days=1), OPENS, zone)


def business_seconds_between(start: datetime, end: datetime, country: str | None) -> int:
    """Seconds of working hours from `start` until `end`; none where it ends before it begins."""
    zone = zone_of(country)
    moment, last = start.astimezone(zone), end.astimezone(zone)
    spent = timedelta()
    while moment < last:
        opens = datetime.combine(moment.date(), OPENS, zone)
        closes = datetime.combine(moment.date(), CLOSES, zone)
        if is_working_day(moment.date(), country):
            spent += max(min(last, closes) - max(moment, opens), timedelta())
        moment = datetime.combine(moment.date() + timedelta(days=1), OPENS, zone)
    return int(spent.total_seconds())


def next_opening(start: datetime, country: str | None, zone: ZoneInfo, hours: tuple[int, int]) -> datetime:
    """The next moment from `start` on at which somebody can be written to; aware UTC.

    Args:
        start: aware.
        country: whose working days and holidays count.
        zone: by whose clock.
        hours: full hours from and until when letters are welcome; `(0, 24)` means on any day, at any hour.

    """
    if hours == (0, 24):
        return start
    moment = start.astimezone(zone)
    while True:
        midnight = datetime.combine(moment.date(), time(), zone)
        opens, closes = (midnight + timedelta(hours=hour) for hour in hours)
        if is_working_day(moment.date(), country) and moment < closes:
            return max(moment, opens).astimezone(UTC)
        moment = midnight + timedelta(days=1)


@cache
def _holidays(country: str | None) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country or "")
    except NotImplementedError:  # a country the package does not know
        return holidays.HolidayBase()
