"""Coming in and going out: buyers by a link, operators by password, code and session."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from discount_broker.accounts.models import Buyer, Operator, Role, StaffSession
from discount_broker.accounts.operations import confirm_email
from discount_broker.accounts.operations.second_factor import forget_second_factor, spend_code
from discount_broker.accounts.operations.staff import (
    NOBODYS_HASH,
    clean_name,
    end_sessions,
    hasher,
    keep_an_admin,
    lock_admins,
    lock_operator,
    note_of_staff,
    set_password,
)
from discount_broker.accounts.queries import find_operator, find_operator_by_email, get_buyer
from discount_broker.accounts.queries.buyers import find_kept
from discount_broker.accounts.rules import normal_email
from discount_broker.accounts.rules.sessions import (
    FORGOTTEN_AFTER,
    IDLE_FOR,
    LASTS_FOR,
    SEEN_EVERY,
    browser_words,
    short_address,
)
from discount_broker.kernel.errors import Forgotten, NotFound
from discount_broker.kernel.transaction import transaction


def log_in_buyer(buyer_id: UUID, language: str, now: datetime) -> Buyer:
    """The holder of a login link came in: that also proves the address."""
    with transaction():
        buyer = find_kept(buyer_id)
        if buyer is None:
            raise NotFound("buyer")
        if buyer.erased_at is not None:
            raise Forgotten("buyer")
        confirm_email(buyer, now)
        buyer.last_login_at, buyer.language = now, language
        return buyer


def choose_language(buyer_id: UUID, language: str) -> None:
    with transaction():
        get_buyer(buyer_id).language = language


def create_operator(
    email: str, name: str, password: str, role: Role, now: datetime, *, without_second_factor: bool = False
) -> UUID:
    """A new account for the desk; an address that has one gets name, password and role anew, and is active.

    Raises:
        Refused: `email_invalid`, `name_missing`, `last_admin`, or what is wrong with the password.

    """
    address = normal_email(email)
    with transaction() as session:
        admins = lock_admins()
        known = session.scalar(select(Operator).where(Operator.email == address))
        operator = known or Operator(email=address, created_at=now)
        if known is not None and role is not Role.ADMIN:
            keep_an_admin(known, admins)
        operator.name, operator.role, operator.is_active = clean_name(name), role, True
        set_password(operator, password)
        if without_second_factor:
            forget_second_factor(operator)
        session.add(operator)
        session.flush()
        end_sessions(operator.id, now)
        note_of_staff("operator_created", operator, now, None, role=role.value)
        return operator.id


def check_password(email: str, password: str) -> Operator | None:
    """The operator with this address and password, or None; nobody is signed in by it."""
    with transaction():
        operator = find_operator_by_email(email.strip().lower())
        known_hash = operator.password_hash if operator else NOBODYS_HASH
    # It takes its time, on purpose: nobody else has to wait for it.
    return operator if hasher.verify(password, known_hash) else None


def check_code(operator_id: UUID, typed: str, now: datetime) -> bool:
    """Whether the second step is passed; a code is spent by it."""
    with transaction():
        operator = lock_operator(operator_id)
        return operator.is_active and spend_code(operator, typed, now)


def sign_in(operator_id: UUID, user_agent: str, address: str, now: datetime) -> UUID | None:
    """Begin a session in one browser; its id, or None where the account was closed meanwhile."""
    with transaction() as session:
        operator = find_operator(operator_id)
        if operator is None:
            return None
        begun = StaffSession(
            operator_id=operator_id,
            browser=browser_words(user_agent),
            address=short_address(address),
            begun_at=now,
            seen_at=now,
        )
        session.add(begun)
        operator.last_login_at = now
        session.flush()
        note_of_staff("signed_in", operator, now, operator_id, browser=begun.browser)
        return begun.id


def sign_out(session_id: UUID, now: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(StaffSession)
            .where(StaffSession.id == session_id, StaffSession.ended_at.is_(None))
            .values(ended_at=now)
        )


def note_seen(session_id: UUID, now: datetime) -> None:
    """Keep that a session was used; at most once a minute, whoever asks."""
    with transaction() as session:
        session.execute(
            update(StaffSession)
            .where(StaffSession.id == session_id, StaffSession.seen_at <= now - SEEN_EVERY)
            .values(seen_at=now)
        )


def sweep_sessions(now: datetime) -> None:
    """End the sessions whose time is over, and forget those that ended long ago."""
    with transaction() as session:
        is_open = StaffSession.ended_at.is_(None)
        too_old = (StaffSession.seen_at <= now - IDLE_FOR) | (StaffSession.begun_at <= now - LASTS_FOR)
        session.execute(update(StaffSession).where(is_open, too_old).values(ended_at=now))
        session.execute(delete(StaffSession).where(StaffSession.ended_at <= now - FORGOTTEN_AFTER))
