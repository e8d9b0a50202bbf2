"""Secrets in the database, kept so that a copy of it is worth nothing without the key of the installation.

The key of each kind of secret is derived from BROKER_SECRET_KEY: with another key what was sealed cannot be
opened any more, and no fingerprint fits.
"""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app


def seal(secret: str, kind: str) -> str:
    return Fernet(base64.urlsafe_b64encode(_key(kind))).encrypt(secret.encode()).decode()


def unseal(sealed: str, kind: str) -> str | None:
    """What was sealed; None where that was done with another key."""
    try:
        return Fernet(base64.urlsafe_b64encode(_key(kind))).decrypt(sealed).decode()
    except InvalidToken:
        return None


def fingerprint(secret: str, kind: str) -> str:
    """What tells whether a secret is the right one, and nothing else about it.

    For secrets of our own making alone: what people choose can be guessed, and needs a slow hash.
    """
    return hmac.digest(_key(kind), secret.encode(), "sha256").hex()


def _key(kind: str) -> bytes:
    secret: str = current_app.config["SECRET_KEY"]
    return hmac.digest(secret.encode(), b"seal:" + kind.encode(), "sha256")
