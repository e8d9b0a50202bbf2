from decimal import Decimal

import pytest

from discount_broker.kernel.errors import Refused
from discount_broker.offers.rules.coding import read_code, written_code
from discount_broker.offers.rules.countering import Counter, Standing, check_counter

TEN_OFF = Standing(full=Decimal(10000), final=Decimal(9000), percent=Decimal(10))
A_GIFT = Standing(full=Decimal(10000), final=Decimal(10000), percent=None)
UNPRICED = Standing(full=None, final=None, percent=Decimal(10))


def a_counter(percent: str | None = None, price: str | None = None) -> Counter:
    return Counter(percent=Decimal(percent) if percent else None, price=Decimal(price) if price else None)


@pytest.mark.parametrize(
    ("counter", "standing"),
    [
        (a_counter(percent="10.5"), TEN_OFF),
        (a_counter(price="8999.99"), TEN_OFF),
        (a_counter(price="1000"), TEN_OFF),
        (a_counter(percent="90"), TEN_OFF),
        (a_counter(percent="1"), A_GIFT),
        (a_counter(price="9999"), A_GIFT),
        (a_counter(percent="11"), UNPRICED),
        (a_counter(price="5"), UNPRICED),
    ],
    ids=str,
)
def test_less_than_is_offered_may_be_asked_for(counter: Counter, standing: Standing) -> None:
    check_counter(counter, standing)


@pytest.mark.parametrize(
    ("counter", "standing", "code"),
    [
        (a_counter(), TEN_OFF, "counter_missing"),
        (a_counter(price="-1"), TEN_OFF, "counter_missing"),
        (a_counter(price="NaN"), TEN_OFF, "counter_missing"),
        (a_counter(price="9000"), TEN_OFF, "counter_not_lower"),
        (a_counter(price="9500"), TEN_OFF, "counter_not_lower"),
        (a_counter(percent="10"), TEN_OFF, "counter_not_lower"),
        (a_counter(percent="0.5"), TEN_OFF, "percent_out_of_range"),
        (a_counter(percent="91"), TEN_OFF, "percent_out_of_range"),
        (a_counter(price="999.99"), TEN_OFF, "counter_too_low"),
        (a_counter(price="10000"), A_GIFT, "counter_not_lower"),
        (a_counter(percent="10"), UNPRICED, "counter_not_lower"),
    ],
    ids=str,
)
def test_what_asks_for_no_more_or_for_too_much_is_refused(
    counter: Counter, standing: Standing, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_counter(counter, standing)
    assert refused.value.code == code


@pytest.mark.parametrize("typed", ["K7M2-9QX4", "k7m29qx4", " K7M2 9QX4 ", "K7M2–9QX4"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == written_code("K7M29QX4") == "K7M2-9QX4"


@pytest.mark.parametrize("typed", ["", "K7M2", "K7M2-9QX44", "K7M2-9QX0", "К7М2-9QХ4", "R-7K2M9"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
