"""What is worth watching, when it has come, and what the readings say of a price. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from discount_broker.kernel.errors import Refused
from discount_broker.kernel.money import is_sum
from discount_broker.watches.status import WatchKind

WATCHED_FOR = timedelta(days=90)
CONFIRM_WITHIN = timedelta(days=3)
BETWEEN_READINGS = timedelta(days=1)
"""However many people watch a page, its shop sees one reader a day."""
LONGEST_PAUSE = timedelta(days=8)
LEASE = timedelta(minutes=3)
LOOKED_BACK = timedelta(days=30)
"""How far back a price of today is held against; so does the law of the Union (directive 98/6/EC, 6a)."""
MOST_WATCHES = 20
GONE_AFTER = 3
"""Readings in a row that found no page: it may have been moved for a day."""
GONE = frozenset({"http_404", "other_site", "no_such_page"})
WORTH_A_RAISE = Decimal("1.03")
"""A price that went up by less than this was not made dearer for show."""
IN_STOCK, OUT_OF_STOCK = "in_stock", "out_of_stock"


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a page said at one time."""

    at: datetime
    price: Decimal | None = None
    currency: str | None = None
    availability: str = "unknown"
    failure: str = ""


def check_watch(kind: WatchKind, below: Decimal | None, price: Decimal | None, availability: str) -> None:
    """Refuse to wait for what is there already, or for what cannot be seen to come.

    Raises:
        Refused: `price_missing`, `price_not_positive`, `watch_price_unknown`, `below_not_lower`,
            `back_already`.

    """
    if kind is WatchKind.BACK:
        if availability == IN_STOCK:
            raise Refused("back_already", "kind")
        return
    if below is None:
        raise Refused("price_missing", "below")
    if not is_sum(below):
        raise Refused("price_not_positive", "below")
    if price is None:
        raise Refused("watch_price_unknown", "below")
    if below >= price:
        raise Refused("below_not_lower", "below")


def has_come(kind: WatchKind, below: Decimal | None, currency: str | None, read: Read) -> bool:
    """Whether this is what was waited for; a price in other money, or of nothing to be had, is not."""
    if read.failure:
        return False
    if kind is WatchKind.BACK:
        return read.availability == IN_STOCK
    if below is None or read.price is None or read.availability == OUT_OF_STOCK:
        return False
    return read.currency == currency and read.price <= below


def next_reading_at(failures: int, now: datetime) -> datetime:
    """Once a day; a page that brings nothing is left alone for longer and longer."""
    doubled: int = 2 ** min(failures, 10)
    return now + min(BETWEEN_READINGS * doubled, LONGEST_PAUSE)


def is_gone(failures: int, failure: str) -> bool:
    """Whether the shop has taken the page away for good, as far as anybody can tell."""
    return failure in GONE and failures >= GONE_AFTER


@dataclass(frozen=True)
class Raise:
    """A price that was made dearer and then "cheaper"."""

    before: Decimal
    top: Decimal
    today: Decimal

    @property
    def real_drop(self) -> Decimal:
        """Against what it cost before; nothing where it costs more now."""
        return max(self.before - self.today, Decimal(0))


def raised_from(reads: Sequence[Read], now: datetime) -> Decimal | None:
    """What it cost before it was raised for show."""
    found = raise_of(reads, now)
    return found.before if found else None


def raise_of(reads: Sequence[Read], now: datetime) -> Raise | None:
    """The raise before a reduction most of which is no reduction at all.

    Held against the readings of thirty days, in time order, the price of today last.
    """
    prices = _prices(reads, now)
    if len(prices) < 3:
        return None
    today, earlier = prices[-1], prices[:-1]
    top = max(range(len(earlier)), key=lambda place: earlier[place])
    if top == 0:
        return None
    before = min(earlier[:top])
    was_raised = earlier[top] >= before * WORTH_A_RAISE and today < earlier[top]
    real_drop, shown_drop = before - today, earlier[top] - today
    is_show = was_raised and real_drop * 2 < shown_drop
    return Raise(before, earlier[top], today) if is_show else None


def lowest(reads: Sequence[Read], now: datetime) -> Decimal | None:
    """The lowest price of thirty days, where today's is not."""
    prices = _prices(reads, now)
    least = min(prices, default=None)
    return least if least is not None and least < prices[-1] else None


def _prices(reads: Sequence[Read], now: datetime) -> list[Decimal]:
    """In time order, in the money of the last one."""
    known = [read for read in reads if read.price is not None and read.at >= now - LOOKED_BACK]
    return [read.price for read in known if read.price is not None and read.currency == known[-1].currency]
