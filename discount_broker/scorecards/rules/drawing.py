"""What the pictures of a score-card show: by month, by time, by discount. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from discount_broker.scorecards.rules.counting import Dealing

MONTHS = 12
HOUR, DAY = 3600, 86400
WITHIN = (HOUR, 4 * HOUR, DAY, 3 * DAY, 7 * DAY)
"""An answer within this time stands in one bar; behind them those that took longer, and no answer."""
UP_TO = (Decimal(3), Decimal(5), Decimal(10), Decimal(15), Decimal(20))
"""Discounts up to so many per cent stand in one bar; behind them the larger ones, and what is no discount."""


@dataclass(frozen=True)
class Month:
    """The requests of one month, and how many of them were answered."""

    begins_on: date
    asked: int
    answered: int

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.asked) if self.asked else 0


def by_month(dealings: Sequence[Dealing], zone: ZoneInfo) -> list[Month]:
    """The last months from the first to the last in which the shop was asked, empty ones among them."""
    asked: Counter[date] = Counter()
    answered: Counter[date] = Counter()
    for dealing in dealings:
        month = dealing.asked_at.astimezone(zone).date().replace(day=1)
        asked[month] += 1
        answered[month] += dealing.answered_at is not None
    if not asked:
        return []
    months = [min(asked)]
    while months[-1] < max(asked):
        months.append(_next(months[-1]))
    return [Month(month, asked[month], answered[month]) for month in months[-MONTHS:]]


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def by_time(dealings: Sequence[Dealing]) -> list[int]:
    """How many were answered within each time of `WITHIN`, later, and not at all."""
    found = [0] * (len(WITHIN) + 2)
    for dealing in dealings:
        found[_place(dealing)] += 1
    return found


def _place(dealing: Dealing) -> int:
    if dealing.answered_at is None:
        return len(WITHIN) + 1
    seconds = dealing.answer_seconds or 0  # a standing rule answers at once
    return next((n for n, most in enumerate(WITHIN) if seconds <= most), len(WITHIN))


def by_discount(dealings: Sequence[Dealing]) -> list[int]:
    """How many offers gave up to each of `UP_TO`, more, and something that is no discount."""
    found = [0] * (len(UP_TO) + 2)
    for dealing in dealings:
        if not dealing.has_offer:
            continue
        percent = dealing.percent
        last = len(UP_TO) + 1
        more = next((n for n, most in enumerate(UP_TO) if percent and percent <= most), len(UP_TO))
        found[last if percent is None else more] += 1
    return found
