"""Reading buyers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.models import Buyer
from discount_broker.accounts.rules.phones import last_digits
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.site import site
from discount_broker.messaging.extract.phone_numbers import textable_number


def find_buyer(buyer_id: UUID) -> Buyer | None:
    return db.session.get(Buyer, buyer_id)


def find_buyer_by_email(email: str) -> Buyer | None:
    return db.session.scalar(select(Buyer).where(Buyer.email == email))


def list_buyers_with_phone(number: str) -> list[Buyer]:
    """Everybody who gave this number (E.164), however they wrote it."""
    alike = db.session.scalars(select(Buyer).where(Buyer.phone_digits == last_digits(number)))
    return [buyer for buyer in alike if textable_number(buyer.phone or "", site().time_zone) == number]


def get_buyer(buyer_id: UUID) -> Buyer:
    buyer = find_buyer(buyer_id)
    if buyer is None:
        raise NotFound("buyer")
    return buyer


def find_kept(buyer_id: UUID) -> Buyer | None:
    """The buyer, or the one into whom they were merged, as often as that happened."""
    buyer = find_buyer(buyer_id)
    while buyer is not None and buyer.merged_into_id is not None:
        buyer = find_buyer(buyer.merged_into_id)
    return buyer


def list_merged_into(buyer_id: UUID) -> list[Buyer]:
    """The cards that were found to be this buyer's."""
    return list(db.session.scalars(select(Buyer).where(Buyer.merged_into_id == buyer_id)))


def emails_of(buyer_id: UUID) -> list[str]:
    """Every address under which a buyer is known: their own, and those of the cards merged into theirs."""
    return [get_buyer(buyer_id).email, *(merged.email for merged in list_merged_into(buyer_id))]


def list_leaving(now: datetime) -> list[UUID]:
    """Buyers who asked to be forgotten, and whose time to change their mind is over."""
    return list(db.session.scalars(select(Buyer.id).where(Buyer.deletion_due_at <= now)))
