"""Finds the tokens we gave out in the addresses of a mail, however they came back."""

import re
from collections.abc import Iterable
from typing import NamedTuple

TOKEN_ADDRESS = re.compile(
    r"(?<![a-z0-9])(?P<kind>reply|answer|bounce)(?:\+|=2b|%2b|[-_.=])(?P<token>[a-z0-9]{48})(?![a-z0-9])"
)
"""Some programs cannot write a plus sign. Forwarders put the address they got into their own (SRS, BATV)."""
LONGEST_ADDRESS = 500
MOST_TOKENS = 20


class WrittenToken(NamedTuple):
    """A token as somebody wrote it: look-alikes are repaired where it is read."""

    kind: str
    """`reply`, `answer` or `bounce`, as the address says; nobody need have kept to it."""
    token: str


def find_tokens(addresses: Iterable[str]) -> tuple[WrittenToken, ...]:
    """Every token in these addresses, in their order; the envelope recipient is best put first."""
    found = dict.fromkeys(
        WrittenToken(match["kind"], match["token"])
        for address in addresses
        for match in TOKEN_ADDRESS.finditer(address[:LONGEST_ADDRESS].lower())
    )
    return tuple(found)[:MOST_TOKENS]
