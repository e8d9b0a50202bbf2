"""The ladder: which door next, why, and how long to wait. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from discount_broker.kernel.business_time import DAY, Whose, add_business_time
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.rules.learning import GUESS
from discount_broker.shops.status import ContactKind

MOST_DOORS = 3
"""Different doors tried for one request before people take over."""
SOFT_BOUNCES_THAT_KILL = 3
SOFT_WINDOW = timedelta(days=14)
"""So many letters within so long that came back for reasons that should pass: nobody empties the mailbox."""
LOOK_AGAIN = timedelta(hours=2)
"""When a step whose message has not left yet is looked at again."""


class RungReason(StrEnum):
    """Why this door comes now."""

    WANTED = "wanted"
    """A person wants it tried first."""
    ANSWERED_BEFORE = "answered_before"
    ANSWERS_ELSEWHERE = "answers_elsewhere"
    """Doors of this kind answer more often at shops like this one."""
    USUAL = "usual"
    DOOR_FAILED = "door_failed"
    """The message before it came back, or could not be handed over."""
    NOT_RECEIVED = "not_received"
    """The shop usually acknowledges at once, and this time did not."""
    REMINDER = "reminder"


@dataclass(frozen=True)
class Door:
    """A contact point as the ladder sees it."""

    id: UUID
    kind: ContactKind
    has_captcha: bool = False
    chance: float = GUESS
    """How likely it answers (`learning.chance_of`)."""
    has_answered: bool = False
    is_preferred: bool = False
    is_doubtful: bool = False
    """An address that is hardly ours to use: it comes last, however it answers."""


@dataclass(frozen=True)
class TakenStep:
    door_id: UUID
    kind: ContactKind
    status: DeliveryStatus
    is_reminder: bool


@dataclass(frozen=True)
class Rung:
    """The next message: through which door, whether it repeats an earlier one, and why."""

    door_id: UUID
    is_reminder: bool = False
    why: RungReason = RungReason.USUAL


def in_order(doors: Sequence[Door]) -> list[Door]:
    """Best first: what a person wants, then the likeliest to answer; else the order they came in."""
    return sorted(doors, key=lambda door: (not door.is_preferred, door.is_doubtful, -round(door.chance, 3)))


def next_rung(doors: Sequence[Door], taken: Sequence[TakenStep]) -> Rung | None:
    """The next step of the ladder; None when people must take over.

    `doors` are usable, in the order of their standing. Each is tried once, the best three at most;
    then one reminder goes to the first e-mail address that took the request without a bounce.
    """
    tried = {step.door_id for step in taken}
    untried = [door for door in in_order(doors) if door.id not in tried and not door.has_captcha]
    if untried and len(tried) < MOST_DOORS:
        return Rung(untried[0].id, why=_why(untried, doors, taken))
    if any(step.is_reminder for step in taken):
        return None
    usable = {door.id for door in doors}
    for step in taken:
        if step.kind is ContactKind.EMAIL and step.status is DeliveryStatus.SENT and step.door_id in usable:
            return Rung(step.door_id, is_reminder=True, why=RungReason.REMINDER)
    return None


def _why(untried: Sequence[Door], doors: Sequence[Door], taken: Sequence[TakenStep]) -> RungReason:
    best = untried[0]
    if taken and taken[-1].status not in (DeliveryStatus.SENT, DeliveryStatus.QUEUED):
        return RungReason.DOOR_FAILED
    if best.is_preferred:
        return RungReason.WANTED
    if best.has_answered:
        return RungReason.ANSWERED_BEFORE
    first_by_standing = next(door for door in doors if door in untried)
    return RungReason.USUAL if best.id == first_by_standing.id else RungReason.ANSWERS_ELSEWHERE


def ladder_ahead(doors: Sequence[Door], taken: Sequence[TakenStep]) -> list[Rung]:
    """Every step that is still to come if nobody answers and nothing fails; after the last comes the desk."""
    ahead: list[Rung] = []
    so_far = [
        replace(step, status=DeliveryStatus.SENT) if step.status is DeliveryStatus.QUEUED else step
        for step in taken
    ]
    while (rung := next_rung(doors, so_far)) is not None:
        kind = next(door.kind for door in doors if door.id == rung.door_id)
        so_far.append(TakenStep(rung.door_id, kind, DeliveryStatus.SENT, rung.is_reminder))
        ahead.append(rung)
    return ahead


def why_exhausted(doors: Sequence[Door], taken: Sequence[TakenStep]) -> str:
    """Why people are needed, as `escalation.status.CaseReason` names it."""
    if any(step.status is DeliveryStatus.UNKNOWN for step in taken):
        return "outcome_unknown"
    if any(step.status is DeliveryStatus.SENT for step in taken):
        return "silence"
    if any(door.has_captcha for door in doors):
        return "captcha"
    return "doors_dead" if taken else "no_contact_points"


def step_ends_at(taken_at: datetime, whose: Whose) -> datetime:
    """Until when an answer to a step is waited for: a day of the shop's business time."""
    return add_business_time(taken_at, DAY, whose)
