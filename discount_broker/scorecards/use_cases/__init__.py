"""Computing score-cards, and what shops say to theirs."""

from discount_broker.scorecards.use_cases.computing import compute_scorecards
from discount_broker.scorecards.use_cases.replying import say_to_card, settle_reply

__all__ = ["compute_scorecards", "say_to_card", "settle_reply"]
