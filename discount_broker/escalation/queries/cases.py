"""Reading cases."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import EscalationCase, call_case
from discount_broker.escalation.status import CaseStatus, Ending
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.outreach.models import Outreach
from discount_broker.shops.queries import is_stopped


def get_case(case_id: UUID, *, lock: bool = False) -> EscalationCase:
    """One case; with `lock` as others left it, and ours until the commit."""
    case = find_row(EscalationCase, case_id, lock=lock)
    if case is None:
        raise NotFound("case")
    return case


ENDED_BY_HAND = (Ending.DECLINED, Ending.UNREACHABLE, Ending.NO_LONGER_NEEDED)


def can_be_reopened(case: EscalationCase) -> bool:
    """Whether it was closed by a person, the buyer still waits, and the shop has not forbidden it."""
    outreach = case.outreach
    return (
        case.status is CaseStatus.CLOSED
        and case.closed_by_id is not None
        and case.ending in ENDED_BY_HAND
        and outreach.discount_request.status in (RequestStatus.ASKED, RequestStatus.OFFERED)
        and not is_stopped(outreach.shop)
    )


def find_case_of(outreach_id: UUID) -> EscalationCase | None:
    return db.session.scalar(select(EscalationCase).where(EscalationCase.outreach_id == outreach_id))


FOR_ROWS = (
    joinedload(EscalationCase.outreach).joinedload(Outreach.shop),
    joinedload(EscalationCase.outreach).joinedload(Outreach.discount_request),
    selectinload(EscalationCase.calls),
)
"""What a row of the queue shows, in two queries instead of five a row."""


def list_open_cases_of_shop(shop_id: UUID, limit: int = 100) -> list[EscalationCase]:
    """What one call to the shop could settle, most urgent first."""
    query = (
        select(EscalationCase)
        .join(EscalationCase.outreach)
        .where(Outreach.shop_id == shop_id, EscalationCase.status == CaseStatus.OPEN)
        .order_by(EscalationCase.next_action_at, EscalationCase.id)
        .limit(limit)
        .options(*FOR_ROWS)
    )
    return list(db.session.scalars(query))


def count_calls(case_id: UUID) -> int:
    return db.session.scalar(select(func.count()).where(call_case.c.case_id == case_id)) or 0
