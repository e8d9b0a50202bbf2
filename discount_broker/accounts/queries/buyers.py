"""Reading buyers."""

from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.models import Buyer
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
