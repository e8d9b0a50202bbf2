"""Who is checked when, with which question, and what came of it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from statistics import median
from uuid import UUID

MOST_A_ROUND = 20
"""Checks in half a month: so many our people can run by hand."""
QUIET_AFTER = 5
"""So many requests without an answer, and the address that used to answer has gone quiet."""
QUIET_FOR = timedelta(days=60)
QUIET_PAUSE = timedelta(days=90)
"""A shop that did not ask for checks gets at most one in this time."""
ANSWERED_WITHIN = timedelta(days=7)
"""After this a question counts as unanswered."""
LONGEST_PROMISE = timedelta(days=90)
"""A check waits for a promised call: no longer than a buyer would."""
STILL_NEWS = timedelta(days=14)
"""A shop hears of a report that is no older; later it only stands on its own page."""
LONGEST_ANSWER, LONGEST_NOTE = 20_000, 2000
QUESTIONS = ("delivery", "stock", "warranty", "return", "payment", "pickup")
GREETINGS = 3
ENOUGH_SHOPS = 5
"""With fewer checked shops there is no field to compare with."""
HALF = 15


def round_of(day: date) -> str:
    """Half a month: `2026-11-a` until the fifteenth, then `2026-11-b`."""
    return f"{day:%Y-%m}-{'a' if day.day <= HALF else 'b'}"


def lot(round_: str, shop_id: UUID) -> str:
    """In which order shops are drawn; the same whenever it is drawn again."""
    return sha256(f"{round_}:{shop_id}".encode()).hexdigest()


def draw_question(round_: str, shop_id: UUID, asked_before: str = "") -> tuple[str, int]:
    """A question and its greeting by lot; never the question that the shop had last."""
    drawn = int(lot(f"question:{round_}", shop_id)[:8], 16)
    left = [question for question in QUESTIONS if question != asked_before]
    return left[drawn % len(left)], drawn // len(left) % GREETINGS


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What an operator fills in."""

    is_complete: bool | None = None
    """Whether the answer says all that was asked."""
    call_promised_at: datetime | None = None
    called_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one check found."""

    shop_id: UUID
    is_alive: bool
    acknowledgement_seconds: int | None
    answer_seconds: int | None
    is_complete: bool | None
    call_promised_at: datetime | None = None
    called_at: datetime | None = None

    @property
    def is_answered(self) -> bool:
        return self.answer_seconds is not None

    @property
    def call_came(self) -> bool | None:
        """Whether a promised call came in time; None where none was promised."""
        if self.call_promised_at is None:
            return None
        return self.called_at is not None and self.called_at <= self.call_promised_at


@dataclass(frozen=True)
class Field:
    """All shops that were checked, as one: the last check of each."""

    shops: int
    alive: int
    answered: int
    complete: int
    median_answer_seconds: int | None


def field_of(results: Iterable[Result]) -> Field | None:
    """What to compare a shop with; None where too few were checked.

    The newest check of each shop counts, and comes first.
    """
    last: dict[UUID, Result] = {}
    for result in results:
        last.setdefault(result.shop_id, result)
    if len(last) < ENOUGH_SHOPS:
        return None
    times: Sequence[int] = [each.answer_seconds for each in last.values() if each.answer_seconds is not None]
    return Field(
        shops=len(last),
        alive=sum(each.is_alive for each in last.values()),
        answered=len(times),
        complete=sum(bool(each.is_complete) for each in last.values()),
        median_answer_seconds=int(median(times)) if times else None,
    )
