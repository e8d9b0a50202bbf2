"""What the API takes and gives, word for word: the check and the description (OpenAPI) come from here."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from discount_broker.discount_requests.rules import (
    LARGEST_QUANTITY,
    LONGEST_CITY,
    LONGEST_NOTE,
    LONGEST_TITLE,
)
from discount_broker.discount_requests.status import Outcome
from discount_broker.kernel.money import LARGEST_PERCENT, SMALLEST_PERCENT
from discount_broker.offers.status import DeclineReason, OfferStatus
from discount_broker.webhooks.status import HookState

Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]


def left_out(**more: Any) -> Any:
    """A field that may be left out, and is never null: `model_fields_set` tells whether it came."""
    return Field(default=None, **more)


class Taken(BaseModel):
    """What comes from a program: exactly these fields, of exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Given(BaseModel):
    """What a program gets. New fields may come; those that are here stay."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Money(Given):
    amount: str = Field(description="A decimal number with a point, like `11900.00`.", examples=["11900.00"])
    currency: str = Field(description="ISO 4217 code.", examples=["RUB"])


class WishedPrice(Taken):
    amount: str = Field(pattern=r"^[0-9]{1,10}(\.[0-9]{1,2})?$", examples=["11900.00"])
    currency: Currency = Field(
        description="ISO 4217 code; must be that of the page of the product.", examples=["RUB"]
    )


class NewWish(Taken):
    """Exactly one of the two."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["percent"]}, {"required": ["price"]}]}
    )

    percent: float = left_out(
        ge=float(SMALLEST_PERCENT),
        le=float(LARGEST_PERCENT),
        multiple_of=0.5,
        description="Per cent off, in halves.",
        examples=[10],
    )
    price: WishedPrice = left_out(description="The price the buyer would pay.")


class GivenConsent(Taken):
    """What the buyer agreed to at your side: the words beside the box they ticked, and when."""

    given_at: AwareDatetime = Field(description="When the buyer ticked the box; within the last 30 days.")
    text: str = Field(min_length=1, max_length=2000, description="The sentence beside the box.")
    version: str = Field(min_length=1, max_length=60, description="Your name for this wording.")


class Consents(Taken):
    """One for each box the buyer ticked. Nothing is taken for granted: what is not named is not given."""

    processing: GivenConsent = Field(
        description="Their details are used to ask shops for this discount. Without it we may not ask."
    )
    direct_contact: GivenConsent = left_out(description="Shops may contact them directly.")
    texts: GivenConsent = left_out(description="News by SMS as well.")
    news: GivenConsent = left_out(description="More than the news of their own requests.")


class NewRequest(Taken):
    """What one buyer wants. They confirm it by the link in the letter we send them: always."""

    reference: str = Field(
        pattern=r"^[!-~]{1,100}$",
        description="What you call it. The same reference is the same request, however often you send it.",
        examples=["order-1842"],
    )
    link: str = Field(
        min_length=1,
        max_length=2000,
        description="The page of the product.",
        examples=["https://shop.example/p/1"],
    )
    wish: NewWish
    email: str = Field(
        min_length=3, max_length=254, description="Of the buyer.", examples=["anna@mail.example"]
    )
    phone: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=LONGEST_NOTE, description="A word of the buyer to the shops.")
    city: str = Field(default="", max_length=LONGEST_CITY)
    quantity: int = Field(default=1, ge=1, le=LARGEST_QUANTITY)
    answers_by: date = left_out(
        description="The last day on which answers are of use; two weeks where none is named."
    )
    asks_rivals: bool = Field(default=True, description="Whether shops that sell the same are asked too.")
    language: Literal["en", "ru"] = Field(default="en", description="In which we write to the buyer.")
    title: str = Field(
        default="",
        max_length=LONGEST_TITLE,
        description="What is sold there; counts where the page cannot be read.",
    )
    consents: Consents


class NewDecline(Taken):
    """Why the buyer does not want the offer; both may be left out."""

    reason: DeclineReason = left_out()
    words: str = Field(default="", max_length=500)


class NewOutcome(Taken):
    outcome: Literal["bought", "called", "nothing"] = Field(
        description="Bought with the discount; the shop got in touch; the shop never did."
    )


class State(StrEnum):
    """How far a request is."""

    READING = "reading"
    """The page of the product is being read; the buyer gets a letter then."""
    REFUSED = "refused"
    """It could not be sent to anybody: see `refusal`."""
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    ASKED = "asked"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    CLOSED = "closed"


class Wish(Given):
    percent: float | None
    price: Money | None


class Product(Given):
    title: str
    url: str
    price: Money | None
    availability: str
    seen_at: AwareDatetime


class Refusal(Given):
    """Why it could not be sent to any shop. Ask anew, under another reference."""

    code: str = Field(description="Stable, for programs.")
    detail: str
    pointer: str = Field(description="JSON pointer to the field it is about.")


class Offer(Given):
    id: str
    shop: str
    kind: str = Field(
        description="percent, price, free_delivery, bonus, gift, add_item or lowest; more may come."
    )
    status: OfferStatus
    can_accept: bool
    percent: float | None
    final_price: Money | None
    saving: Money | None
    delivery: str
    condition: str
    text: str = Field(description="The shop's own words.")
    code: str | None = Field(description="What the buyer shows in the shop, once accepted.")
    valid_until: AwareDatetime
    meets_wish: bool
    is_closest: bool = Field(description="Nearest to the wish.")
    is_lowest: bool = Field(description="The buyer pays least.")


class Event(Given):
    id: int = Field(description="Counts up; the `event_id` of the webhook about it.")
    at: AwareDatetime
    event: str = Field(description="Stable code, like `shop_answered`; more may come.")
    shop: str | None
    sentence: str = Field(description="In the language of `Accept-Language`.")


class Summary(Given):
    number: str = Field(examples=["R-7K2M9"])
    reference: str
    state: State
    link: str
    product: Product | None
    wish: Wish | None
    quantity: int
    city: str
    language: str
    created_at: AwareDatetime
    confirmed_at: AwareDatetime | None
    answers_until: AwareDatetime | None
    closed_at: AwareDatetime | None
    outcome: Outcome | None
    refusal: Refusal | None


class Request(Summary):
    next: list[str] = Field(description="What happens next, in the language of `Accept-Language`.")
    offers: list[Offer]
    story: list[Event] = Field(description="Oldest first.")


class RequestPage(Given):
    requests: list[Summary] = Field(description="Newest first.")
    next: str | None = Field(description="What to send as `after` for the next page; null on the last.")


class Webhook(Given):
    """An address of yours that is told every event of your requests."""

    id: str
    url: str
    state: HookState = Field(
        description="`paused`: it took none of our last calls, so events are kept until one is taken."
    )
    failing_since: AwareDatetime | None
    paused_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    waiting: int = Field(description="Events that are still to be told there.")
    given_up: int = Field(description="Events of the last thirty days that were given up.")


class Webhooks(Given):
    webhooks: list[Webhook]


class ListQuery(BaseModel):
    """Which part of the list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=50, ge=1, le=100)
    after: str = left_out(max_length=200, description="`next` of the page before.")
    reference: str = left_out(max_length=100, description="The one with this reference.")


class Flaw(Given):
    """One thing that is wrong with what was sent."""

    pointer: str | None = Field(default=None, description="JSON pointer to the field.")
    parameter: str | None = Field(default=None, description="Name of the query parameter.")
    code: str
    detail: str


class Problem(Given):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Stable address of this kind of problem; explained there.")
    title: str
    status: int
    detail: str = Field(description="In the language of `Accept-Language`.")
    errors: list[Flaw] = Field(default=[], description="All that is wrong, not the first thing alone.")


def money(amount: Decimal | None, currency: str | None) -> Money | None:
    if amount is None or not currency:
        return None
    return Money(amount=f"{amount:.2f}", currency=currency)
