"""Messages to buyers. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from discount_broker.notifications.catalogue.parts import (
    Attempt,
    Audience,
    Contact,
    Message,
    NextStep,
    ProductSeen,
    Terms,
    Wish,
)
from discount_broker.notifications.catalogue.silence import NoAnswersYet
from discount_broker.notifications.catalogue.watches import WatchMessage


@dataclass(frozen=True, kw_only=True)
class ConfirmRequest:
    message: ClassVar[Message] = Message.CONFIRM_REQUEST
    audience: ClassVar[Audience] = Audience.BUYER
    confirm_url: str
    product: ProductSeen
    wish: Wish
    others: tuple[ProductSeen, ...] = ()
    """What else is asked for by the same press."""
    earlier_number: str = ""
    """Of a running request of theirs for the same product."""
    earlier_url: str = ""


@dataclass(frozen=True, kw_only=True)
class UnfinishedRequest:
    """What was begun and never confirmed: asked about once, and never again."""

    message: ClassVar[Message] = Message.UNFINISHED_REQUEST
    audience: ClassVar[Audience] = Audience.BUYER
    number: str
    confirm_url: str
    product: ProductSeen
    wish: Wish
    others: tuple[ProductSeen, ...] = ()
    begun_at: datetime
    ends_at: datetime
    """Until when it can still be confirmed."""


@dataclass(frozen=True, kw_only=True)
class LoginLink:
    message: ClassVar[Message] = Message.LOGIN_LINK
    audience: ClassVar[Audience] = Audience.BUYER
    login_url: str
    valid_minutes: int


@dataclass(frozen=True, kw_only=True)
class BuyerNews:
    """What every message about a running request says."""

    audience: ClassVar[Audience] = Audience.BUYER
    number: str
    product: ProductSeen
    follow_url: str


@dataclass(frozen=True, kw_only=True)
class AskedShops(BuyerNews):
    message: ClassVar[Message] = Message.ASKED_SHOPS
    shops: tuple[str, ...]
    next_step_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OfferMade(BuyerNews):
    message: ClassVar[Message] = Message.OFFER_MADE
    shop: str
    terms: Terms


class ChangeReason(StrEnum):
    """Why a shop says something of its offer again."""

    CHANGED = "changed"
    GAVE_COUNTER = "gave_counter"
    """It gives what the buyer asked for instead."""
    KEPT_OFFER = "kept_offer"
    """It does not: its offer stands as it was."""


@dataclass(frozen=True, kw_only=True)
class OfferChanged(BuyerNews):
    message: ClassVar[Message] = Message.OFFER_CHANGED
    shop: str
    terms: Terms
    why: ChangeReason


@dataclass(frozen=True, kw_only=True)
class ShopLater(BuyerNews):
    """The shop wants to be asked again on a day it named."""

    message: ClassVar[Message] = Message.SHOP_LATER
    shop: str
    ask_again_at: datetime
    """Noon of that day, by the shop's clock."""


@dataclass(frozen=True, kw_only=True)
class ShopWillCall(BuyerNews):
    message: ClassVar[Message] = Message.SHOP_WILL_CALL
    shop: str
    call_by: datetime
    calls_buyer: bool
    """False where the buyer's number is not known to the shop: it calls us."""


@dataclass(frozen=True, kw_only=True)
class ShopDeclined(BuyerNews):
    message: ClassVar[Message] = Message.SHOP_DECLINED
    shop: str
    shops_waiting: int
    """Shops that have not answered yet."""


@dataclass(frozen=True, kw_only=True)
class NoAnswerYet(BuyerNews):
    message: ClassVar[Message] = Message.NO_ANSWER_YET
    tried: tuple[Attempt, ...]
    next_step: NextStep
    next_step_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OfferConfirmed(BuyerNews):
    message: ClassVar[Message] = Message.OFFER_CONFIRMED
    shop: str
    terms: Terms
    shared: Contact
    """What that shop has been told of the buyer."""
    code: str = ""
    """What the buyer shows or tells in the shop, like `K7M2-9QX4`."""
    voucher_url: str = ""
    """A page with it that can be shown or printed."""


@dataclass(frozen=True, kw_only=True)
class AskOutcome(BuyerNews):
    """Its links open `follow_url/outcome?said=bought`, `called` or `nothing`, where one presses."""

    message: ClassVar[Message] = Message.ASK_OUTCOME
    shop: str


@dataclass(frozen=True, kw_only=True)
class PromiseCheck(BuyerNews):
    """Asks whether a promised call came; its link opens a page on which one presses."""

    message: ClassVar[Message] = Message.PROMISE_CHECK
    shop: str
    promised_for: datetime
    check_url: str


@dataclass(frozen=True, kw_only=True)
class OfferEnds(BuyerNews):
    """An offer that nobody has taken or declined runs out within a day."""

    message: ClassVar[Message] = Message.OFFER_ENDS
    shop: str
    terms: Terms


@dataclass(frozen=True, kw_only=True)
class ShopCalled(BuyerNews):
    """One of our people phoned the shop."""

    message: ClassVar[Message] = Message.SHOP_CALLED
    shop: str
    was_reached: bool
    again_at: datetime | None
    """When we see to it next; None where nothing is planned."""


@dataclass(frozen=True, kw_only=True)
class RequestEnded(BuyerNews):
    message: ClassVar[Message] = Message.REQUEST_ENDED
    tried: tuple[Attempt, ...]
    elsewhere: tuple[ProductSeen, ...] = ()
    """The same thing in other shops; the page of the request asks for it."""
    similar: tuple[ProductSeen, ...] = ()
    """Something like it, for buyers alone who agreed to hear of more than what they asked for."""
    had_offers: bool = False
    """Whether a shop made an offer that was not accepted: then nobody says that none did."""
    ran_out: tuple[str, ...] = ()
    """Shops whose offers were open until their terms ended."""


@dataclass(frozen=True, kw_only=True)
class ShopWrote(BuyerNews):
    """A letter of the shop, passed on."""

    message: ClassVar[Message] = Message.SHOP_LETTER
    shop: str
    words: tuple[str, ...]
    """Its lines."""
    files: tuple[str, ...]
    """Names of what was attached: files of strangers are not passed on."""
    is_cut: bool
    """Whether the letter is longer than this."""
    answer_url: str


@dataclass(frozen=True, kw_only=True)
class DeskNote(BuyerNews):
    """What one of our people writes to the buyer."""

    message: ClassVar[Message] = Message.DESK_NOTE
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DigestLine:
    """One piece of news, told by the subject of its own letter."""

    headline: str
    url: str


@dataclass(frozen=True, kw_only=True)
class NewsDigest:
    """What can wait, once a day in one letter."""

    message: ClassVar[Message] = Message.NEWS_DIGEST
    audience: ClassVar[Audience] = Audience.BUYER
    lines: tuple[DigestLine, ...]


@dataclass(frozen=True, kw_only=True)
class Greeting:
    """A word on the birthday of somebody who asked for it; it sells nothing."""

    message: ClassVar[Message] = Message.GREETING
    audience: ClassVar[Audience] = Audience.BUYER


@dataclass(frozen=True, kw_only=True)
class DeletionAsked:
    """Everything of them will be deleted, as they asked; until then one press keeps it."""

    message: ClassVar[Message] = Message.DELETION_ASKED
    audience: ClassVar[Audience] = Audience.BUYER
    due_at: datetime
    keep_url: str
    withdrawn: int
    """Requests that were still open."""


BuyerMessage = (
    ConfirmRequest
    | UnfinishedRequest
    | LoginLink
    | AskedShops
    | OfferMade
    | OfferChanged
    | ShopLater
    | ShopWillCall
    | ShopDeclined
    | NoAnswerYet
    | NoAnswersYet
    | OfferConfirmed
    | AskOutcome
    | RequestEnded
    | PromiseCheck
    | ShopWrote
    | DeskNote
    | OfferEnds
    | ShopCalled
    | NewsDigest
    | Greeting
    | DeletionAsked
    | WatchMessage
)
