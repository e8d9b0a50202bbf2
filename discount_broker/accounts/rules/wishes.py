"""When a buyer may be called or sent a text, as they wish it themselves. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from discount_broker.accounts.status import ContactWishKind, Means
from discount_broker.kernel.errors import Refused

MINUTES = 24 * 60
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One contact wish; its times and days are those of the buyer's own clock."""

    kind: ContactWishKind
    from_minute: int | None = None
    until_minute: int | None = None
    """Before `from_minute` it is that of the next day; the same minute leaves no time quiet."""
    on_day: date | None = None

    def forbids(self, here: datetime) -> bool:
        """Whether the buyer wants no call and no text at this moment of their own clock."""
        if self.kind is ContactWishKind.NOT_ON:
            return here.date() == self.on_day
        if self.kind is ContactWishKind.WRITE_ONLY or self.from_minute is None or self.until_minute is None:
            return False
        minute = here.hour * 60 + here.minute
        if self.from_minute <= self.until_minute:
            return self.from_minute <= minute < self.until_minute
        return minute >= self.from_minute or minute < self.until_minute


def next_allowed(at: datetime, wishes: Collection[Wish], zone: str, *, means: str) -> datetime | None:
    """`at`, or the first moment after it at which the buyer may be rung; None where they never may.

    Args:
        at: aware.
        wishes: those that hold.
        zone: IANA name of the buyer's time zone.
        means: a value of `Means`; a text may be sent to who wants no calls.

    """
    if means == Means.CALL and any(wish.kind is ContactWishKind.WRITE_ONLY for wish in wishes):
        return None
    clock = ZoneInfo(zone)
    moments = [at, *sorted({end for end in _ends(at, wishes, clock) if end > at})]
    return next((moment for moment in moments if not _is_forbidden(moment, wishes, clock)), None)


def is_allowed(at: datetime, wishes: Collection[Wish], zone: str, *, means: str) -> bool:
    return next_allowed(at, wishes, zone, means=means) == at


def check_wish(wish: Wish, today: date) -> None:
    """Refuse a wish that asks for nothing.

    Args:
        wish: as somebody put it down.
        today: by the clock of the buyer.

    Raises:
        Refused: `wish_hours_missing`, `wish_hours_empty`, `wish_day_missing`, `wish_day_past`.

    """
    if wish.kind is ContactWishKind.QUIET_HOURS:
        if wish.from_minute is None or wish.until_minute is None:
            raise Refused("wish_hours_missing", "begins")
        if wish.from_minute == wish.until_minute:
            raise Refused("wish_hours_empty", "begins")
    elif wish.kind is ContactWishKind.NOT_ON:
        if wish.on_day is None:
            raise Refused("wish_day_missing", "on_day")
        if wish.on_day < today:
            raise Refused("wish_day_past", "on_day")


def _is_forbidden(at: datetime, wishes: Collection[Wish], clock: ZoneInfo) -> bool:
    here = at.astimezone(clock)
    return any(wish.forbids(here) for wish in wishes)


def _ends(at: datetime, wishes: Collection[Wish], clock: ZoneInfo) -> Iterator[datetime]:
    """Every moment at which a wish may end; the first of them that no other forbids is the answer."""
    today = at.astimezone(clock).date()
    named = {wish.on_day for wish in wishes if wish.on_day is not None and wish.on_day >= today}
    days = {day + DAY * n for day in {today, *named} for n in range(3)}
    ends = {0} | {wish.until_minute % MINUTES for wish in wishes if wish.until_minute is not None}
    for day in days:
        for minute in ends:
            yield from _moments(day, minute, clock)


def _moments(day: date, minute: int, clock: ZoneInfo) -> Iterator[datetime]:
    """The moment or moments at which the clock shows this minute; where it jumps over it, when it jumped."""
    shown = datetime.combine(day, time(minute // 60, minute % 60), clock)
    first, second = shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC)
    if first <= second:
        yield from {first, second}
        return
    jump = second
    while jump.astimezone(clock).replace(tzinfo=None) < shown.replace(tzinfo=None):
        jump += timedelta(minutes=1)
    yield jump
