"""What other slices and use cases do with answers."""

from discount_broker.offers.operations.offering import inform, make_offer, offer_of, replace_offer
from discount_broker.offers.operations.taking import (
    ANSWERABLE,
    check_against,
    is_the_same,
    now_at,
    settle_draft,
    settle_what_was_read,
    take_answer,
)

__all__ = [
    "ANSWERABLE",
    "check_against",
    "inform",
    "is_the_same",
    "make_offer",
    "now_at",
    "offer_of",
    "replace_offer",
    "settle_draft",
    "settle_what_was_read",
    "take_answer",
]
