from decimal import Decimal

import pytest

from discount_broker.kernel.money import Money, is_discount, is_sum, percent_off


@pytest.mark.parametrize(
    ("amount", "percent", "left"),
    [("12990", "10", "11691.00"), ("0.05", "50", "0.03"), ("99.99", "33.3", "66.69"), ("100", "90", "10.00")],
)
def test_a_percentage_is_taken_off_to_the_cent(amount: str, percent: str, left: str) -> None:
    assert Money(Decimal(amount), "RUB").less(Decimal(percent)) == Money(Decimal(left), "RUB")


@pytest.mark.parametrize(
    ("full", "reduced", "percent"),
    [("100", "90", "10.0"), ("12990", "11691", "10.0"), ("3", "2", "33.3"), ("100", "110", "-10.0")],
)
def test_how_far_one_price_lies_below_another(full: str, reduced: str, percent: str) -> None:
    assert percent_off(Decimal(full), Decimal(reduced)) == Decimal(percent)


@pytest.mark.parametrize("percent", ["1", "10.5", "90"])
def test_a_discount_is_one_to_ninety_per_cent(percent: str) -> None:
    assert is_discount(Decimal(percent))


@pytest.mark.parametrize("percent", ["0", "0.99", "90.01", "-5", "100", "NaN", "sNaN", "Infinity"])
def test_anything_else_is_no_discount(percent: str) -> None:
    assert not is_discount(Decimal(percent))
    assert not is_discount(None)


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "-Infinity", "Infinity", "1e20"])
def test_what_nobody_can_pay_is_no_sum(amount: str) -> None:
    assert not is_sum(Decimal(amount))
    assert is_sum(Decimal("0.01"))
