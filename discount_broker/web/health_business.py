"""Whether the service does its business, and not only runs: letters leave, and mail comes in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from discount_broker.accounts.queries.buyers import list_leaving
from discount_broker.messaging.queries import (
    count_letters_sent,
    is_any_overdue,
    last_sent_at,
    list_broken_sweeps,
)
from discount_broker.notifications.queries import list_waiting_buyers
from discount_broker.outreach.queries import last_received_at

TOO_LONG = timedelta(hours=24)
SOON = timedelta(hours=12)
"""By then the first machines have answered: an acknowledgement, an absence note, a bounce."""
TROUBLES = ("nothing_left", "nothing_came", "not_forgotten", "not_told", "sweep_broke")
LETTERS_THAT_ECHO = 10
"""Of so many letters some come back or are acknowledged: no mail at all means that the way in is closed."""


@dataclass(frozen=True)
class Business:
    """What left and came last, and what should have."""

    last_out: datetime | None
    last_in: datetime | None
    is_overdue: bool
    """A message a day old still waits that should leave now."""
    letters: int
    """To shops, sent in the day that ended half a day ago."""
    forgets_late: bool = False
    """Somebody's time to change their mind was over a day ago, and they are not forgotten."""
    tells_late: bool = False
    """A piece of news that could leave a day ago still waits."""
    broken_sweeps: tuple[str, ...] = ()
    """Those that could not do all that was due when they came last."""

    def troubles(self, now: datetime) -> list[str]:
        """Those of `TROUBLES` there are; empty where all goes as it should. Pure."""
        day_ago = now - TOO_LONG
        found = []
        if self.is_overdue and (self.last_out is None or self.last_out < day_ago):
            found.append("nothing_left")
        is_silent = self.last_in is None or self.last_in < day_ago
        if is_silent and self.letters >= LETTERS_THAT_ECHO:
            found.append("nothing_came")
        if self.forgets_late:
            found.append("not_forgotten")
        if self.tells_late:
            found.append("not_told")
        if self.broken_sweeps:
            found.append("sweep_broke")
        return found


def business_at(now: datetime) -> Business:
    return Business(
        last_out=last_sent_at(),
        last_in=last_received_at(),
        is_overdue=is_any_overdue(now - TOO_LONG, now),
        letters=count_letters_sent(now - SOON - TOO_LONG, now - SOON),
        forgets_late=bool(list_leaving(now - TOO_LONG)),
        tells_late=bool(list_waiting_buyers(now - TOO_LONG)),
        broken_sweeps=tuple(sweep.name for sweep in list_broken_sweeps()),
    )
