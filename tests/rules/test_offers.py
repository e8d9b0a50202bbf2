"""What a shop's answer must say, and what it comes to."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from discount_broker.kernel.business_time import zone_of
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.money import Money
from discount_broker.offers.rules import (
    Answer,
    Compared,
    check_answer,
    closest,
    final_price,
    lowest,
    offer_ends_at,
)
from discount_broker.offers.status import AnswerKind as Kind

NOW = datetime(2030, 1, 14, 9, tzinfo=UTC)
PRICE = Decimal(1000)
COMPLETE: dict[Kind, dict[str, Any]] = {
    Kind.PERCENT: {"percent": Decimal(10)},
    Kind.PRICE: {"price": Decimal(900)},
    Kind.FREE_DELIVERY: {},
    Kind.BONUS: {"text": "500 points"},
    Kind.GIFT: {"text": "a set of drills"},
    Kind.ADD_ITEM: {"text": "with a battery, 20 % off"},
    Kind.LOWEST: {"text": "we buy from the factory"},
    Kind.CALL: {"call_by": NOW + timedelta(hours=1)},
    Kind.LATER: {"ask_again_on": date(2030, 1, 15)},
    Kind.FORWARD: {"forward_to": "sales@tools.ru"},
    Kind.NOT_NOW: {},
    Kind.NEVER: {},
}
FINAL = {Kind.PERCENT: 900, Kind.PRICE: 900}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_answer_can_be_given(kind: Kind) -> None:
    check_answer(Answer(kind=kind, **COMPLETE[kind]), PRICE, NOW)
    check_answer(Answer(kind=kind, **COMPLETE[kind]), None, NOW)


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        (Kind.PERCENT, {}, "percent_out_of_range"),
        (Kind.PERCENT, {"percent": Decimal(0)}, "percent_out_of_range"),
        (Kind.PERCENT, {"percent": Decimal("90.5")}, "percent_out_of_range"),
        (Kind.PERCENT, {"percent": Decimal("NaN")}, "percent_out_of_range"),
        (Kind.PRICE, {}, "price_missing"),
        (Kind.PRICE, {"price": Decimal(0)}, "price_missing"),
        (Kind.PRICE, {"price": Decimal("NaN")}, "price_missing"),
        (Kind.PRICE, {"price": Decimal("1e30")}, "price_missing"),
        (Kind.PRICE, {"price": PRICE}, "price_not_lower"),
        (Kind.PRICE, {"price": PRICE * Decimal("0.09")}, "price_too_low"),
        (Kind.BONUS, {}, "text_missing"),
        (Kind.GIFT, {"text": "  "}, "text_missing"),
        (Kind.ADD_ITEM, {}, "text_missing"),
        (Kind.LOWEST, {}, "text_missing"),
        (Kind.CALL, {}, "call_by_missing"),
        (Kind.CALL, {"call_by": NOW}, "call_by_past"),
        (Kind.FREE_DELIVERY, {"valid_until": date(2030, 1, 13)}, "valid_until_past"),
        (Kind.FREE_DELIVERY, {"valid_until": date(2030, 4, 15)}, "valid_until_far"),
    ],
)
def test_an_answer_nobody_could_act_on_is_refused(kind: Kind, said: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_answer(Answer(kind=kind, **said), PRICE, NOW)
    assert refused.value.code == code
    assert code.startswith(refused.value.field)


@pytest.mark.parametrize("kind", Kind)
def test_what_the_buyer_pays(kind: Kind) -> None:
    assert final_price(Answer(kind=kind, **COMPLETE[kind]), PRICE) == FINAL.get(kind, 1000)


def test_without_a_price_on_the_page_only_a_named_price_is_one() -> None:
    assert final_price(Answer(kind=Kind.PERCENT, percent=Decimal(10)), None) is None
    assert final_price(Answer(kind=Kind.PRICE, price=Decimal(900)), None) == 900


def test_an_offer_lasts_to_the_end_of_its_day_or_three_days() -> None:
    assert offer_ends_at(date(2030, 1, 14), ZoneInfo("UTC"), NOW) == datetime(2030, 1, 14, 23, 59, tzinfo=UTC)
    assert offer_ends_at(date(2030, 1, 14), zone_of("RU"), NOW) == datetime(2030, 1, 14, 20, 59, tzinfo=UTC)
    assert offer_ends_at(None, zone_of("RU"), NOW) == NOW + timedelta(days=3)


def compared(*prices: int | None, currency: str = "RUB") -> list[Compared]:
    return [
        Compared(UUID(int=n), None if price is None else Money(Decimal(price), currency))
        for n, price in enumerate(prices)
    ]


@pytest.mark.parametrize(
    ("prices", "wished", "cheapest", "nearest"),
    [
        ((900, 850, None), 900, 1, 0),
        ((900, 850), 100, 1, 1),
        ((900,), 900, None, None),
        ((900, None), 900, None, None),
        ((), 900, None, None),
        ((900, 850), None, 1, None),
    ],
)
def test_offers_are_marked_only_where_there_is_something_to_compare(
    prices: tuple[int | None, ...], wished: int | None, cheapest: int | None, nearest: int | None
) -> None:
    offers = compared(*prices)
    assert lowest(offers) == (None if cheapest is None else UUID(int=cheapest))
    wish = None if wished is None else Money(Decimal(wished), "RUB")
    assert closest(offers, wish) == (None if nearest is None else UUID(int=nearest))


def test_prices_in_different_currencies_are_not_compared() -> None:
    offers = [*compared(45000), Compared(UUID(int=7), Money(Decimal(470), "EUR"))]
    assert lowest(offers) is None
    assert closest(offers, Money(Decimal(44000), "RUB")) is None
    assert closest(compared(470, 480, currency="EUR"), Money(Decimal(44000), "RUB")) is None


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"kind": Kind.LATER}, "ask_again_missing", "ask_again_on"),
        ({"kind": Kind.LATER, "ask_again_on": date(2030, 1, 14)}, "ask_again_past", "ask_again_on"),
        ({"kind": Kind.LATER, "ask_again_on": date(2031, 1, 14)}, "ask_again_far", "ask_again_on"),
        ({"kind": Kind.FORWARD, "forward_to": " "}, "forward_missing", "forward_to"),
        ({"kind": Kind.FREE_DELIVERY, "delivery": "x" * 301}, "terms_long", "delivery"),
        ({"kind": Kind.FREE_DELIVERY, "condition": "x" * 301}, "terms_long", "condition"),
    ],
)
def test_a_later_day_an_address_and_terms_must_be_of_use(said: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_answer(Answer(**said), PRICE, NOW)
    assert (refused.value.code, refused.value.field) == (code, field)
