"""Reading the audit trail of one case."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, union_all
from sqlalchemy.orm import joinedload

from discount_broker.accounts.models import AuditEntry
from discount_broker.kernel.db import db

ENOUGH = 20
"""Nobody reads more of what has changed before a save."""


def newest_change(case_id: UUID, shop_id: UUID) -> int:
    """The number of the last change to the case or to its shop as a whole; 0 before the first."""
    of_case = select(func.max(AuditEntry.id)).where(AuditEntry.case_id == case_id).scalar_subquery()
    of_shop = select(func.max(AuditEntry.id)).where(_of_shop_alone(shop_id)).scalar_subquery()
    return max(number or 0 for number in db.session.execute(select(of_case, of_shop)).one())


def list_changes_since(case_id: UUID, shop_id: UUID, seen: int, operator_id: UUID) -> list[AuditEntry]:
    """What others have changed of the case, or of its shop as a whole, since `seen`; oldest first."""
    of_case = _since(seen, operator_id).where(AuditEntry.case_id == case_id)
    of_shop = _since(seen, operator_id).where(_of_shop_alone(shop_id))
    numbers = union_all(of_case, of_shop).subquery()
    query = select(AuditEntry).where(AuditEntry.id.in_(select(numbers.c.id)))
    query = query.order_by(AuditEntry.id).limit(ENOUGH).options(joinedload(AuditEntry.operator))
    return list(db.session.scalars(query))


def _of_shop_alone(shop_id: UUID) -> ColumnElement[bool]:
    """Another case of the shop may change as it likes."""
    return and_(AuditEntry.shop_id == shop_id, AuditEntry.case_id.is_(None))


def _since(seen: int, operator_id: UUID) -> Select[int]:
    # NULL stands for what happened by itself, which is nobody's own change either.
    others = AuditEntry.operator_id.is_distinct_from(operator_id)
    return select(AuditEntry.id).where(AuditEntry.id > seen, others)


def list_changes_about(subject: str, what: str, since: datetime) -> list[AuditEntry]:
    """What was changed of one subject since a moment, newest first."""
    query = select(AuditEntry).where(
        AuditEntry.subject == subject, AuditEntry.what == what, AuditEntry.at > since
    )
    return list(db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(ENOUGH)))
