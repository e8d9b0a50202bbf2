from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.discovery.extract.products.money import find_sums, fold


def sums(text, hint=None):
    return [(one.amount, one.currency) for one in find_sums(fold(text), 100, hint)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Цена 12 990 ₽, было 14 990руб.", [("12990", "RUB"), ("14990", "RUB")]),
        ("US$199.00 and $ 5", [("199.00", "USD"), ("5", "USD")]),
        ("1.299,- €", [("1299", "EUR")]),
        ("Rs. 500", [("500", "INR")]),
        ("$19.99 CAD", [("19.99", "CAD")]),
        ("1’299.00 CHF", [("1299.00", "CHF")]),
        ("19,99 EUR/St.", [("19.99", "EUR")]),
        ("99 ر.س", [("99", "SAR")]),
        ("2 pcs - $5", [("5", "USD")]),
        ("Phone15 990 р.", [("990", "RUB")]),
        ("5\n₽", [("5", "RUB")]),
    ],
)
def test_a_number_beside_a_currency_is_a_sum(text, found):
    assert sums(text) == [(Decimal(amount), currency) for amount, currency in found]


@pytest.mark.parametrize(
    "text",
    [
        "CVE-2025-1234",
        "2025 CVE",
        "3 TND",
        "top 10",
        "12 km",
        "in 2024",
        "5 рублём бьёт",
        "v1.2.3",
        "0 ₽",
        "",
    ],
)
def test_other_numbers_are_no_sums(text):
    assert sums(text) == []


@pytest.mark.parametrize(
    ("text", "place", "currency"),
    [("$5", "CAD", "CAD"), ("5 kr", "NOK", "NOK"), ("5 руб.", "BYN", "BYN"), ("5 €", "CAD", "EUR")],
)
def test_the_money_of_the_place_tells_which_of_several_currencies_a_sign_means(text, place, currency):
    assert sums(text, place) == [(Decimal(5), currency)]


def test_no_more_sums_are_read_than_asked_for():
    assert len(find_sums("5 ₽ " * 1000, 7)) == 7


def test_folding_keeps_every_letter_in_its_place():
    assert fold("İSTANBUL ₺5") == "istanbul ₺5"


@given(st.text(alphabet="0123456789 .,€$₽-руб\nkr'", max_size=200))
def test_sums_lie_in_the_text_one_after_another(text):
    folded, last = fold(text), 0
    for one in find_sums(folded, 100):
        assert last <= one.start <= one.number < one.end <= len(folded)
        assert one.amount > 0
        last = one.end
