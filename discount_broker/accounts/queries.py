"""Reading buyers and operators."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.models import Buyer, Operator
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound


def find_buyer(buyer_id: UUID) -> Buyer | None:
    return db.session.get(Buyer, buyer_id)


def find_buyer_by_email(email: str) -> Buyer | None:
    return db.session.scalar(select(Buyer).where(Buyer.email == email))


def get_buyer(buyer_id: UUID) -> Buyer:
    buyer = find_buyer(buyer_id)
    if buyer is None:
        raise NotFound("buyer")
    return buyer


def find_operator(operator_id: UUID) -> Operator | None:
    operator = db.session.get(Operator, operator_id)
    return operator if operator is not None and operator.is_active else None


def operator_names(operator_ids: Collection[UUID]) -> dict[UUID, str]:
    """What operators are called, those who left included."""
    query = select(Operator.id, Operator.name).where(Operator.id.in_(operator_ids))
    names: dict[UUID, str] = dict(db.session.execute(query).all())
    return names


def find_operator_by_email(email: str) -> Operator | None:
    return db.session.scalar(select(Operator).where(Operator.email == email, Operator.is_active))
