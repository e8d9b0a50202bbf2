"""Short signed links for text messages, where every letter is paid for.

The code is the number of a request without its dashes and a keyed hash of it: thirteen letters and
digits. Nobody guesses forty bits one question at a time, and the number alone opens nothing.
"""

import base64
import hmac
import re

from flask import current_app

MAC_LETTERS = 8
SHAPE = re.compile(r"([0-9a-z]+)([a-z2-7]{8})")


def short_code(number: str) -> str:
    """The code of a request number like `R-7K2M9`."""
    plain = _plain(number)
    return plain + _mac(plain)


def number_in(code: str) -> str | None:
    """The number a code was made of, as `R-7K2M9`; None where it was not made by us."""
    found = SHAPE.fullmatch(code.strip().lower())
    if found is None:
        return None
    plain, mac = found.groups()
    is_ours = hmac.compare_digest(mac.encode(), _mac(plain).encode())
    return f"R-{plain.upper()}" if is_ours else None


def _plain(number: str) -> str:
    return number.rpartition("-")[2].lower()


def _mac(plain: str) -> str:
    secret: str = current_app.config["SECRET_KEY"]
    digest = hmac.digest(secret.encode(), b"short link:" + plain.encode(), "sha256")
    return base64.b32encode(digest).decode().lower()[:MAC_LETTERS]
