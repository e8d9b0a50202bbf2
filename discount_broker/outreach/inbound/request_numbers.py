"""Finds the public numbers of requests (`R-7K2M9`) in what people write, retyped or in Russian letters."""

import re

from discount_broker.discount_requests.rules import NUMBER_LETTERS

TYPED = str.maketrans("АВЕКМНРСТХУU", "ABEKMHPCTXYV")
"""Russian letters that look like Latin ones, and the one letter a V is taken for."""
NUMBER = re.compile(r"(?<![\w-])([RРrр])[ \t]?([-‐‑‒–—−_]?)[ \t]?([2-9A-ZА-Яa-zа-я]{5})(?!\w|-\w)")
MOST_NUMBERS = 10


def find_numbers(text: str) -> tuple[str, ...]:
    """Every number of a request in this text, as we write it, in its order."""
    found: dict[str, None] = {}
    for match in NUMBER.finditer(text):
        if number := _repaired(*match.groups()):
            found[number] = None
        if len(found) == MOST_NUMBERS:
            break
    return tuple(found)


def _repaired(first: str, dash: str, typed: str) -> str | None:
    letters = typed.upper().translate(TYPED)
    if any(letter not in NUMBER_LETTERS for letter in letters):
        return None
    # A word ("r-shape") is no number: either it has a digit, or it is written just as we write it.
    is_exact = first == "R" and dash == "-" and typed == typed.upper()
    return f"R-{letters}" if is_exact or any(letter.isdigit() for letter in letters) else None
