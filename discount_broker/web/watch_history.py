"""How the price of a watched product went: as a picture, as a table, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import get_locale, gettext

from discount_broker.watches.queries import list_readings, reads_of
from discount_broker.watches.rules import Raise, lowest, raise_of
from discount_broker.web.plots import NARROW, WIDE, Course, course

if TYPE_CHECKING:
    from discount_broker.watches.models import PriceReading, Watch

WIDTHS = {"wide": WIDE, "narrow": NARROW}
SHOWN_SPANS = 10
"""Lines of the table that stand open; older ones unfold."""


@dataclass(frozen=True)
class Span:
    """Days on which the page said the same."""

    first: "PriceReading"
    last: "PriceReading"

    @property
    def is_one_day(self) -> bool:
        return self.first.at.date() == self.last.at.date()


@dataclass(frozen=True)
class History:
    """What is known of a price."""

    recent: Sequence[Span]
    """Newest first, as people look for it."""
    older: Sequence[Span]
    last: "PriceReading | None"
    """The last one with a price."""
    lowest: Decimal | None
    raised: Raise | None
    has_plot: bool


def history_of(watch: "Watch", now: datetime) -> History:
    readings = list_readings(watch.watched_page_id)
    priced = [each for each in readings if each.price is not None]
    reads, spans = reads_of(watch.watched_page_id), spans_of(readings)[::-1]
    return History(
        recent=spans[:SHOWN_SPANS],
        older=spans[SHOWN_SPANS:],
        last=priced[-1] if priced else None,
        lowest=lowest(reads, now),
        raised=raise_of(reads, now),
        has_plot=len(_of_one_money(priced)) > 1,
    )


def spans_of(readings: "Sequence[PriceReading]") -> list[Span]:
    """Readings that said the same one after the other are one line."""
    runs = [list(run) for _, run in groupby(readings, key=_said)]
    return [Span(run[0], run[-1]) for run in runs]


def _said(reading: "PriceReading") -> tuple[object, ...]:
    return (
        reading.price,
        reading.old_price,
        reading.currency,
        reading.availability,
        reading.failure,
    )


def plot_of(watch: "Watch", width: str, now: datetime) -> bytes | None:
    """The picture; None where there is too little to draw."""
    readings = list_readings(watch.watched_page_id)
    priced = _of_one_money([each for each in readings if each.price is not None])
    if len(priced) < 2:
        return None
    locale = str(get_locale() or "en")
    labels, prices = _points_of(priced, locale)
    currency, known = priced[-1].currency, len(prices)
    series = [Course(gettext("Price, %(currency)s", currency=currency), "brand", prices)]
    raised = raise_of(reads_of(watch.watched_page_id), now)
    if raised is not None:
        before = [float(raised.before)] * known
        series.append(Course(gettext("Before it was made dearer"), "bad", before, is_level=True))
    if watch.below is not None and watch.currency == currency:
        series.append(Course(gettext("Your price"), "warn", [float(watch.below)] * known, is_level=True))
    return course(WIDTHS[width], labels, series, lambda value: format_decimal(round(value, 2), locale=locale))


def _points_of(priced: "Sequence[PriceReading]", locale: str) -> tuple[list[str], list[float | None]]:
    """The price of every day; what was read within one day is told by the hour."""
    first, last = priced[0].at.date(), priced[-1].at.date()
    if first == last:
        return [f"{each.at:%H:%M}" for each in priced], [float(each.price or 0) for each in priced]
    days = _days_of(priced, first, last)
    return [format_date(day, "d MMM", locale=locale) for day in days], list(days.values())


def _days_of(priced: "Sequence[PriceReading]", first: date, last: date) -> dict[date, float | None]:
    """Every day from the first reading to the last, with its last price; a day without one is a gap."""
    days: dict[date, float | None] = {first + timedelta(days=n): None for n in range((last - first).days + 1)}
    return days | {each.at.date(): float(each.price) for each in priced if each.price is not None}


def _of_one_money(priced: "list[PriceReading]") -> "list[PriceReading]":
    return [each for each in priced if each.currency == priced[-1].currency]
