"""At which hours a shop picks up its phone, as earlier calls tell. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from discount_broker.escalation.status import CallResult

REACHED_NOBODY = (CallResult.NO_ANSWER, CallResult.BUSY, CallResult.WRONG_NUMBER)
"""Results of calls in which no person of the shop was heard."""
LED_TO_SOMETHING = (CallResult.PROMISED, CallResult.OFFERED)


@dataclass(frozen=True)
class Hour:
    """One hour of the shop's day."""

    begins: int
    reached: int
    tried: int


def hours_that_reach(
    calls: Iterable[tuple[datetime, CallResult]], zone: ZoneInfo, most: int = 2
) -> list[Hour]:
    """The hours, by the shop's clock, at which somebody picked up most surely; none where nobody ever did."""
    tried, reached = Counter[int](), Counter[int]()
    for at, result in calls:
        hour = at.astimezone(zone).hour
        tried[hour] += 1
        reached[hour] += result not in REACHED_NOBODY
    hours = [Hour(hour, reached[hour], count) for hour, count in tried.items() if reached[hour]]
    # Of two hours at which everybody picked up, the one that was tried more often is the surer one.
    return sorted(
        hours, key=lambda hour: ((hour.reached + 1) / (hour.tried + 2), -hour.begins), reverse=True
    )[:most]
