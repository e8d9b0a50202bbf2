"""What staff change about their accounts, and admins about everybody's."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.models import StaffSession
from discount_broker.accounts.operations.second_factor import forget_second_factor
from discount_broker.accounts.operations.staff import (
    clean_name,
    end_sessions,
    hasher,
    keep_an_admin,
    lock_admins,
    lock_operator,
    note_of_staff,
    role_called,
    set_password,
)
from discount_broker.accounts.queries.staff import get_operator_by_link
from discount_broker.kernel.db import find_row
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.transaction import transaction

LONGEST_EXTENSION = 20


def change_password(
    operator_id: UUID, known: str, wanted: str, now: datetime, *, keep: UUID | None = None
) -> None:
    """Take a new password; every browser but the one of the session `keep` is signed out.

    Raises:
        Refused: `password_not_yours`, or what is wrong with the new one.

    """
    with transaction():
        operator = lock_operator(operator_id)
        if not hasher.verify(known, operator.password_hash):
            raise Refused("password_not_yours", "known")
        set_password(operator, wanted)
        end_sessions(operator_id, now, keep=keep)
        note_of_staff("password_changed", operator, now, operator_id)


def choose_password(link_id: UUID, wanted: str, now: datetime) -> None:
    """The holder of the link in a letter chooses a password; nobody is signed in by it.

    Raises:
        NotFound, TokenExpired: the link is none, or none any more.
        Refused: what is wrong with the password.

    """
    with transaction():
        operator = lock_operator(get_operator_by_link(link_id, now).id)
        if operator.password_link_id != link_id:
            raise NotFound("password link")
        set_password(operator, wanted)
        end_sessions(operator.id, now)
        note_of_staff("password_changed", operator, now, operator.id)


def end_session(operator_id: UUID, session_id: UUID, now: datetime) -> None:
    """Sign oneself out in one browser.

    Raises:
        NotFound: nobody's session, or somebody else's.

    """
    with transaction():
        found = find_row(StaffSession, session_id, lock=True)
        if found is None or found.operator_id != operator_id:
            raise NotFound("session")
        if found.ended_at is None:
            found.ended_at = now
            note_of_staff("session_ended", found.operator, now, operator_id, browsers=1)


def end_other_sessions(operator_id: UUID, keep: UUID, now: datetime) -> int:
    """Sign oneself out everywhere else; in how many browsers."""
    with transaction():
        ended = end_sessions(operator_id, now, keep=keep)
        if ended:
            note_of_staff("session_ended", lock_operator(operator_id), now, operator_id, browsers=ended)
        return ended


def sign_out_operator(operator_id: UUID, admin_id: UUID, now: datetime) -> None:
    """Sign somebody out everywhere, for instance because a browser of theirs is lost."""
    with transaction():
        operator = lock_operator(operator_id)
        ended = end_sessions(operator_id, now)
        if ended:
            note_of_staff("operator_signed_out", operator, now, admin_id, browsers=ended)


def change_operator(
    operator_id: UUID, admin_id: UUID, now: datetime, *, name: str, role: str, extension: str
) -> None:
    """Set name, role and extension.

    Raises:
        Refused: `name_missing`, `extension_wrong`, `role_unknown`, `last_admin`.

    """
    with transaction():
        admins = lock_admins()
        operator, wanted = lock_operator(operator_id), role_called(role)
        was = (operator.name, operator.extension)
        operator.name, operator.extension = clean_name(name), _clean_extension(extension)
        if was != (operator.name, operator.extension):
            note_of_staff("operator_changed", operator, now, admin_id)
        if wanted is not operator.role:
            keep_an_admin(operator, admins)
            note_of_staff("role_changed", operator, now, admin_id, was=operator.role.value, role=role)
            operator.role = wanted


def deactivate_operator(operator_id: UUID, admin_id: UUID, now: datetime) -> None:
    """Close an account: signed out at once, and every door of the desk is shut.

    Raises:
        Refused: `last_admin`.

    """
    with transaction():
        admins = lock_admins()
        operator = lock_operator(operator_id)
        if not operator.is_active:
            return
        keep_an_admin(operator, admins)
        operator.is_active = False
        operator.password_link_id = operator.password_link_until = None
        end_sessions(operator_id, now)
        note_of_staff("operator_deactivated", operator, now, admin_id)


def reactivate_operator(operator_id: UUID, admin_id: UUID, now: datetime) -> None:
    with transaction():
        operator = lock_operator(operator_id)
        if not operator.is_active:
            operator.is_active = True
            note_of_staff("operator_reactivated", operator, now, admin_id)


def reset_second_factor(operator_id: UUID, admin_id: UUID, now: datetime) -> None:
    """For whoever has lost phone and recovery codes; their browsers are signed out, whoever holds them."""
    with transaction():
        operator = lock_operator(operator_id)
        if operator.totp_secret is None:
            return
        forget_second_factor(operator)
        end_sessions(operator_id, now)
        note_of_staff("second_factor_reset", operator, now, admin_id)


def _clean_extension(extension: str) -> str:
    digits = "".join(extension.split())
    if not digits.isascii() or not (digits == "" or digits.isalnum()) or len(digits) > LONGEST_EXTENSION:
        raise Refused("extension_wrong", "extension")
    return digits
