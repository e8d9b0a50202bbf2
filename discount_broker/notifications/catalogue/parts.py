"""What messages are made of. Pure."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from discount_broker.kernel.money import Money


class Message(StrEnum):
    CONFIRM_REQUEST = "confirm_request"
    UNFINISHED_REQUEST = "unfinished_request"
    LOGIN_LINK = "login_link"
    ASKED_SHOPS = "asked_shops"
    OFFER_MADE = "offer_made"
    OFFER_CHANGED = "offer_changed"
    SHOP_WILL_CALL = "shop_will_call"
    SHOP_LATER = "shop_later"
    SHOP_DECLINED = "shop_declined"
    NO_ANSWER_YET = "no_answer_yet"
    NO_ANSWERS_YET = "no_answers_yet"
    OFFER_CONFIRMED = "offer_confirmed"
    ASK_OUTCOME = "ask_outcome"
    REQUEST_ENDED = "request_ended"
    PROMISE_CHECK = "promise_check"
    OFFER_ENDS = "offer_ends"
    SHOP_CALLED = "shop_called"
    NEWS_DIGEST = "news_digest"
    GREETING = "greeting"
    DELETION_ASKED = "deletion_asked"
    SHOP_REQUEST = "shop_request"
    SHOP_REMINDER = "shop_reminder"
    SHOP_ACCEPTED = "shop_accepted"
    SHOP_THANKED = "shop_thanked"
    SHOP_COUNTERED = "shop_countered"
    SHOP_DIGEST = "shop_digest"
    SHOP_POOL = "shop_pool"
    BUYER_QUESTION = "buyer_question"
    SHOP_LETTER = "shop_letter"
    DESK_LETTER = "desk_letter"
    DESK_NOTE = "desk_note"
    OFFER_DRAFT = "offer_draft"
    SHOP_CHECK = "shop_check"
    SHOP_CHECK_REPORT = "shop_check_report"
    SHOP_CLAIM_LINK = "shop_claim_link"
    RULES_GAVE = "rules_gave"
    SHOP_MEMBER_INVITED = "shop_member_invited"
    WATCH_CONFIRM = "watch_confirm"
    WATCH_MET = "watch_met"
    WATCH_ENDED = "watch_ended"
    WEBHOOK_FAILING = "webhook_failing"
    STAFF_INVITED = "staff_invited"
    PASSWORD_LINK = "password_link"  # noqa: S105 - the name of a letter


class Audience(StrEnum):
    BUYER = "buyer"
    """Written to in the language of the request."""
    SHOP = "shop"
    """Written to in the language of its own pages."""
    MEMBER = "member"
    """Somebody of a shop, in the language of the page on which the letter was asked for."""
    STAFF = "staff"
    """Written to in the language of the page on which the letter was asked for."""


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
class LeaveAlone:
    """When a buyer does not want to be called: between two times, on one day, or, without either, never."""

    begins: str = ""
    """By the clock of `place`, e.g. `13:00`."""
    ends: str = ""
    on: datetime | None = None
    """Noon of that day."""
    place: str = "UTC"
    """IANA name of the time zone in which it is meant."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What a shop may know of the buyer; empty where nothing was given or allowed."""

    email: str = ""
    phone: str = ""
    best_time: str = ""
    alone: tuple[LeaveAlone, ...] = ()


NOTHING_KNOWN = Contact()


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
