"""Reading clocks: those of cases, what moves them, and how much time leads give them."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, and_, case, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from discount_broker.escalation.models import Call, CaseClock, ClockPolicy, EscalationCase, call_case
from discount_broker.escalation.rules.calling_hours import REACHED_NOBODY
from discount_broker.escalation.rules.clocks import DEFAULTS, Allowance, Event, EventKind
from discount_broker.escalation.status import CallResult, CaseStatus, ClockKind
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Letter, Reply, Step
from discount_broker.outreach.queries.thread import TO_BUYER
from discount_broker.outreach.status import LetterAuthor, ReplyKind

AT_ONCE = 500
"""What one sweep takes; the next one takes the rest."""


def list_clocks(case_id: UUID, *, lock: bool = False) -> dict[ClockKind, CaseClock]:
    """The clocks of one case; with `lock` as others left them, and ours until the commit."""
    query = select(CaseClock).where(CaseClock.case_id == case_id).order_by(CaseClock.kind)
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {clock.kind: clock for clock in db.session.scalars(query)}


def clocks_of(case_ids: Collection[UUID]) -> dict[UUID, list[CaseClock]]:
    """The clocks of these cases that are not over, by case."""
    found: dict[UUID, list[CaseClock]] = {}
    query = select(CaseClock).where(CaseClock.case_id.in_(case_ids), CaseClock.stopped_at.is_(None))
    for clock in db.session.scalars(query.order_by(CaseClock.kind)):
        found.setdefault(clock.case_id, []).append(clock)
    return found


def allowances() -> dict[ClockKind, Allowance]:
    """How much time each clock gives now."""
    given = dict(DEFAULTS)
    for policy in db.session.scalars(select(ClockPolicy).order_by(ClockPolicy.version)):
        given[policy.kind] = Allowance(policy.minutes, policy.warn_minutes)
    return given


def list_policies() -> list[ClockPolicy]:
    """What leads have said, the last word first."""
    query = select(ClockPolicy).order_by(ClockPolicy.made_at.desc(), ClockPolicy.version.desc())
    return list(db.session.scalars(query.options(joinedload(ClockPolicy.operator)).limit(100)))


def find_policy(kind: ClockKind, version: int) -> ClockPolicy | None:
    return db.session.scalar(select(ClockPolicy).filter_by(kind=kind, version=version))


def newest_version(kind: ClockKind) -> int:
    """The number of the last word on this clock; nought while there is none."""
    query = select(ClockPolicy.version).where(ClockPolicy.kind == kind)
    return db.session.scalar(query.order_by(ClockPolicy.version.desc()).limit(1)) or 0


def list_events(case_: EscalationCase) -> list[Event]:
    """All that is known to have moved the ball between the shop and us, in two questions."""
    outreach_id = case_.outreach_id
    moved: CompoundSelect[Any] = union_all(
        _letters_of_ladder(outreach_id), _letters_by_hand(outreach_id), _words_of_shop(outreach_id)
    )
    events = [Event(at, EventKind(kind)) for at, kind in db.session.execute(moved) if at is not None]
    if case_.outreach.answered_at is not None:
        events.append(Event(case_.outreach.answered_at, EventKind.FROM_SHOP))
    return [*events, *_calls(case_.id)]


def _letters_of_ladder(outreach_id: UUID) -> Select[datetime | None, int]:
    return (
        select(Delivery.sent_at, literal(int(EventKind.TO_SHOP)))
        .join(Step, Step.delivery_id == Delivery.id)
        .where(Step.outreach_id == outreach_id, Delivery.status == DeliveryStatus.SENT)
    )


def _letters_by_hand(outreach_id: UUID) -> Select[datetime | None, int]:
    """What reached the shop; and what the buyer wrote that waits for us."""
    reached = and_(Delivery.status == DeliveryStatus.SENT, Delivery.template.not_in(TO_BUYER))
    waits = and_(
        Letter.author == LetterAuthor.BUYER,
        or_(
            Letter.delivery_id.is_(None), Delivery.status.in_((DeliveryStatus.FAILED, DeliveryStatus.BOUNCED))
        ),
    )
    return (
        select(
            case((reached, Delivery.sent_at), else_=Letter.created_at),
            case((reached, int(EventKind.TO_SHOP)), else_=int(EventKind.WITH_US)),
        )
        .select_from(Letter)
        .outerjoin(Delivery, Letter.delivery_id == Delivery.id)
        .where(Letter.outreach_id == outreach_id, or_(reached, waits))
    )


def _words_of_shop(outreach_id: UUID) -> Select[datetime, int]:
    """Letters of people: what machines send stops no clock."""
    return select(Reply.received_at, literal(int(EventKind.FROM_SHOP))).where(
        Reply.outreach_id == outreach_id, Reply.kind == ReplyKind.HUMAN
    )


def _calls(case_id: UUID) -> Iterator[Event]:
    """A person on the phone has answered; one who promised something has the ball again."""
    query = (
        select(Call.started_at, Call.ended_at, Call.minutes, Call.result)
        .join(call_case, call_case.c.call_id == Call.id)
        .where(call_case.c.case_id == case_id, Call.result.is_not(None), Call.result.not_in(REACHED_NOBODY))
    )
    for started_at, ended_at, minutes, result in db.session.execute(query):
        at = ended_at or started_at + timedelta(minutes=minutes)
        yield Event(at, EventKind.FROM_SHOP)
        if result is CallResult.PROMISED:
            yield Event(at, EventKind.TO_SHOP)


def list_cases_of_due_clocks(now: datetime) -> list[UUID]:
    """Cases of which a clock warns or has run out, and nobody has been told."""
    warns = select(CaseClock.case_id).where(CaseClock.warned_at.is_(None), CaseClock.warn_at <= now)
    runs_out = select(CaseClock.case_id).where(CaseClock.missed_at.is_(None), CaseClock.breach_at <= now)
    found = [*db.session.scalars(warns.limit(AT_ONCE)), *db.session.scalars(runs_out.limit(AT_ONCE))]
    return list(dict.fromkeys(found))


def list_unwound_cases() -> list[UUID]:
    """Open cases that have no clock yet: those of before there were any."""
    wound = select(CaseClock.case_id).where(
        CaseClock.case_id == EscalationCase.id, CaseClock.kind == ClockKind.SOLVED
    )
    query = select(EscalationCase.id).where(EscalationCase.status == CaseStatus.OPEN, ~wound.exists())
    return list(db.session.scalars(query.limit(AT_ONCE)))


def list_stale_cases(before: datetime, limit: int = 200) -> list[UUID]:
    """Open cases that were looked at longest ago: a letter may have left since."""
    query = select(CaseClock.case_id).where(CaseClock.stopped_at.is_(None), CaseClock.wound_at < before)
    found = db.session.scalars(query.order_by(CaseClock.wound_at).limit(limit))
    return list(dict.fromkeys(found))
