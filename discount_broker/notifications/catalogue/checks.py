"""The question of a responsiveness check. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from discount_broker.notifications.catalogue.parts import Audience, Message


@dataclass(frozen=True, kw_only=True)
class ShopCheck:
    """An ordinary question in our own name; it promises no purchase and speaks for no buyer."""

    message: ClassVar[Message] = Message.SHOP_CHECK
    audience: ClassVar[Audience] = Audience.MEMBER
    shop: str
    question: str
    """What is asked: `delivery`, `stock`, `warranty`, `return`, `payment` or `pickup`."""
    greeting: int
    """Which of the openings, 0 to 2."""
    stop_url: str
    found_at: str
    found_on: datetime
