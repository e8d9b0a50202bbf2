"""Until when an offer in a letter is good."""

from datetime import date

import pytest

from discount_broker.offers.extract.terms import find_term

WRITTEN_ON = date(2030, 1, 14)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Скидка 7 %, действует до 30 января.", date(2030, 1, 30)),
        ("Дадим 7 % до конца дня 30.01.2030", date(2030, 1, 30)),
        ("7 % off, valid until 30 January", date(2030, 1, 30)),
        ("Good through Friday. Yes, until Friday!", date(2030, 1, 18)),
        ("Скидка до 10.5 % на всё", None),
        ("Скидка до 10 %", None),
        ("До 20 января 7 %, до 30 января 5 %", None),
        ("Мы в отпуске с 20 января", None),
        ("Valid until 05/06", None),
        ("", None),
    ],
)
def test_a_term_is_the_one_day_named_after_until(text: str, day: date | None) -> None:
    assert find_term(text, WRITTEN_ON) == day
