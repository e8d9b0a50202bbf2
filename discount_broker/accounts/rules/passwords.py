"""Which passwords staff may choose: long, not everybody's first idea, and not their own name. Pure.

Nothing else is asked for: rules of digits and signs make passwords worse (NIST SP 800-63B, section 3.1.1.2).
"""

import re

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 256
FEWEST_LETTERS = 5
"""Different ones; `aaaaaaaaaa` and `1212121212` are no secrets."""

STOLEN = """
password passwort parol пароль qwerty qwertyuiop qwertz йцукен йцукенгшщз asdfgh asdfghjkl zxcvbn zxcvbnm
q1w2e3r4t5 1q2w3e4r5t qazwsxedc iloveyou letmein welcome admin administrator changeme secret monkey dragon
football sunshine princess superman master login operator discount broker discountbroker
"""
FIRST_IDEAS = frozenset(STOLEN.split())
"""What lists of stolen passwords begin with; digits and signs around them make them no better."""
RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")


def password_mistake(password: str, *, email: str, name: str) -> str | None:
    """Why this password is not taken, as a code; None where it is good."""
    if len(password) < SHORTEST_PASSWORD:
        return "password_short"
    if len(password) > LONGEST_PASSWORD:
        return "password_long"
    plain = re.sub(r"[\W_]+", "", password.casefold())
    words = {plain, _letters(plain), _halved(_letters(plain))}
    if len(set(plain)) < FEWEST_LETTERS or words & FIRST_IDEAS:
        return "password_common"
    if any(plain in run for run in RUNS):
        return "password_common"
    return "password_personal" if words & _own_words(email, name) else None


def _letters(text: str) -> str:
    """What is left without digits and signs: what people put around a word makes it no secret."""
    return re.sub(r"[\W\d_]+", "", text.casefold())


def _halved(letters: str) -> str:
    """The word, where it stands there twice."""
    half = letters[: len(letters) // 2]
    return half if half * 2 == letters else letters


def _own_words(email: str, name: str) -> set[str]:
    parts = [_letters(part) for part in name.split()]
    words = {
        _letters(email),
        _letters(email.partition("@")[0]),
        "".join(parts),
        "".join(reversed(parts)),
        *parts,
    }
    return words - {""}
