"""The products a buyer waits for, as lines among their requests."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.offers.queries.watched import list_watches_of
from discount_broker.watches.queries import latest_readings
from discount_broker.watches.status import WatchStatus

if TYPE_CHECKING:
    from discount_broker.watches.models import PriceReading, Watch

MOST_OVER = 10
"""Of those that are over the latest are shown."""


@dataclass(frozen=True)
class Waited:
    """One product that is, or was, waited for."""

    watch: "Watch"
    token: str
    reading: "PriceReading | None"
    """The last one of its page, with a price or without."""

    @property
    def is_on(self) -> bool:
        return self.watch.status is WatchStatus.WATCHING


def waited_by(buyer_id: UUID, now: datetime) -> list[Waited]:
    """What goes on comes first; what the owner of the address never confirmed is nobody's."""
    mine = [each for each in list_watches_of(buyer_id) if each.confirmed_at is not None]
    going_on = [each for each in mine if each.status is WatchStatus.WATCHING]
    over = [each for each in mine if each.status is not WatchStatus.WATCHING][:MOST_OVER]
    shown = going_on + over
    readings = latest_readings({each.watched_page_id for each in shown})
    return [
        Waited(each, issue_token(Purpose.WATCH, each.id, now), readings.get(each.watched_page_id))
        for each in shown
    ]
