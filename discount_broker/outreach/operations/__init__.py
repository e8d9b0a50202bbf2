"""What other slices do to outreaches."""

from discount_broker.outreach.operations.climbing import (
    advance,
    awaited_until,
    climb,
    end,
    in_their_hours,
    note_answered,
    take_next_step,
)
from discount_broker.outreach.operations.letters import (
    AskFacts,
    LetterFacts,
    answering_point,
    ask_facts,
    buyer_contact,
    letter_facts,
    news_from,
    offer_url,
    product_seen_at,
    queue_letter,
    reply_address,
    stop_url,
)
from discount_broker.outreach.operations.prices import want_price
from discount_broker.outreach.operations.standing import (
    close_shop,
    forbid,
    take_told_address,
)

__all__ = [
    "AskFacts",
    "LetterFacts",
    "advance",
    "answering_point",
    "ask_facts",
    "awaited_until",
    "buyer_contact",
    "climb",
    "close_shop",
    "end",
    "forbid",
    "in_their_hours",
    "letter_facts",
    "news_from",
    "note_answered",
    "offer_url",
    "product_seen_at",
    "queue_letter",
    "reply_address",
    "stop_url",
    "take_next_step",
    "take_told_address",
    "want_price",
]
