"""The question of a responsiveness check, and the news of its report. Pure."""

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
    reply_address: str
    stop_url: str
    found_at: str
    found_on: datetime


@dataclass(frozen=True, kw_only=True)
class ShopCheckReport:
    """What came of a check stands on a page of its own."""

    message: ClassVar[Message] = Message.SHOP_CHECK_REPORT
    audience: ClassVar[Audience] = Audience.MEMBER
    shop: str
    asked_at: datetime
    report_url: str
    reply_address: str
    stop_url: str
    found_at: str
    found_on: datetime | None
    """None where it goes to somebody who answers for the shop, and not to a door of it."""


CheckMessage = ShopCheck | ShopCheckReport
