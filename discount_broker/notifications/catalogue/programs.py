"""Messages to the people whose programs use the API. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from discount_broker.notifications.catalogue.parts import Audience, Message


@dataclass(frozen=True, kw_only=True)
class WebhookFailing:
    """We told their program something for days, and it was not taken."""

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


ProgramMessage = WebhookFailing
