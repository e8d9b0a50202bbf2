"""How the key of a program looks, and how it is known again without being kept. Pure."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

TOKEN_BYTES = 32
MARK = "dbk_"
"""By which people, and programs that look for leaked secrets, know whose keys these are."""
SHOWN = 10
"""Letters that are kept as they are: enough to tell two keys apart, too few to guess the rest."""
LONGEST_LABEL, LONGEST_NAME = 60, 80


def token_of(draw: bytes) -> str:
    """A key for a program, from so many random bytes."""
    return MARK + urlsafe_b64encode(draw).decode().rstrip("=")


def digest_of(token: str) -> str:
    """What is kept of a key. Nobody can guess 256 random bits, so a quick hash will do."""
    return sha256(token.encode()).hexdigest()


def is_digest(kept: str, token: str) -> bool:
    """Whether this is the key; answered in the same time whether or not it is."""
    return hmac.compare_digest(kept.encode(), digest_of(token).encode())
