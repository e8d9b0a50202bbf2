"""Which standing rule of a shop answers a request by itself."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from discount_broker.kernel.errors import Refused
from discount_broker.kernel.money import Money
from discount_broker.offers.rules import (
    KnownRule,
    RuleProduct,
    RuleTerms,
    RuleWish,
    check_rule,
    percent_asked,
    rule_that_fits,
)

TODAY = date(2030, 1, 14)
FIRST, SECOND = UUID(int=1), UUID(int=2)
DRILL = RuleProduct(
    title="Bosch GSR 12V-15  Cordless Drill",
    category=("Инструмент", "Дрели-шуруповёрты"),
    price=Money(Decimal(10_000), "RUB"),
)


def a_rule(rule_id: UUID = FIRST, percent: int = 10, **terms: Any) -> KnownRule:
    return KnownRule(rule_id, RuleTerms(percent=Decimal(percent), **terms))


def wish(percent: str = "", price: int | None = None, currency: str = "RUB") -> RuleWish:
    if price is not None:
        return RuleWish(price=Money(Decimal(price), currency))
    return RuleWish(percent=Decimal(percent))


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        (wish("10"), True),
        (wish("3.5"), True),
        (wish("10.1"), False),
        (wish(price=9_000), True),
        (wish(price=8_999), False),
        (wish(price=9_000, currency="EUR"), False),
        (wish(price=10_000), False),
        (wish(price=12_000), False),
        (wish(price=0), False),
    ],
)
def test_a_rule_gives_a_wish_that_asks_for_no_more(asked: RuleWish, fits: bool) -> None:
    assert (rule_that_fits([a_rule()], asked, DRILL, {}, TODAY) is not None) is fits


def test_a_wished_price_says_nothing_where_the_shop_names_none() -> None:
    unpriced = RuleProduct(title="Drill")
    assert percent_asked(wish(price=9_000), unpriced.price) is None
    assert rule_that_fits([a_rule()], wish("5"), unpriced, {}, TODAY) is not None


@pytest.mark.parametrize(
    ("words", "fits"),
    [("", True), ("drill", True), ("12v-15 cordless", True), ("шуруповерт", True), ("saw", False)],
)
def test_a_rule_is_about_what_its_words_stand_in(words: str, fits: bool) -> None:
    rule = a_rule(words_in_title=words)
    assert (rule_that_fits([rule], wish("5"), DRILL, {}, TODAY) is not None) is fits


@pytest.mark.parametrize(("days", "fits"), [(0, True), (1, True), (-1, False)])
def test_a_rule_answers_on_its_last_day_and_not_after_it(days: int, fits: bool) -> None:
    rule = a_rule(until=TODAY + timedelta(days=days))
    assert (rule_that_fits([rule], wish("5"), DRILL, {}, TODAY) is not None) is fits


@pytest.mark.parametrize(("used", "fits"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_rule_answers_no_more_often_a_day_than_it_says(used: int, fits: bool) -> None:
    rule = a_rule(a_day=2)
    assert (rule_that_fits([rule], wish("5"), DRILL, {FIRST: used}, TODAY) is not None) is fits


def test_the_first_of_several_rules_that_fits_answers() -> None:
    rules = [a_rule(FIRST, 5, a_day=1), a_rule(SECOND, 5), a_rule(UUID(int=3), 20)]
    found = rule_that_fits(rules, wish("5"), DRILL, {FIRST: 1}, TODAY)
    assert found is not None
    assert found.id == SECOND


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"percent": Decimal(0)}, "percent_out_of_range"),
        ({"percent": Decimal(-150)}, "percent_out_of_range"),
        ({"percent": Decimal("NaN")}, "percent_out_of_range"),
        ({"words_in_title": "x" * 101}, "rule_words_long"),
        ({"text": "x" * 501}, "rule_text_long"),
        ({"until": TODAY - timedelta(days=1)}, "rule_until_past"),
        ({"until": TODAY + timedelta(days=367)}, "rule_until_far"),
        ({"a_day": 0}, "a_day_out_of_range"),
        ({"a_day": 1_001}, "a_day_out_of_range"),
    ],
)
def test_a_rule_that_nobody_could_mean_is_refused(terms: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_rule(RuleTerms(**{"percent": Decimal(10), **terms}), TODAY)
    assert refused.value.code == code


def test_a_rule_may_begin_and_end_today() -> None:
    check_rule(RuleTerms(percent=Decimal(90), until=TODAY, a_day=1_000), TODAY)
