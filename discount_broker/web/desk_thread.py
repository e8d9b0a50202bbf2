"""All that was said between a shop, its buyer and us, as the desk sees it."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from discount_broker.outreach.status import LetterAuthor
from discount_broker.web.delivery_words import GOOD, Told, sentence, told_of
from discount_broker.web.thread import State, is_held

if TYPE_CHECKING:
    from discount_broker.escalation.models import Call
    from discount_broker.messaging.models import Delivery
    from discount_broker.outreach.models import Letter, Outreach, Step


class Entry(NamedTuple):
    """Something that was said: `message`, `reply`, `letter` or `call`."""

    at: datetime
    kind: str
    what: Any
    states: Sequence[State] = ()


def said_in(outreach: "Outreach", calls: "Sequence[Call]", now: datetime) -> list[Entry]:
    """All that was said, newest first; a letter of the shop stands once, as the mail it came in."""
    entries = [
        *(_of_step(step, now) for step in outreach.steps),
        *(Entry(reply.received_at, "reply", reply) for reply in outreach.replies),
        *(_of_letter(letter, now) for letter in outreach.letters if letter.author is not LetterAuthor.SHOP),
        *(Entry(call.started_at, "call", call) for call in calls),
    ]
    return sorted(entries, key=attrgetter("at"), reverse=True)


def _of_step(step: "Step", now: datetime) -> Entry:
    told = _told(step.delivery, now)
    if step.acknowledged_at is not None:
        told.append(Told("acknowledged", {"at": step.acknowledged_at}, GOOD))
    return Entry(step.delivery.sent_at or step.taken_at, "message", step, _in_words(told, now))


def _of_letter(letter: "Letter", now: datetime) -> Entry:
    told = [Told("by_person", {}, "warn")] if letter.delivery is None else _told(letter.delivery, now)
    return Entry(letter.created_at, "letter", letter, _in_words(told, now))


def _told(delivery: "Delivery", now: datetime) -> list[Told]:
    return told_of(delivery, now, is_held=is_held(delivery, now))


def _in_words(told: list[Told], now: datetime) -> list[State]:
    return [State(sentence(each, now), each.tone) for each in told]
