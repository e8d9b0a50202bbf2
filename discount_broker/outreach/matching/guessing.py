"""Scores where a mail that belongs to nothing for certain may belong, with the reasons a person can check."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import prod
from uuid import UUID

from discount_broker.outreach.matching.deciding import Candidate, Clues, is_theirs

WORD = re.compile(r"[^\W_]{2,}")
MOST_GUESSES = 5
LEAST_SCORE = 0.15
SHORTEST_LABEL = 4
"""Shorter names of domains are alike by chance."""
RECENTLY = timedelta(days=3)
LONGEST_TEXT = 20_000


class Sign(StrEnum):
    """Something that speaks for a guess."""

    SENDER = "sender"
    """It comes from the shop; several conversations with it are open."""
    BUYER = "buyer"
    """It comes from the buyer, and answers nothing of ours that we know."""
    NUMBER = "number"
    NUMBER_ALIKE = "number_alike"
    DOMAIN_ALIKE = "domain_alike"
    SHOP_NAMED = "shop_named"
    PRODUCT_NAMED = "product_named"
    ASKED_LATELY = "asked_lately"


WEIGHTS = {
    Sign.NUMBER: 0.6,
    Sign.SENDER: 0.5,
    Sign.BUYER: 0.5,
    Sign.NUMBER_ALIKE: 0.4,
    Sign.DOMAIN_ALIKE: 0.3,
    Sign.SHOP_NAMED: 0.3,
    Sign.PRODUCT_NAMED: 0.4,
    Sign.ASKED_LATELY: 0.1,
}
"""How likely each alone makes it: rough, for they only order what a person reads anyway."""


@dataclass(frozen=True)
class Guess:
    """A conversation a mail may belong to."""

    outreach_id: UUID
    score: float
    """Between 0 and 1."""
    reasons: tuple[tuple[Sign, str], ...]
    """Each with what shows it: the number, the domain, the words."""


def guess(clues: Clues, candidates: Iterable[Candidate]) -> list[Guess]:
    """The likeliest conversations, best first; only such as something but the time speaks for."""
    words = frozenset(WORD.findall(clues.text[:LONGEST_TEXT].lower()))
    guesses = []
    for candidate in candidates:
        signs = [*_signs(clues, candidate, words)]
        if signs and _was_asked_lately(clues, candidate):
            signs.append((Sign.ASKED_LATELY, "", 1.0))
        score = 1 - prod(1 - WEIGHTS[sign] * strength for sign, _, strength in signs)
        if score >= LEAST_SCORE:
            reasons = tuple((sign, shown) for sign, shown, _ in signs)
            guesses.append(Guess(candidate.outreach_id, round(score, 2), reasons))
    return sorted(guesses, key=lambda found: (-found.score, str(found.outreach_id)))[:MOST_GUESSES]


def _signs(clues: Clues, candidate: Candidate, words: frozenset[str]) -> Iterator[tuple[Sign, str, float]]:
    """Each sign with what shows it and how strongly."""
    if candidate.number in clues.numbers:
        yield Sign.NUMBER, candidate.number, 1.0
    elif typed := next((typed for typed in clues.numbers if one_slip(typed, candidate.number)), ""):
        yield Sign.NUMBER_ALIKE, typed, 1.0
    if is_theirs(candidate, clues):
        yield Sign.SENDER, clues.sender, 1.0
    elif clues.sender and clues.sender == candidate.buyer:
        yield Sign.BUYER, clues.sender, 1.0
    elif known := next((known for known in sorted(candidate.domains) if alike(known, clues.domain)), ""):
        yield Sign.DOMAIN_ALIKE, known, 1.0
    if _is_named(candidate.shop_name, clues.text):
        yield Sign.SHOP_NAMED, candidate.shop_name, 1.0
    wanted = frozenset(WORD.findall(candidate.product.lower()))
    shared = wanted & words
    if len(shared) >= 2 or (shared and len(wanted) == 1):
        yield Sign.PRODUCT_NAMED, " ".join(sorted(shared)[:6]), len(shared) / len(wanted)


def _was_asked_lately(clues: Clues, candidate: Candidate) -> bool:
    return candidate.asked_at is not None and timedelta(0) <= clues.at - candidate.asked_at <= RECENTLY


def _is_named(name: str, text: str) -> bool:
    words = r"\W+".join(map(re.escape, WORD.findall(name)))
    found = (
        re.search(rf"(?<!\w){words}(?!\w)", text[:LONGEST_TEXT], re.IGNORECASE) if len(words) > 2 else None
    )
    return found is not None


def alike(one: str, other: str) -> bool:
    """Whether two domains are likely of one owner: one name under two endings, one in the other, a slip."""
    first, second = one.partition(".")[0], other.partition(".")[0]
    if min(len(first), len(second)) < SHORTEST_LABEL:
        return False
    return first == second or first in second or second in first or one_slip(first, second)


def one_slip(one: str, other: str) -> bool:
    """Whether one slip makes one of the other: a letter wrong, left out, doubled, or two exchanged."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    begin = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[begin:] == other[begin + 1 :]
    is_exchanged = one[begin : begin + 2] == other[begin : begin + 2][::-1]
    return one[begin + 1 :] == other[begin + 1 :] or (is_exchanged and one[begin + 2 :] == other[begin + 2 :])
