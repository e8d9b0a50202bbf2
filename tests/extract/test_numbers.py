from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.discovery.extract.products.numbers import read_number


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("12990", "12990"),
        ("1,234", "1234"),
        ("1.234", "1234"),
        ("1.5", "1.5"),
        ("1,50", "1.50"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1,234.567", "1234.567"),
        ("1.234.567", "1234567"),
        ("1'299.90", "1299.90"),
        (".75", "0.75"),
        ("0.001", "0.001"),
        ("1.23456", "1.23456"),
        ("", None),
        (".", None),
        ("9" * 50, None),
        ("9" * 13, None),
    ],
)
def test_the_mark_before_the_cents_is_told_from_the_one_between_thousands(written, amount):
    assert read_number(written) == (None if amount is None else Decimal(amount))


@given(st.text(alphabet="0123456789.,' ", max_size=60))
def test_whatever_stands_there_is_a_number_of_a_price_or_none(written):
    amount = read_number(written)
    assert amount is None or (amount.is_finite() and 0 <= amount < 10**12)
