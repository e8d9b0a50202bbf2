"""How the price of a watched product went: as a picture, as a table, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.dates import format_date
from flask_babel import get_locale, gettext

from discount_broker.watches.queries import list_readings, reads_of
from discount_broker.watches.rules import lowest, raised_from
from discount_broker.web.plots import NARROW, WIDE, Series, lines

if TYPE_CHECKING:
    from discount_broker.watches.models import PriceReading, Watch

WIDTHS = {"wide": WIDE, "narrow": NARROW}


@dataclass(frozen=True)
class History:
    """What is known of a price."""

    readings: "Sequence[PriceReading]"
    """Newest first, as people look for it."""
    last: "PriceReading | None"
    """The last one with a price."""
    lowest: Decimal | None
    raised_from: Decimal | None
    has_plot: bool


def history_of(watch: "Watch", now: datetime) -> History:
    readings = list_readings(watch.watched_page_id)
    priced = [each for each in readings if each.price is not None]
    reads = reads_of(watch.watched_page_id)
    return History(
        readings=readings[::-1],
        last=priced[-1] if priced else None,
        lowest=lowest(reads, now),
        raised_from=raised_from(reads, now),
        has_plot=len(_of_one_money(priced)) > 1,
    )


def plot_of(watch: "Watch", width: str) -> bytes | None:
    """The picture; None where there is too little to draw."""
    priced = _of_one_money([each for each in list_readings(watch.watched_page_id) if each.price is not None])
    if len(priced) < 2:
        return None
    locale = get_locale() or "en"
    labels = [format_date(each.at, "d MMM", locale=locale) for each in priced]
    prices = [float(each.price) for each in priced if each.price is not None]
    series = [Series(str(gettext("Price, %(currency)s", currency=priced[-1].currency)), "brand", prices)]
    if watch.below is not None and watch.currency == priced[-1].currency:
        wanted = str(gettext("Your price"))
        series.append(Series(wanted, "good", [float(watch.below)] * len(prices)))
    return lines(WIDTHS[width], labels, series)


def _of_one_money(priced: "list[PriceReading]") -> "list[PriceReading]":
    return [each for each in priced if each.currency == priced[-1].currency]
