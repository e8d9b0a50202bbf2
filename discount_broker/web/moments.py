"""Times that are near, as people say them: on Tuesday at 10:00."""

from collections.abc import Callable
from datetime import datetime, timedelta

from babel.dates import format_datetime
from flask_babel import get_locale, gettext

from discount_broker.web.filters import moment_in_words
from discount_broker.web.language import reader_zone

AT_ONCE = timedelta(minutes=2)
DAYS: tuple[Callable[[str], str], ...] = (
    lambda time: gettext("on Monday at %(time)s", time=time),
    lambda time: gettext("on Tuesday at %(time)s", time=time),
    lambda time: gettext("on Wednesday at %(time)s", time=time),
    lambda time: gettext("on Thursday at %(time)s", time=time),
    lambda time: gettext("on Friday at %(time)s", time=time),
    lambda time: gettext("on Saturday at %(time)s", time=time),
    lambda time: gettext("on Sunday at %(time)s", time=time),
)


def soon_in_words(at: datetime, now: datetime) -> str:
    """`within minutes`, `today at 14:05`, `on Tuesday at 10:00` within a week, `3 March at 10:00`."""
    if at <= now + AT_ONCE:
        return str(gettext("within minutes"))
    zone, is_told = reader_zone()
    there = at.astimezone(zone)
    if not 2 <= (there.date() - now.astimezone(zone).date()).days <= 6:
        return moment_in_words(at, now)
    pattern = "HH:mm" if is_told else "HH:mm (z)" if zone.key == "UTC" else "HH:mm (VVV)"
    return DAYS[there.weekday()](format_datetime(there, pattern, None, get_locale() or "en"))
