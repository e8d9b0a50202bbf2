"""Reading cases, as the desk's queue shows them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.escalation.models import Call, EscalationCase
from discount_broker.escalation.rules import urgency
from discount_broker.escalation.status import CaseReason, CaseStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.outreach.models import Outreach
from discount_broker.shops.models import Shop


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


def list_queue(view: View, operator_id: UUID, now: datetime, limit: int = 200) -> list[EscalationCase]:
    """The cases of one view, in the order in which they should be worked."""
    query = select(EscalationCase).where(*_conditions(view, operator_id, now)).limit(limit).options(*FOR_ROWS)
    if view is View.CLOSED:
        return list(db.session.scalars(query.order_by(EscalationCase.closed_at.desc())))
    # The same order as `urgency`, so that the limit cuts off the least urgent.
    broken_first = case((EscalationCase.reason == CaseReason.PROMISE_BROKEN, 0), else_=1)
    query = query.order_by(broken_first, EscalationCase.next_action_at, EscalationCase.opened_at)
    return sorted(db.session.scalars(query), key=lambda found: _urgency(found, now))


def _urgency(found: EscalationCase, now: datetime) -> tuple[int, datetime, datetime]:
    return urgency(found.reason, found.next_action_at or now, found.opened_at)


FOR_ROWS = (
    joinedload(EscalationCase.outreach).joinedload(Outreach.shop),
    joinedload(EscalationCase.outreach).joinedload(Outreach.discount_request),
    joinedload(EscalationCase.operator),
    selectinload(EscalationCase.calls),
)
"""What a row of the queue shows, in two queries instead of five a row."""


def search_cases(text: str, limit: int = 50) -> list[EscalationCase]:
    """Cases whose request number, shop domain or shop name holds `text`; open ones first."""
    wanted = text.strip()
    if not wanted:
        return []
    query = (
        select(EscalationCase)
        .join(EscalationCase.outreach)
        .join(Outreach.shop)
        .join(Outreach.discount_request)
        .where(
            or_(
                DiscountRequest.number.icontains(wanted, autoescape=True),
                Shop.domain.icontains(wanted, autoescape=True),
                Shop.name.icontains(wanted, autoescape=True),
            )
        )
        .order_by(EscalationCase.status.desc(), EscalationCase.opened_at.desc())
        .limit(limit)
        .options(*FOR_ROWS)
    )
    return list(db.session.scalars(query))


def list_open_cases_of_shop(shop_id: UUID) -> list[EscalationCase]:
    """All that one call to the shop could settle, most urgent first."""
    query = (
        select(EscalationCase)
        .join(EscalationCase.outreach)
        .where(Outreach.shop_id == shop_id, EscalationCase.status == CaseStatus.OPEN)
        .order_by(EscalationCase.next_action_at)
        .options(*FOR_ROWS)
    )
    return list(db.session.scalars(query))


def count_queue(operator_id: UUID, now: datetime) -> dict[View, int]:
    """How many cases each view holds."""
    return {
        view: db.session.scalar(
            select(func.count(EscalationCase.id)).where(*_conditions(view, operator_id, now))
        )
        or 0
        for view in View
    }


def _conditions(view: View, operator_id: UUID, now: datetime) -> list[ColumnElement[bool]]:
    row = EscalationCase
    if view is View.CLOSED:
        return [row.status == CaseStatus.CLOSED]
    is_free = row.operator_id.is_(None) | (row.claimed_until <= now)
    per_view = {
        View.DUE: [row.next_action_at <= now],
        View.MINE: [row.claimed_until > now, row.operator_id == operator_id],
        View.UNASSIGNED: [is_free, row.next_action_at <= now],
        View.WAITING: [row.next_action_at > now],
    }
    return [row.status == CaseStatus.OPEN, *per_view[view]]


def count_calls(case_id: UUID) -> int:
    return db.session.scalar(select(func.count(Call.id)).where(Call.case_id == case_id)) or 0
