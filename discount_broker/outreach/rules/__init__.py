"""The rules of asking shops: the ladder, what it learns, what silence means, and who is asked too. Pure."""

from discount_broker.outreach.rules.ladder import (
    LOOK_AGAIN,
    MOST_DOORS,
    SOFT_BOUNCES_THAT_KILL,
    SOFT_WINDOW,
    Door,
    Rung,
    RungReason,
    TakenStep,
    in_order,
    ladder_ahead,
    next_rung,
    step_ends_at,
    why_exhausted,
)
from discount_broker.outreach.rules.learning import Cases, chance_of
from discount_broker.outreach.rules.rivals import MOST_RIVALS, AnswerRecord, RivalOption, choose_rivals
from discount_broker.outreach.rules.silence import Acknowledged, acknowledgement_due

__all__ = [
    "LOOK_AGAIN",
    "MOST_DOORS",
    "MOST_RIVALS",
    "SOFT_BOUNCES_THAT_KILL",
    "SOFT_WINDOW",
    "Acknowledged",
    "AnswerRecord",
    "Cases",
    "Door",
    "RivalOption",
    "Rung",
    "RungReason",
    "TakenStep",
    "acknowledgement_due",
    "chance_of",
    "choose_rivals",
    "in_order",
    "ladder_ahead",
    "next_rung",
    "step_ends_at",
    "why_exhausted",
]
