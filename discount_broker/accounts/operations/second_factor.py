"""Spending codes of the second factor: each counts once."""

import secrets
from datetime import datetime

from discount_broker.accounts.models import Operator
from discount_broker.accounts.operations.staff import note_of_staff
from discount_broker.accounts.queries.staff import TOTP, secret_of
from discount_broker.accounts.rules.second_factor import (
    RECOVERY_CODES,
    RECOVERY_LETTERS,
    is_app_code,
    matching_step,
    plain_recovery_code,
)
from discount_broker.kernel.sealing import fingerprint, seal

RECOVERY = "recovery code"
"""Kind of the sealed secret."""


def spend_code(operator: Operator, typed: str, now: datetime) -> bool:
    """Whether the code is right; it is not any more afterwards."""
    if is_app_code(typed):
        return spend_app_code(operator, typed, now)
    mark = _mark_of(operator, typed)
    if mark not in operator.recovery_codes:
        return False
    operator.recovery_codes = [code for code in operator.recovery_codes if code != mark]
    note_of_staff("recovery_code_used", operator, now, operator.id, left=len(operator.recovery_codes))
    return True


def spend_app_code(operator: Operator, typed: str, now: datetime) -> bool:
    secret = secret_of(operator)
    step = matching_step(secret, typed, now, operator.totp_step) if secret else None
    if step is None:
        return False
    operator.totp_step = step
    return True


def seal_secret(operator: Operator, secret: str) -> None:
    """Keep a secret that is not asked for yet."""
    operator.totp_secret, operator.totp_step = seal(secret, TOTP), None


def new_recovery_codes(operator: Operator) -> list[str]:
    """Codes for the day the phone is gone, which are told now and never again."""
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    operator.recovery_codes = [_mark_of(operator, code) for code in codes]
    return codes


def forget_second_factor(operator: Operator) -> None:
    operator.totp_secret = operator.totp_confirmed_at = operator.totp_step = None
    operator.recovery_codes = []


def _new_code() -> str:
    # Never digits alone: that is what a code of the phone looks like.
    while True:
        letters = "".join(secrets.choice(RECOVERY_LETTERS) for _ in range(10))
        if not is_app_code(letters):
            return f"{letters[:5]}-{letters[5:]}"


def _mark_of(operator: Operator, code: str) -> str:
    return fingerprint(f"{operator.id}:{plain_recovery_code(code)}", RECOVERY)
