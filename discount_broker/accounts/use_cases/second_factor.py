"""Setting up the second factor, having new recovery codes, and turning it off."""

from datetime import datetime
from uuid import UUID

import pyotp

from discount_broker.accounts.models import Operator
from discount_broker.accounts.operations.second_factor import (
    forget_second_factor,
    new_recovery_codes,
    seal_secret,
    spend_app_code,
    spend_code,
)
from discount_broker.accounts.operations.staff import hasher, lock_operator, note_of_staff
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.transaction import transaction


def begin_second_factor(operator_id: UUID) -> None:
    """Make a secret that the phone can be told; nothing is asked for before a code proves that it was."""
    with transaction():
        operator = lock_operator(operator_id)
        _refuse_second(operator)
        seal_secret(operator, pyotp.random_base32())


def confirm_second_factor(operator_id: UUID, typed: str, now: datetime) -> list[str]:
    """From now on codes are asked for; the recovery codes, which are told this once.

    Raises:
        Refused: `factor_known`, `code_wrong`.

    """
    with transaction():
        operator = lock_operator(operator_id)
        _refuse_second(operator)
        if not spend_app_code(operator, typed, now):
            raise Refused("code_wrong", "code")
        operator.totp_confirmed_at = now
        note_of_staff("second_factor_on", operator, now, operator_id)
        return new_recovery_codes(operator)


def renew_recovery_codes(operator_id: UUID, typed: str, now: datetime) -> list[str]:
    """New recovery codes in place of those that are left.

    Raises:
        Refused: `code_wrong`.

    """
    with transaction():
        operator = lock_operator(operator_id)
        if not operator.totp_confirmed_at or not spend_app_code(operator, typed, now):
            raise Refused("code_wrong", "code")
        note_of_staff("recovery_codes_renewed", operator, now, operator_id)
        return new_recovery_codes(operator)


def turn_off_second_factor(operator_id: UUID, password: str, typed: str, now: datetime) -> None:
    """Ask for codes no more, if the password and a code show that it is them who wants it.

    Raises:
        Refused: `password_not_yours`, `code_wrong`.

    """
    with transaction():
        operator = lock_operator(operator_id)
        if not hasher.verify(password, operator.password_hash):
            raise Refused("password_not_yours", "password")
        if not operator.totp_confirmed_at or not spend_code(operator, typed, now):
            raise Refused("code_wrong", "code")
        forget_second_factor(operator)
        note_of_staff("second_factor_off", operator, now, operator_id)


def _refuse_second(operator: Operator) -> None:
    if operator.totp_confirmed_at:
        raise Refused("factor_known", "code")
