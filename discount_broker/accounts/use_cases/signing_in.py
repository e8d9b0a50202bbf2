"""Coming in, and giving operators a way in."""

from datetime import datetime
from uuid import UUID

from pwdlib import PasswordHash

from discount_broker.accounts.models import Buyer, Operator, Role
from discount_broker.accounts.operations import confirm_email
from discount_broker.accounts.queries import find_operator_by_email, get_buyer
from discount_broker.accounts.rules import normal_email
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.transaction import transaction

SHORTEST_PASSWORD = 10
hasher = PasswordHash.recommended()
NOBODYS_HASH = hasher.hash("nobody's password")
"""Checked when the address is unknown, so that both answers take the same time."""


def log_in_buyer(buyer_id: UUID, language: str, now: datetime) -> Buyer:
    """The holder of a login link came in: that also proves the address."""
    with transaction():
        buyer = get_buyer(buyer_id)
        confirm_email(buyer, now)
        buyer.last_login_at, buyer.language = now, language
        return buyer


def choose_language(buyer_id: UUID, language: str) -> None:
    with transaction():
        get_buyer(buyer_id).language = language


def create_operator(email: str, name: str, password: str, role: Role) -> UUID:
    """A new account for the desk; an address that has one gets the new name, password and role."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused("password_short", "password")
    with transaction() as session:
        email = normal_email(email)
        operator = find_operator_by_email(email) or Operator(email=email)
        operator.name, operator.role = name, role
        operator.password_hash = hasher.hash(password)
        session.add(operator)
        session.flush()
        return operator.id


def check_password(email: str, password: str, now: datetime) -> UUID | None:
    """The id of the operator with this address and password, or None."""
    with transaction():
        operator = find_operator_by_email(email.strip().lower())
        known_hash = operator.password_hash if operator else NOBODYS_HASH
        right = hasher.verify(password, known_hash)
        if operator is None or not right:
            return None
        operator.last_login_at = now
        return operator.id
