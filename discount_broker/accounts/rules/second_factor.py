"""Codes of the second factor (RFC 6238): which one counts, and how secrets are written. Pure."""

import hmac
import re
from datetime import datetime

import pyotp

STEP = 30
"""Seconds for which a code is shown."""
DRIFT = 1
"""Steps by which a phone's clock may be wrong (RFC 6238, section 5.2, recommends one at most)."""
RECOVERY_CODES = 10
RECOVERY_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
"""None that looks like another one: these codes are copied by hand."""


def step_of(at: datetime) -> int:
    return int(at.timestamp()) // STEP


def matching_step(secret: str, typed: str, at: datetime, last_step: int | None) -> int | None:
    """The time step to which a code belongs; None where it is wrong, or where its step counted before."""
    code, totp, here = digits_of(typed), pyotp.TOTP(secret, interval=STEP), step_of(at)
    found = None
    # All are looked at, whichever fits: the time it takes tells nothing.
    for step in range(here - DRIFT, here + DRIFT + 1):
        fits = hmac.compare_digest(totp.generate_otp(step), code)
        if fits and (last_step is None or step > last_step):
            found = step
    return found


def digits_of(typed: str) -> str:
    """A code as people type it: `123 456`, `123-456`."""
    return re.sub(r"[^0-9]", "", typed)[:8]


def is_app_code(typed: str) -> bool:
    """Whether this means a code of the phone, and not one of those for the day the phone is gone."""
    return not re.search(r"[A-Za-z]", typed)


def plain_recovery_code(typed: str) -> str:
    return re.sub(r"[^0-9a-z]", "", typed.lower())[:40]


def in_groups(secret: str, size: int = 4) -> str:
    """A secret as it is typed over: `ABCD EFGH …`."""
    return " ".join(secret[n : n + size] for n in range(0, len(secret), size))


def setup_address(secret: str, account: str, service: str) -> str:
    """What the picture says to the phone: `otpauth://totp/…`."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=account, issuer_name=service)
