"""Reading what the desk has planned for one buyer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.status import CaseStatus, PromiseKind, PromiseStatus
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach


def list_calls_planned(buyer_id: UUID, now: datetime) -> list[Promise]:
    """The calls to a buyer that are still to come, the next first."""
    query = (
        select(Promise)
        .join(Promise.outreach)
        .join(Outreach.discount_request)
        .where(
            DiscountRequest.buyer_id == buyer_id,
            Promise.kind == PromiseKind.CALL_BUYER,
            Promise.status == PromiseStatus.PENDING,
            Promise.due_at > now,
        )
    )
    return list(db.session.scalars(query.order_by(Promise.due_at, Promise.id)))


def list_shops_in_queue(buyer_id: UUID) -> list[UUID]:
    """The shops of a buyer's open cases, in the order of their ids."""
    query = (
        select(Outreach.shop_id)
        .join(EscalationCase, EscalationCase.outreach_id == Outreach.id)
        .join(Outreach.discount_request)
        .where(DiscountRequest.buyer_id == buyer_id, EscalationCase.status == CaseStatus.OPEN)
    )
    return list(db.session.scalars(query.distinct().order_by(Outreach.shop_id)))


def list_cases_of_buyer(buyer_id: UUID) -> list[EscalationCase]:
    """The cases of a buyer's requests, open or not, the latest first."""
    query = (
        select(EscalationCase)
        .join(EscalationCase.outreach)
        .join(Outreach.discount_request)
        .where(DiscountRequest.buyer_id == buyer_id)
    )
    return list(db.session.scalars(query.order_by(EscalationCase.opened_at.desc()).limit(200)))
