"""Messages to the people whose programs use the API. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from discount_broker.notifications.catalogue.parts import Audience, Message


@dataclass(frozen=True, kw_only=True)
class WebhookFailing:
    """We called their program again and again, and it took nothing, or not this one thing."""

    message: ClassVar[Message] = Message.WEBHOOK_FAILING
    audience: ClassVar[Audience] = Audience.STAFF
    client: str
    url: str
    event: str
    failing_since: datetime
    last_status: int
    """0 where there was no answer at all."""
    is_ended: bool
    """Whether nothing is told there any more."""
    is_paused: bool = False
    """Whether what happens is kept for it until it takes calls again."""
    help_url: str = ""
    """Where it is told how to have them sent again."""


ProgramMessage = WebhookFailing
