"""What buyers say of when they want to be left alone."""

from datetime import date

import pytest

from discount_broker.accounts.rules.wish_words import read_wishes
from discount_broker.accounts.rules.wishes import Wish
from discount_broker.accounts.status import ContactWishKind

TODAY = date(2026, 11, 22)
"""A Sunday."""
WRITE = Wish(kind=ContactWishKind.WRITE_ONLY)


def quiet(begin: int, end: int) -> Wish:
    return Wish(kind=ContactWishKind.QUIET_HOURS, from_minute=begin * 60, until_minute=end * 60)


def off(month: int, day: int) -> Wish:
    return Wish(kind=ContactWishKind.NOT_ON, on_day=date(2026, month, day))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("сплю с 13 до 15", [quiet(13, 15)]),
        ("asleep 13:00 to 15:00", [quiet(13, 15)]),
        ("please do not call between 1 pm and 3 pm", [quiet(13, 15)]),
        ("не звонить с 22:00 до 9:00", [quiet(22, 9)]),
        ("звоните с 10 до 12", [quiet(12, 10)]),
        ("after 6 p.m.", [quiet(0, 18)]),
        ("звонить после 18", [quiet(0, 18)]),
        ("не звоните после 9 вечера", [quiet(21, 0)]),
        ("не раньше 10", [quiet(0, 10)]),
        ("13–15", [quiet(13, 15)]),
        ("не звонить, писать", [WRITE]),
        ("Write, do not call", [WRITE]),
        ("only by e-mail", [WRITE]),
        ("not on Friday 27th", [off(11, 27)]),
        ("не в пятницу 27 ноября", [off(11, 27)]),
        ("не 27.11", [off(11, 27)]),
        ("не звонить завтра", [off(11, 23)]),
        ("not on 2026-12-01", [off(12, 1)]),
        ("not on Tuesday", [off(11, 24)]),
        ("a pleasant person", []),
        ("", []),
    ],
)
def test_plain_words_are_understood(words: str, meant: list[Wish]) -> None:
    assert read_wishes(words, TODAY) == meant


def test_a_day_and_hours_in_one_sentence_are_two_wishes() -> None:
    assert read_wishes("не звонить с 13 до 15 и завтра тоже", TODAY) == [quiet(13, 15), off(11, 23)]


@pytest.mark.parametrize("words", ["с 77 до 99", "99.99", "31 февраля", "٣ to ٥", "1" * 5000])
def test_what_no_clock_or_calendar_shows_means_nothing(words: str) -> None:
    assert read_wishes(words, TODAY) in ([], [quiet(3, 5)])
