"""Messages to shops. Pure."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import ClassVar

from discount_broker.kernel.money import Money
from discount_broker.notifications.catalogue.parts import (
    NOTHING_KNOWN,
    Audience,
    Contact,
    Message,
    ProductSeen,
    Terms,
    Wish,
)


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
    contact: Contact = NOTHING_KNOWN
    quantity: int = 1
    city: str = ""
    others: tuple[ProductSeen, ...] = ()
    """What else the same buyer wants of this shop by the same press."""
    is_said_by_buyer: bool = False
    """Whether title or price are the buyer's word, where the page hid them."""

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
class WaitingRequest:
    """One line of a digest."""

    number: str
    product: ProductSeen
    wish: Wish
    wanted_until: datetime | None
    offer_url: str


@dataclass(frozen=True, kw_only=True)
class ShopDigest:
    """Several requests in one letter: the shop has had as many letters of its own today as it may get."""

    message: ClassVar[Message] = Message.SHOP_DIGEST
    audience: ClassVar[Audience] = Audience.SHOP
    requests: tuple[WaitingRequest, ...]
    waiting_url: str
    """One page from which all of them can be answered."""
    reply_address: str
    stop_url: str
    found_at: str
    found_on: datetime


@dataclass(frozen=True, kw_only=True)
class ShopPool:
    """Several buyers who want the same: the letter says how many they are, and never who."""

    message: ClassVar[Message] = Message.SHOP_POOL
    audience: ClassVar[Audience] = Audience.SHOP
    people: int
    product: ProductSeen
    requests: tuple[WaitingRequest, ...]
    """Of this letter; the others of the group were put to the shop before."""
    waiting_url: str
    """One page from which all of them can be answered, at once or one by one."""
    reply_address: str
    stop_url: str
    found_at: str
    found_on: datetime
    first_asked_at: datetime | None = None
    """Set where all of this letter were put to the same door before: it reminds."""

    @property
    def has_others(self) -> bool:
        return self.people > len(self.requests)


@dataclass(frozen=True, kw_only=True)
class ShopAccepted(ShopLetter):
    message: ClassVar[Message] = Message.SHOP_ACCEPTED
    terms: Terms
    contact: Contact
    note: str = ""
    code: str = ""
    """What the buyer will show or tell, like `K7M2-9QX4`."""


@dataclass(frozen=True, kw_only=True)
class ShopThanked(ShopLetter):
    message: ClassVar[Message] = Message.SHOP_THANKED
    reason: str = ""
    """Value of `offers.status.DeclineReason` or `NotTaken`; empty where the buyer did not say why."""
    words: tuple[str, ...] = ()
    """The buyer's own, where they allowed us to pass them on."""


@dataclass(frozen=True, kw_only=True)
class ShopCountered(ShopLetter):
    """What the buyer would take instead of the offer; the shop gives it or keeps its offer on its page."""

    message: ClassVar[Message] = Message.SHOP_COUNTERED
    terms: Terms
    """The offer, which stands meanwhile."""
    wish: Wish
    words: tuple[str, ...] = ()
    has_gaps: bool = False
    """Whether contact details of the buyer were left out of the words."""


@dataclass(frozen=True, kw_only=True)
class BuyerQuestion(ShopLetter):
    """What the buyer asks the shop, or answers it."""

    message: ClassVar[Message] = Message.BUYER_QUESTION
    subject: str
    """Of the letter it follows; empty where it begins a thread."""
    words: tuple[str, ...]
    """Its lines."""
    has_gaps: bool
    """Whether contact details of the buyer were left out."""


@dataclass(frozen=True, kw_only=True)
class DeskLetter(ShopLetter):
    """What one of our people writes to the shop."""

    message: ClassVar[Message] = Message.DESK_LETTER
    subject: str
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OfferToConfirm(ShopLetter):
    """What a shop wrote or said on the phone, as we understood it, and one press that makes it an offer."""

    message: ClassVar[Message] = Message.OFFER_DRAFT
    terms: Terms
    has_term: bool
    """Whether the shop named a day; else `terms.valid_until` is the usual one."""
    evidence: str
    """The shop's own words that say it, or what we wrote down of them; may be empty."""
    confirm_url: str
    said_on: datetime | None = None
    """The day of the call in which it was said; None where it was written."""
    said_by: str = ""
    """Who said it, as the operator wrote it down."""


ShopMessage = (
    ShopRequest
    | ShopReminder
    | ShopAccepted
    | ShopThanked
    | ShopCountered
    | ShopDigest
    | ShopPool
    | BuyerQuestion
    | DeskLetter
    | OfferToConfirm
)


FORM_MESSAGES = frozenset(
    {
        Message.SHOP_REQUEST,
        Message.SHOP_REMINDER,
        Message.SHOP_DIGEST,
        Message.SHOP_POOL,
        Message.BUYER_QUESTION,
        Message.DESK_LETTER,
        Message.SHOP_CHECK,
        Message.SHOP_CHECK_REPORT,
    }
)
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
