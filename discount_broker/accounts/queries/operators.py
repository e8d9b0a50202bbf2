"""Reading operators."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.models import Operator
from discount_broker.kernel.db import db


def find_operator(operator_id: UUID) -> Operator | None:
    operator = db.session.get(Operator, operator_id)
    return operator if operator is not None and operator.is_active else None


def operator_names(operator_ids: Collection[UUID]) -> dict[UUID, str]:
    """What operators are called, those who left included."""
    query = select(Operator.id, Operator.name).where(Operator.id.in_(operator_ids))
    names: dict[UUID, str] = dict(db.session.execute(query).all())
    return names


def list_operators() -> list[Operator]:
    """Whoever works the desk now, by name."""
    return list(db.session.scalars(select(Operator).where(Operator.is_active).order_by(Operator.name)))


def find_operator_by_email(email: str) -> Operator | None:
    return db.session.scalar(select(Operator).where(Operator.email == email, Operator.is_active))
