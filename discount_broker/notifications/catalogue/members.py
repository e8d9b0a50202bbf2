"""Messages to people of a shop about the page of their shop. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from discount_broker.notifications.catalogue.parts import Audience, Message


@dataclass(frozen=True, kw_only=True)
class ShopClaimLink:
    """The way to the shop's own page, for whoever reads mail at this address."""

    message: ClassVar[Message] = Message.SHOP_CLAIM_LINK
    audience: ClassVar[Audience] = Audience.MEMBER
    shop: str
    enter_url: str
    valid_minutes: int


@dataclass(frozen=True, kw_only=True)
class ShopMemberInvited:
    """A colleague wants this address to have a hand in the page of their shop."""

    message: ClassVar[Message] = Message.SHOP_MEMBER_INVITED
    audience: ClassVar[Audience] = Audience.MEMBER
    shop: str
    invited_by: str
    enter_url: str
    valid_days: int


@dataclass(frozen=True, kw_only=True)
class RulesGave:
    """What the standing rules of one member gave on one day."""

    message: ClassVar[Message] = Message.RULES_GAVE
    audience: ClassVar[Audience] = Audience.MEMBER
    shop: str
    day: datetime
    """Noon of that day, by the shop's clock."""
    numbers: tuple[str, ...]
    """Of the requests they answered."""
    rules_url: str


MemberMessage = ShopClaimLink | ShopMemberInvited | RulesGave
