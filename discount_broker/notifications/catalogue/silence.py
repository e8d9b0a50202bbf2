"""The message to a buyer none of whose requests has an answer yet. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from discount_broker.notifications.catalogue.parts import (
    Attempt,
    Audience,
    Message,
    NextStep,
    ProductSeen,
)


@dataclass(frozen=True, kw_only=True)
class Unanswered:
    """One of several requests that nobody has answered, and what is done next about it."""

    number: str
    product: ProductSeen
    follow_url: str
    next_step: NextStep
    next_step_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NoAnswersYet:
    """The same of all that was asked for at once, in one letter."""

    message: ClassVar[Message] = Message.NO_ANSWERS_YET
    audience: ClassVar[Audience] = Audience.BUYER
    number: str
    """Of the first of them, under which the letter is kept."""
    tried: tuple[Attempt, ...]
    unanswered: tuple[Unanswered, ...]
