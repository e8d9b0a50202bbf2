"""When a phone may ring: not at night, wherever its owner may be. Pure."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WAKES, SLEEPS = time(9), time(21)
"""No law names these hours for texts that were asked for; they are what people bear."""
STEP = timedelta(minutes=30)
"""Zones differ by halves of an hour."""
MOST_TRIES = 60
"""Night and wishes take turns; what leaves no hour in so many of them leaves none."""


def is_quiet(at: datetime, zone: str) -> bool:
    return not WAKES <= at.astimezone(ZoneInfo(zone)).time() < SLEEPS


def when_to_ring(now: datetime, zones: Collection[str]) -> datetime:
    """`now`, or the next moment at which it is day in every one of the zones.

    Where they lie so far apart that it never is, the night of the first of them counts.
    """
    begun = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)
    steps = [now, *(begun + STEP * n for n in range(1, 49))]
    found = next((at for at in steps if not any(is_quiet(at, zone) for zone in zones)), None)
    if found is None:
        return when_to_ring(now, list(zones)[:1])
    return found.astimezone(UTC)


def when_to_text(
    now: datetime, zones: Collection[str], free: Callable[[datetime], datetime | None]
) -> datetime | None:
    """The next moment at which it is day in the zones and the owner of the phone wishes no rest.

    Args:
        now: aware.
        zones: in which the owner may be.
        free: the first moment from one on that no contact wish forbids; None where all of them are.

    """
    at: datetime | None = now
    for _ in range(MOST_TRIES):
        if at is None:
            return None
        by_day = when_to_ring(at, zones)
        at = free(by_day)
        if at == by_day:
            return at
    return None
