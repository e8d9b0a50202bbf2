"""Messages to buyers who wait for a product. Pure."""

from dataclasses import dataclass
from typing import ClassVar

from discount_broker.kernel.money import Money
from discount_broker.notifications.catalogue.parts import Audience, Message, ProductSeen


@dataclass(frozen=True, kw_only=True)
class WatchConfirm:
    """Asks the owner of an address whether it was they who want to be told."""

    message: ClassVar[Message] = Message.WATCH_CONFIRM
    audience: ClassVar[Audience] = Audience.BUYER
    product: ProductSeen
    below: Money | None
    """None where they wait for it to be back."""
    confirm_url: str


@dataclass(frozen=True, kw_only=True)
class WatchMet:
    """What was waited for has come."""

    message: ClassVar[Message] = Message.WATCH_MET
    audience: ClassVar[Audience] = Audience.BUYER
    product: ProductSeen
    """With the price of today."""
    below: Money | None
    raised_from: Money | None
    """What it cost before it was made dearer and then "cheaper"; None where nothing of the kind was seen."""
    lowest: Money | None
    """The lowest price of the last thirty days, where today's is not."""
    can_repeat: bool
    """Whether a request of theirs can be asked anew by one press."""
    follow_url: str


@dataclass(frozen=True, kw_only=True)
class WatchEnded:
    """It did not come: its time is over, or its page is gone."""

    message: ClassVar[Message] = Message.WATCH_ENDED
    audience: ClassVar[Audience] = Audience.BUYER
    product: ProductSeen
    is_gone: bool
    follow_url: str


WatchMessage = WatchConfirm | WatchMet | WatchEnded
