"""How the code of an accepted offer is written and read. Pure."""

import re

from discount_broker.discount_requests.rules import NUMBER_LETTERS

CODE_LENGTH = 8


def written_code(letters: str) -> str:
    """Eight letters in two groups, as a buyer shows or tells them: `K7M2-9QX4`."""
    return f"{letters[:4]}-{letters[4:]}"


def read_code(typed: str) -> str | None:
    """The code as it is kept, from what somebody typed; None where it cannot be one."""
    letters = re.sub(r"[\s\-\u2010-\u2015]+", "", typed).upper()
    is_one = len(letters) == CODE_LENGTH and set(letters) <= set(NUMBER_LETTERS)
    return written_code(letters) if is_one else None
