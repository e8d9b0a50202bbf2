"""What a shop's answer must say, and what it comes to for the buyer. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from discount_broker.kernel.errors import Refused
from discount_broker.kernel.money import Money, is_beyond_discount, is_discount, is_sum
from discount_broker.offers.status import GIVES, AnswerKind
from discount_broker.outreach.inbound import Intent, IntentKind

OFFERS_LAST = timedelta(days=3)
LONGEST_OFFER = timedelta(days=90)
OUTCOME_IS_ASKED_AFTER = timedelta(days=2)
LONGEST_TEXT = 1000
LONGEST_TERMS = 300
"""Delivery and condition: a line each."""
MOST_PUT_OFF = 3
"""How often a shop may name a day on which to be asked again: it says something then, or our people ask."""
MOST_CALLS_PROMISED = 3
"""How often a shop may name a time by which it will call: a buyer who waited for three is owed an answer."""
NEEDS_TEXT = frozenset({AnswerKind.BONUS, AnswerKind.GIFT, AnswerKind.ADD_ITEM, AnswerKind.LOWEST})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the shop filled in on the offer page, or an operator for it."""

    kind: AnswerKind
    percent: Decimal | None = None
    price: Decimal | None = None
    text: str = ""
    delivery: str = ""
    """How and when it comes."""
    condition: str = ""
    """What it hangs on."""
    valid_until: date | None = None
    call_by: datetime | None = None
    ask_again_on: date | None = None
    forward_to: str = ""
    """The address that decides it, where this one does not."""
    stops_here: bool = False
    """Nothing more goes to the address that passes it on."""


MAY_STAND_BESIDE = frozenset({IntentKind.OFFER, IntentKind.NEW_ADDRESS})
"""What a letter may say besides its offer without making that uncertain."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an answer is held against: the shop's price, and the last day of a term it names."""

    price: Decimal | None
    currency: str | None
    term: date | None = None


def answer_in(said: Sequence[Intent], asked: Asked, now: datetime) -> Answer | None:
    """The one thing a letter plainly offers; None where it says more, less, or nothing that could stand."""
    offers = [intent for intent in said if intent.kind is IntentKind.OFFER]
    if len(offers) != 1 or not offers[0].is_certain or {intent.kind for intent in said} - MAY_STAND_BESIDE:
        return None
    answer = _answer_of(offers[0], asked)
    try:
        if answer is not None:
            check_answer(answer, asked.price, now)
    except Refused:
        return None
    return answer


def _answer_of(offer: Intent, asked: Asked) -> Answer | None:
    if offer.percent is not None:
        return Answer(kind=AnswerKind.PERCENT, percent=offer.percent, valid_until=asked.term)
    if offer.price is not None and offer.price.currency == asked.currency:
        return Answer(kind=AnswerKind.PRICE, price=offer.price.amount, valid_until=asked.term)
    return None


def check_answer(answer: Answer, price: Decimal | None, now: datetime) -> None:
    """Refuse an answer nobody could act on.

    Raises:
        Refused: `percent_out_of_range`, `price_missing`, `price_not_lower`, `price_too_low`,
            `text_missing`, `terms_long`, `valid_until_past`, `valid_until_far`, `call_by_missing`,
            `call_by_past`, `ask_again_missing`, `ask_again_past`, `ask_again_far`, `forward_missing`.

    """
    if answer.kind is AnswerKind.PERCENT and not is_discount(answer.percent):
        raise Refused("percent_out_of_range", "percent")
    if answer.kind is AnswerKind.PRICE:
        _check_price(answer.price, price)
    if answer.kind in NEEDS_TEXT and not answer.text.strip():
        raise Refused("text_missing", "text")
    if answer.kind in GIVES:
        _check_terms(answer)
    if answer.kind is AnswerKind.CALL:
        _check_call(answer.call_by, now)
    if answer.kind is AnswerKind.LATER:
        _check_later(answer.ask_again_on, now)
    if answer.kind is AnswerKind.FORWARD and not answer.forward_to.strip():
        raise Refused("forward_missing", "forward_to")
    _check_term(answer.valid_until, now)


def _check_price(offered: Decimal | None, price: Decimal | None) -> None:
    if offered is None or not is_sum(offered):
        raise Refused("price_missing", "price")
    if price is not None and offered >= price:
        raise Refused("price_not_lower", "price")
    if price is not None and is_beyond_discount(offered, price):
        raise Refused("price_too_low", "price")


def _check_call(call_by: datetime | None, now: datetime) -> None:
    if call_by is None:
        raise Refused("call_by_missing", "call_by")
    if call_by <= now:
        raise Refused("call_by_past", "call_by")
    if call_by > now + LONGEST_OFFER:
        raise Refused("valid_until_far", "call_by")


def _check_terms(answer: Answer) -> None:
    for field, said in (("delivery", answer.delivery), ("condition", answer.condition)):
        if len(said.strip()) > LONGEST_TERMS:
            raise Refused("terms_long", field)


def _check_later(ask_again_on: date | None, now: datetime) -> None:
    if ask_again_on is None:
        raise Refused("ask_again_missing", "ask_again_on")
    if ask_again_on <= now.date():
        raise Refused("ask_again_past", "ask_again_on")
    if ask_again_on > (now + LONGEST_OFFER).date():
        raise Refused("ask_again_far", "ask_again_on")


def check_put_off(times_before: int) -> None:
    """Let nobody keep a buyer waiting from one day to the next.

    Raises:
        Refused: `later_often`.

    """
    if times_before >= MOST_PUT_OFF:
        raise Refused("later_often", "ask_again_on")


def check_calls_promised(times_before: int) -> None:
    """Let nobody promise a call in the place of the call they promised before, for ever.

    Raises:
        Refused: `calls_often`.

    """
    if times_before >= MOST_CALLS_PROMISED:
        raise Refused("calls_often", "call_by")


def _check_term(valid_until: date | None, now: datetime) -> None:
    if valid_until is None:
        return
    if valid_until < now.date():
        raise Refused("valid_until_past", "valid_until")
    if valid_until > (now + LONGEST_OFFER).date():
        raise Refused("valid_until_far", "valid_until")


def offer_ends_at(valid_until: date | None, zone: ZoneInfo, now: datetime) -> datetime:
    """The last minute of the term by the shop's own clock; three days where it named none."""
    if valid_until is None:
        return now + OFFERS_LAST
    return datetime.combine(valid_until, time(23, 59), zone).astimezone(UTC)


def final_price(answer: Answer, price: Decimal | None) -> Decimal | None:
    """What the buyer pays for the product itself, where that can be told."""
    if answer.kind is AnswerKind.PRICE:
        return answer.price
    if price is None:
        return None
    if answer.kind is AnswerKind.PERCENT:
        assert answer.percent is not None
        return Money(price, "").less(answer.percent).amount
    return price
