"""Reading the accounts of staff, and where they are signed in."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from discount_broker.accounts.models import Operator, StaffSession
from discount_broker.accounts.rules.sessions import IDLE_FOR, LASTS_FOR, is_over
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, TokenExpired
from discount_broker.kernel.sealing import unseal

TOTP = "totp"
"""Kind of the sealed secret."""


class StaffAccount(NamedTuple):
    operator: Operator
    seen_at: datetime | None
    """When any of their browsers was used last."""


def find_staff_session(session_id: UUID, now: datetime) -> StaffSession | None:
    """The session and its operator, where it has not ended and they still work here."""
    found = db.session.get(StaffSession, session_id, options=[joinedload(StaffSession.operator)])
    if found is None or found.ended_at is not None or not found.operator.is_active:
        return None
    return None if is_over(found.begun_at, found.seen_at, now) else found


def list_staff_sessions(operator_id: UUID, now: datetime) -> list[StaffSession]:
    """Where an operator is signed in, the browser used last first."""
    query = select(StaffSession).where(
        StaffSession.operator_id == operator_id,
        StaffSession.ended_at.is_(None),
        StaffSession.seen_at > now - IDLE_FOR,
        StaffSession.begun_at > now - LASTS_FOR,
    )
    return list(db.session.scalars(query.order_by(StaffSession.seen_at.desc())))


def get_operator(operator_id: UUID) -> Operator:
    """An account, of somebody who left as well.

    Raises:
        NotFound

    """
    operator = db.session.get(Operator, operator_id)
    if operator is None:
        raise NotFound("operator")
    return operator


def get_operator_by_link(link_id: UUID, now: datetime) -> Operator:
    """Whose link this is.

    Raises:
        NotFound: it was used, a newer one was sent, or whose it was has left.
        TokenExpired

    """
    query = select(Operator).where(Operator.password_link_id == link_id, Operator.is_active)
    operator = db.session.scalar(query)
    if operator is None:
        raise NotFound("password link")
    if operator.password_link_until is None or operator.password_link_until <= now:
        raise TokenExpired("password link")
    return operator


def secret_of(operator: Operator) -> str | None:
    """What the phone knows, too; None where there is none, or it was sealed with another key."""
    return unseal(operator.totp_secret, TOTP) if operator.totp_secret else None


def pending_secret(operator_id: UUID) -> str | None:
    """The secret to be told to the phone; None once it is in use: nobody is shown it again."""
    operator = get_operator(operator_id)
    return None if operator.totp_confirmed_at else secret_of(operator)


def list_accounts() -> list[StaffAccount]:
    """Everybody who has or had an account; those who left stand last."""
    seen = select(StaffSession.operator_id, func.max(StaffSession.seen_at).label("at"))
    latest = seen.group_by(StaffSession.operator_id).subquery()
    query = select(Operator, func.coalesce(latest.c.at, Operator.last_login_at)).outerjoin(
        latest, latest.c.operator_id == Operator.id
    )
    query = query.order_by(Operator.is_active.desc(), Operator.name, Operator.id)
    return [StaffAccount(operator, seen_at) for operator, seen_at in db.session.execute(query)]
