"""What other slices do to outreaches."""

from discount_broker.outreach.operations.climbing import (
    advance,
    end,
    take_next_step,
)
from discount_broker.outreach.operations.letters import (
    AskFacts,
    LetterFacts,
    answering_point,
    ask_facts,
    buyer_contact,
    keys_of,
    letter_facts,
    news_from,
    product_seen_at,
    queue_letter,
    reply_address,
    stop_url,
)
from discount_broker.outreach.operations.standing import (
    forbid,
    take_told_address,
)

__all__ = [
    "AskFacts",
    "LetterFacts",
    "advance",
    "answering_point",
    "ask_facts",
    "buyer_contact",
    "end",
    "forbid",
    "keys_of",
    "letter_facts",
    "news_from",
    "product_seen_at",
    "queue_letter",
    "reply_address",
    "stop_url",
    "take_next_step",
    "take_told_address",
]
