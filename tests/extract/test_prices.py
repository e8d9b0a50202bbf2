from decimal import Decimal

import pytest

from discount_broker.discovery.extract.prices import parse_price


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
        ("по запросу", None, None, None),
        ("", None, None, None),
    ],
)
def test_a_price_is_read_as_a_person_reads_it(text, hint, amount, currency):
    found, code = parse_price(text, hint)
    assert found == (None if amount is None else Decimal(amount))
    assert code == currency
