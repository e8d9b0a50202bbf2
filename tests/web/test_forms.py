from decimal import Decimal

import pytest

from discount_broker.web.forms import read_number


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("10", "10"),
        ("10 %", "10"),
        ("12,5", "12.5"),
        ("12.5%", "12.5"),
        ("12 990 ₽", "12990"),
        ("12\u00a0990,50", "12990.50"),
        ("12,990", "12990"),
        ("12.990", "12990"),
        ("1,299.00", "1299.00"),
        ("1.299,00 €", "1299.00"),
        ("1.299.000", "1299000"),
        ("-5", "-5"),
    ],
)
def test_a_number_is_read_in_the_spelling_people_use(written: str, meant: str) -> None:
    assert read_number(written) == Decimal(meant)


@pytest.mark.parametrize("written", ["", "ten", "%", "-", ".", ",,"])
def test_no_number_is_read_where_there_is_none(written: str) -> None:
    assert read_number(written) is None
