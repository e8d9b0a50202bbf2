"""What is done to the accounts of staff: passwords, sessions, links, and who must stay an admin."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from pwdlib import PasswordHash
from sqlalchemy import select, update

from discount_broker.accounts.models import Operator, Role, StaffSession
from discount_broker.accounts.operations.trail import note_change
from discount_broker.accounts.rules import normal_email
from discount_broker.accounts.rules.passwords import password_mistake
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound, Refused

hasher = PasswordHash.recommended()
NOBODYS_HASH = hasher.hash("nobody's password")
"""Checked when the address is unknown, so that both answers take the same time."""
LONGEST_NAME = 100


def lock_operator(operator_id: UUID) -> Operator:
    """The account as others left it, whether it is active or not.

    Raises:
        NotFound

    """
    operator = find_row(Operator, operator_id, lock=True)
    if operator is None:
        raise NotFound("operator")
    return operator


def add_operator(email: str, name: str, role: Role, now: datetime) -> Operator:
    """An account of which nobody knows the password yet.

    Raises:
        Refused: `email_invalid`, `email_taken`, `name_missing`.

    """
    address = normal_email(email)
    if db.session.scalar(select(Operator).where(Operator.email == address)):
        raise Refused("email_taken", "email")
    unknown = hasher.hash(secrets.token_urlsafe())
    operator = Operator(
        email=address, name=clean_name(name), role=role, password_hash=unknown, created_at=now
    )
    db.session.add(operator)
    db.session.flush()
    return operator


def clean_name(name: str) -> str:
    words = " ".join(name.split())[:LONGEST_NAME]
    if not words:
        raise Refused("name_missing", "name")
    return words


def set_password(operator: Operator, password: str) -> None:
    """Take a new password; links to choose one are good for nothing from now on.

    Raises:
        Refused: the code of `rules.passwords`.

    """
    mistake = password_mistake(password, email=operator.email, name=operator.name)
    if mistake:
        raise Refused(mistake, "password")
    operator.password_hash = hasher.hash(password)
    operator.password_link_id = operator.password_link_until = None


def new_password_link(operator: Operator, lasts: timedelta, now: datetime) -> UUID:
    """What a link to choose a password stands for; the links before it open nothing any more."""
    link_id = uuid4()
    operator.password_link_id, operator.password_link_until = link_id, now + lasts
    return link_id


def end_sessions(operator_id: UUID, now: datetime, *, keep: UUID | None = None) -> int:
    """Sign an operator out everywhere, or everywhere else; how many browsers that were."""
    sessions = update(StaffSession).where(
        StaffSession.operator_id == operator_id, StaffSession.ended_at.is_(None)
    )
    if keep is not None:
        sessions = sessions.where(StaffSession.id != keep)
    ended: int = db.session.execute(sessions.values(ended_at=now)).rowcount  # type: ignore[attr-defined] # of an UPDATE
    return ended


def lock_admins() -> list[UUID]:
    """Who can make accounts; locked in one order, before anybody else is.

    Two admins who take each other away at once meet here, and the second sees what the first has done.
    """
    admins = select(Operator.id).where(Operator.role == Role.ADMIN, Operator.is_active).order_by(Operator.id)
    return list(db.session.scalars(admins.with_for_update(key_share=True)))


def keep_an_admin(operator: Operator, admins: list[UUID]) -> None:
    """Stand in the way of whoever would leave the desk without anybody who can make accounts.

    Raises:
        Refused: `last_admin`.

    """
    if admins == [operator.id]:
        raise Refused("last_admin", "role")


def role_called(name: str) -> Role:
    if name not in [*Role]:
        raise Refused("role_unknown", "role")
    return Role(name)


def note_of_staff(
    what: str, operator: Operator, now: datetime, by: UUID | None, **facts: str | int | bool | None
) -> None:
    """Append to the trail what was done to an account."""
    subject = f"operator:{operator.id}"
    note_change(what, now, by, case_id=None, shop_id=None, subject=subject, name=operator.name, **facts)
