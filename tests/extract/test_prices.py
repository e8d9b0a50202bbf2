from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.discovery.extract.products.prices import parse_price


@pytest.mark.parametrize(
    ("text", "hint", "amount", "currency"),
    [
        ("12 990 ₽", None, "12990", "RUB"),
        ("12 990,50 руб.", None, "12990.50", "RUB"),
        ("4 690 Р", None, "4690", "RUB"),
        ("$1,299.99", None, "1299.99", "USD"),
        ("1.299,99 €", None, "1299.99", "EUR"),
        ("35€ 99", None, "35.99", "EUR"),
        ("2 шт. по 1 500 ₽", None, "1500", "RUB"),
        ("Скидка 10% 900 грн", None, "900", "UAH"),
        ("15 000 тг", None, "15000", "KZT"),
        ("NZD $25", None, "25", "NZD"),
        ("$25", "AUD", "25", "AUD"),
        ("199 kr", "NOK", "199", "NOK"),
        ("1 090 Kč", None, "1090", "CZK"),
        ("75,00", "€", "75.00", "EUR"),
        ("Free", None, "0", None),
        ("Was $120.00 Now $60.00", None, "60.00", "USD"),
        ("Was: $124.95 Now: $0.00", None, "124.95", "USD"),
        ("From 26 to 50 €", None, "26", "EUR"),
        ("50 - $2.00 100 - $2.75", None, "2.00", "USD"),
        ("$ 8. 94", None, "8.94", "USD"),
        ("AU $59.95", None, "59.95", "AUD"),
        ("- $44.99", None, "44.99", "USD"),
        ("0.001", None, "0.001", None),
        ("-5", None, None, None),
        ("25-09", None, None, None),
        ("Free shipping on orders $49+", None, None, "USD"),
        ("мин. заказ: 1", None, None, None),
        ("9" * 10_000, None, None, None),
        ("по запросу", None, None, None),
        ("", None, None, None),
    ],
)
def test_a_price_is_read_as_a_person_reads_it(text, hint, amount, currency):
    found, code = parse_price(text, hint)
    assert found == (None if amount is None else Decimal(amount))
    assert code == currency


@given(st.text(max_size=500), st.none() | st.text(max_size=20))
def test_no_text_breaks_the_reading_of_prices(text, hint):
    amount, currency = parse_price(text, hint)
    assert amount is None or (amount.is_finite() and amount >= 0)
    assert currency is None or len(currency) == 3
