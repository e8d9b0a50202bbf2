"""Which conversation an incoming mail belongs to: clues in, a decision or guesses out. Pure."""

from discount_broker.outreach.matching.addresses import WrittenToken, find_tokens
from discount_broker.outreach.matching.deciding import SECRETS, Candidate, Clues, MatchedBy, decide, is_theirs
from discount_broker.outreach.matching.guessing import Guess, Sign, guess
from discount_broker.outreach.matching.message_ids import delivery_ids
from discount_broker.outreach.matching.originals import Original, find_original

__all__ = [
    "SECRETS",
    "Candidate",
    "Clues",
    "Guess",
    "MatchedBy",
    "Original",
    "Sign",
    "WrittenToken",
    "decide",
    "delivery_ids",
    "find_original",
    "find_tokens",
    "guess",
    "is_theirs",
]
