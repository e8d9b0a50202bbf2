"""Reading what waits for a lead's word, what was decided, and what an operator has not read yet."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from discount_broker.escalation.models import EscalationCase, LeadReview
from discount_broker.escalation.rules.sampling import draw
from discount_broker.escalation.rules.team import Day
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.outreach.models import Outreach

FOR_LIST = (
    joinedload(EscalationCase.outreach).joinedload(Outreach.shop),
    joinedload(EscalationCase.outreach).joinedload(Outreach.discount_request),
    joinedload(EscalationCase.flagged_by),
    joinedload(EscalationCase.closed_by),
)
"""What a line of the lead's list shows, in one query."""


def get_lead_review(review_id: UUID, *, lock: bool = False) -> LeadReview:
    """What a lead decided once.

    Raises:
        NotFound

    """
    review = find_row(LeadReview, review_id, lock=lock)
    if review is None:
        raise NotFound("lead_review")
    return review


def count_verdicts(case_id: UUID) -> int:
    return db.session.scalar(select(func.count()).where(LeadReview.case_id == case_id)) or 0


def list_verdicts(case_id: UUID) -> list[LeadReview]:
    """What leads have decided of a case, the newest first."""
    return list(db.session.scalars(_verdicts().where(LeadReview.case_id == case_id)))


def list_unread(operator_id: UUID, limit: int = 20) -> list[LeadReview]:
    """What leads wrote about this operator's work that waits to be read, the oldest first."""
    query = _verdicts().where(LeadReview.operator_id == operator_id, LeadReview.read_at.is_(None))
    return list(db.session.scalars(query.order_by(None).order_by(LeadReview.at).limit(limit)))


def count_unread(operator_id: UUID) -> int:
    unread = (LeadReview.operator_id == operator_id, LeadReview.read_at.is_(None))
    return db.session.scalar(select(func.count()).where(*unread)) or 0


def _verdicts() -> Select[LeadReview]:
    to_case = joinedload(LeadReview.case).joinedload(EscalationCase.outreach)
    return (
        select(LeadReview)
        .order_by(LeadReview.at.desc())
        .options(
            joinedload(LeadReview.lead),
            joinedload(LeadReview.operator),
            to_case.joinedload(Outreach.shop),
            to_case.joinedload(Outreach.discount_request),
        )
    )


def list_flagged(limit: int = 100) -> list[EscalationCase]:
    """Cases that operators flagged, the oldest first."""
    query = select(EscalationCase).where(EscalationCase.flagged_at.is_not(None))
    return list(db.session.scalars(query.order_by(EscalationCase.flagged_at).limit(limit).options(*FOR_LIST)))


def count_flagged(limit: int = 100) -> int:
    some = select(EscalationCase.id).where(EscalationCase.flagged_at.is_not(None)).limit(limit)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def sample_of(week: Day, secret: bytes) -> list[EscalationCase]:
    """The drawn cases of everybody who closed some in this week, by name of the operator."""
    closed = select(EscalationCase.id, EscalationCase.closed_by_id).where(
        EscalationCase.closed_at >= week.begins_at,
        EscalationCase.closed_at < week.ends_at,
    )
    of_operator: dict[UUID, list[UUID]] = defaultdict(list)
    for case_id, operator_id in db.session.execute(closed):
        if operator_id is not None:
            of_operator[operator_id].append(case_id)
    drawn = [case_id for ids in of_operator.values() for case_id in draw(ids, f"{week.on}", secret)]
    query = select(EscalationCase).where(EscalationCase.id.in_(drawn)).options(*FOR_LIST)
    return sorted(db.session.scalars(query), key=_by_name)


def _by_name(case: EscalationCase) -> tuple[str, datetime]:
    assert case.closed_by is not None, "only cases that somebody closed are drawn"
    assert case.closed_at is not None, "they are closed"
    return case.closed_by.name, case.closed_at


def verdicts_since(case_ids: Collection[UUID], since: datetime) -> dict[UUID, LeadReview]:
    """The last decision on each of these cases since then."""
    query = select(LeadReview).where(LeadReview.case_id.in_(case_ids), LeadReview.at >= since)
    query = query.order_by(LeadReview.at).options(joinedload(LeadReview.lead))
    return {review.case_id: review for review in db.session.scalars(query)}


def seconds_used(operator_ids: Sequence[UUID], since: datetime) -> dict[UUID, int]:
    """How long leads have looked at the work of each of these operators since then."""
    query = (
        select(LeadReview.operator_id, func.sum(LeadReview.seconds))
        .where(LeadReview.operator_id.in_(operator_ids), LeadReview.at >= since)
        .group_by(LeadReview.operator_id)
    )
    return {one: int(seconds) for one, seconds in db.session.execute(query) if one is not None}
