"""Which requests to a shop count, and what its three clocks say of each. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

COUNTED = 100
"""So many of the last requests to a shop count: how it answered years ago says little of today."""
LEFT_OUT = timedelta(days=3)
"""The newest days do not count: who was asked yesterday may answer tomorrow."""


@dataclass(frozen=True, kw_only=True)
class Dealing:
    """One request put to one shop, as its rows tell it."""

    number: str = ""
    """Of the request; nobody reads from it who asked."""
    title: str = ""
    asked_at: datetime
    """When the first letter left; when it was written, where it has not left."""
    acknowledged_at: datetime | None = None
    """When a machine of the shop said that it arrived."""
    answered_at: datetime | None = None
    """The first word of a person, or the standing rule's answer."""
    decided_at: datetime | None = None
    """The shop's yes or no."""
    is_by_rule: bool = False
    """A standing rule of the shop answered: nobody's time is measured."""
    ended_at: datetime | None = None
    """When the buyer had no more use for an answer."""
    arrived_nowhere: bool = False
    """Every letter came back or could not leave."""
    has_offer: bool = False
    percent: Decimal | None = None
    """The discount given, where one was."""

    @property
    def acknowledgement_seconds(self) -> int | None:
        return self._seconds(self.acknowledged_at)

    @property
    def answer_seconds(self) -> int | None:
        """From the first letter to the first word of a person."""
        return None if self.is_by_rule else self._seconds(self.answered_at)

    @property
    def decision_seconds(self) -> int | None:
        return None if self.is_by_rule else self._seconds(self.decided_at)

    def _seconds(self, at: datetime | None) -> int | None:
        return None if at is None else max(int((at - self.asked_at).total_seconds()), 0)


def counts(dealing: Dealing, fair_time: timedelta = LEFT_OUT) -> bool:
    """Whether a request may be held against a shop, or for it.

    Silence is not counted where nothing reached the shop, nor where the buyer was gone before it had had
    as long as every other shop.
    """
    if dealing.answered_at is not None:
        return True
    was_too_soon = dealing.ended_at is not None and dealing.ended_at < dealing.asked_at + fair_time
    return not dealing.arrived_nowhere and not was_too_soon
