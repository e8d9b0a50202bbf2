"""Time zones as people write them: by name in any case, or by the city in a language of ours."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel.dates import get_timezone_location

NEAR = ("Europe/", "Asia/")
"""Where those who read Russian live; everywhere else the English name of a city is enough."""


def zone_named(typed: str) -> str:
    """The IANA name that was meant; what means none stays as it was typed."""
    wanted = typed.strip()
    return _names().get(wanted.casefold().replace("ё", "е").replace(" ", "_"), wanted)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    zones = sorted((zone for zone in available_timezones() if "/" in zone), reverse=True)
    names = {_russian(zone): zone for zone in zones if zone.startswith(NEAR)}
    # Of two zones of one name the first by the alphabet is kept.
    names |= {zone.rpartition("/")[2].casefold(): zone for zone in zones}
    return names | {zone.casefold(): zone for zone in zones}


def _russian(zone: str) -> str:
    city = get_timezone_location(zone, locale="ru", return_city=True)
    return city.casefold().replace("ё", "е").replace(" ", "_")
