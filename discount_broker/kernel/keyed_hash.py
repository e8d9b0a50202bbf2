"""Knowing a word again without keeping it: a hash that nobody can make without our key."""

import hashlib
import hmac

from flask import current_app

KEPT = 40
"""Hexadecimal digits; 160 bits are enough to know one word from all others."""


def keyed_hash(word: str) -> str:
    """The same for the same word, and of no use to whoever has the database alone."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"word:" + word.encode(), hashlib.sha256).hexdigest()[:KEPT]
