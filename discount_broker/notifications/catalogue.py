"""Every message this service writes, to whom it goes, and the facts it needs. Pure.

The words are in `templates/email/<message>/` and, for web forms, in `templates/form/<message>.txt`;
money, dates and percentages stay values here, for each language writes them in its own way.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import ClassVar

from discount_broker.kernel.money import Money


class Message(StrEnum):
    CONFIRM_REQUEST = "confirm_request"
    LOGIN_LINK = "login_link"
    ASKED_SHOPS = "asked_shops"
    OFFER_MADE = "offer_made"
    SHOP_WILL_CALL = "shop_will_call"
    SHOP_DECLINED = "shop_declined"
    NO_ANSWER_YET = "no_answer_yet"
    OFFER_CONFIRMED = "offer_confirmed"
    ASK_OUTCOME = "ask_outcome"
    REQUEST_ENDED = "request_ended"
    SHOP_REQUEST = "shop_request"
    SHOP_REMINDER = "shop_reminder"
    SHOP_ACCEPTED = "shop_accepted"
    SHOP_THANKED = "shop_thanked"


class Audience(StrEnum):
    BUYER = "buyer"
    """Written to in the language of the request."""
    SHOP = "shop"
    """Written to in the language of its own pages."""


@dataclass(frozen=True, kw_only=True)
class ProductSeen:
    """What a page said about the product, and when."""

    title: str
    url: str
    price: Money | None
    seen_at: datetime


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the buyer asks for: exactly one of the two."""

    percent: Decimal | None = None
    price: Money | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a shop offers; `kind` is a value of `offers.status.AnswerKind`."""

    kind: str
    valid_until: datetime
    percent: Decimal | None = None
    final_price: Money | None = None
    saving: Money | None = None
    text: str = ""
    """The shop's own words."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What a shop may know of the buyer; empty where nothing was given or allowed."""

    email: str = ""
    phone: str = ""
    best_time: str = ""


class Door(StrEnum):
    EMAIL = "email"
    FORM = "form"
    PHONE = "phone"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One time a shop was written to or called."""

    shop: str
    door: Door
    at: datetime


class NextStep(StrEnum):
    REMINDER = "reminder"
    OTHER_DOOR = "other_door"
    CALL = "call"
    """One of our operators phones the shop."""


@dataclass(frozen=True, kw_only=True)
class ConfirmRequest:
    message: ClassVar[Message] = Message.CONFIRM_REQUEST
    audience: ClassVar[Audience] = Audience.BUYER
    confirm_url: str
    product: ProductSeen
    wish: Wish


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


@dataclass(frozen=True, kw_only=True)
class AskOutcome(BuyerNews):
    """Its links open `follow_url?outcome=bought`, `called` or `nothing`, where one presses."""

    message: ClassVar[Message] = Message.ASK_OUTCOME
    shop: str


@dataclass(frozen=True, kw_only=True)
class RequestEnded(BuyerNews):
    message: ClassVar[Message] = Message.REQUEST_ENDED
    tried: tuple[Attempt, ...]


@dataclass(frozen=True, kw_only=True)
class ShopLetter:
    """What every message to a shop says: which request, how to answer, how we came here, how to stop us."""

    audience: ClassVar[Audience] = Audience.SHOP
    number: str
    product: ProductSeen
    """As seen on this shop's own page."""
    offer_url: str
    reply_address: str
    stop_url: str
    found_at: str
    """The page on which the address or the form was found."""
    found_on: datetime


class AnswerChoice(StrEnum):
    PERCENT = "percent"
    PRICE = "price"
    FREE_DELIVERY = "free_delivery"
    CALL = "call"
    NOT_NOW = "not_now"


@dataclass(frozen=True, kw_only=True)
class QuickAnswer:
    """One press in the mail: opens the offer page with this answer chosen."""

    choice: AnswerChoice
    percent: Decimal | None = None
    price: Money | None = None

    @property
    def code(self) -> str:
        """As in `offer_url?answer=percent-10`, `price-11500`, `free_delivery`."""
        value = self.percent if self.price is None else self.price.amount
        return str(self.choice) if value is None else f"{self.choice}-{value.normalize():f}"


@dataclass(frozen=True, kw_only=True)
class ShopRequest(ShopLetter):
    message: ClassVar[Message] = Message.SHOP_REQUEST
    wish: Wish
    wanted_until: datetime | None
    """Until when the buyer waits for answers; their own date, never one of ours."""
    note: str = ""
    contact: Contact = Contact()

    @property
    def answers(self) -> tuple[QuickAnswer, ...]:
        """What the buyer wishes, half of it, and the answers that cost the shop little."""
        return (
            *reductions(self.wish, self.product.price),
            QuickAnswer(choice=AnswerChoice.FREE_DELIVERY),
            QuickAnswer(choice=AnswerChoice.CALL),
            QuickAnswer(choice=AnswerChoice.NOT_NOW),
        )


@dataclass(frozen=True, kw_only=True)
class ShopReminder(ShopRequest):
    message: ClassVar[Message] = Message.SHOP_REMINDER
    first_asked_at: datetime


@dataclass(frozen=True, kw_only=True)
class ShopAccepted(ShopLetter):
    message: ClassVar[Message] = Message.SHOP_ACCEPTED
    terms: Terms
    contact: Contact
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ShopThanked(ShopLetter):
    message: ClassVar[Message] = Message.SHOP_THANKED


BuyerMessage = (
    ConfirmRequest
    | LoginLink
    | AskedShops
    | OfferMade
    | ShopWillCall
    | ShopDeclined
    | NoAnswerYet
    | OfferConfirmed
    | AskOutcome
    | RequestEnded
)
ShopMessage = ShopRequest | ShopReminder | ShopAccepted | ShopThanked

FORM_MESSAGES = frozenset({Message.SHOP_REQUEST, Message.SHOP_REMINDER})
"""Messages that can also be put into a feedback form; the others only ever answer somebody."""


def reductions(wish: Wish, price: Money | None) -> tuple[QuickAnswer, ...]:
    """Offer the wish, and half of it where that is something else and can be reckoned."""
    if wish.percent is not None:
        percents = dict.fromkeys((wish.percent, whole(wish.percent / 2)))
        return tuple(QuickAnswer(choice=AnswerChoice.PERCENT, percent=p) for p in percents)
    assert wish.price is not None
    prices = [wish.price]
    if price is not None and price.currency == wish.price.currency and price.amount - wish.price.amount >= 2:
        prices.append(Money(whole((price.amount + wish.price.amount) / 2), price.currency))
    return tuple(QuickAnswer(choice=AnswerChoice.PRICE, price=p) for p in prices)


def whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_UP)
