"""Reading the desk's queue, cases and promises."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import exists, func, select

from discount_broker.escalation.models import Call, EscalationCase, Promise
from discount_broker.escalation.rules import urgency
from discount_broker.escalation.status import CaseReason, CaseStatus, PromiseStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus


class View(StrEnum):
    """A way to look at the queue."""

    DUE = "due"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    CLOSED = "closed"


def get_case(case_id: UUID, *, lock: bool = False) -> EscalationCase:
    case = db.session.get(EscalationCase, case_id, with_for_update=lock)
    if case is None:
        raise NotFound("case")
    return case


def find_case_of(outreach_id: UUID) -> EscalationCase | None:
    return db.session.scalar(select(EscalationCase).where(EscalationCase.outreach_id == outreach_id))


def get_promise(promise_id: UUID) -> Promise:
    promise = db.session.get(Promise, promise_id, with_for_update=True)
    if promise is None:
        raise NotFound("promise")
    return promise


def list_queue(view: View, operator_id: UUID, now: datetime, limit: int = 200) -> list[EscalationCase]:
    """The cases of one view, in the order in which they should be worked."""
    query = select(EscalationCase).where(*_conditions(view, operator_id, now)).limit(limit)
    if view is View.CLOSED:
        return list(db.session.scalars(query.order_by(EscalationCase.closed_at.desc())))
    cases = db.session.scalars(query.order_by(EscalationCase.next_action_at))
    return sorted(cases, key=lambda case: urgency(case.reason, case.next_action_at or now, case.opened_at))


def count_queue(operator_id: UUID, now: datetime) -> dict[View, int]:
    """How many cases each view holds."""
    return {
        view: db.session.scalar(
            select(func.count(EscalationCase.id)).where(*_conditions(view, operator_id, now))
        )
        or 0
        for view in View
    }


def _conditions(view: View, operator_id: UUID, now: datetime) -> list[object]:
    case = EscalationCase
    if view is View.CLOSED:
        return [case.status == CaseStatus.CLOSED]
    held = case.operator_id.is_not(None) & (case.claimed_until > now)
    per_view = {
        View.DUE: [case.next_action_at <= now],
        View.MINE: [held, case.operator_id == operator_id],
        View.UNASSIGNED: [~held, case.next_action_at <= now],
        View.WAITING: [case.next_action_at > now],
    }
    return [case.status == CaseStatus.OPEN, *per_view[view]]


def list_promises(outreach_id: UUID) -> list[Promise]:
    return list(
        db.session.scalars(select(Promise).where(Promise.outreach_id == outreach_id).order_by(Promise.due_at))
    )


def list_pending_promises(outreach_id: UUID) -> list[Promise]:
    return [promise for promise in list_promises(outreach_id) if promise.status is PromiseStatus.PENDING]


def list_due_promises(now: datetime) -> list[UUID]:
    """Promises whose time has come and that are neither kept nor broken yet."""
    return list(
        db.session.scalars(
            select(Promise.id).where(Promise.status == PromiseStatus.PENDING, Promise.due_at <= now)
        )
    )


def list_uncased_outreaches() -> list[Outreach]:
    """Outreaches whose ladder has ended and that nobody has in hand yet."""
    in_hand = exists().where(EscalationCase.outreach_id == Outreach.id)
    return list(
        db.session.scalars(select(Outreach).where(Outreach.status == OutreachStatus.EXHAUSTED, ~in_hand))
    )


def list_unread_replies() -> list[EscalationCase]:
    """Open cases of outreaches to which a person wrote, and whose operator has not been told."""
    return list(
        db.session.scalars(
            select(EscalationCase)
            .join(Outreach)
            .where(
                EscalationCase.status == CaseStatus.OPEN,
                Outreach.exhausted_why == CaseReason.REPLY_TO_READ,
                EscalationCase.reason != CaseReason.REPLY_TO_READ,
                EscalationCase.reason != CaseReason.PROMISE_BROKEN,
            )
        )
    )


def count_calls(case_id: UUID) -> int:
    return db.session.scalar(select(func.count(Call.id)).where(Call.case_id == case_id)) or 0
