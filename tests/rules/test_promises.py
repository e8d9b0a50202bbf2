"""Which times of a promise are asked about once more."""

from datetime import UTC, datetime, timedelta

import pytest

from discount_broker.escalation.rules import DoubtKind, doubts_about, key_of, recipient_of, side_of
from discount_broker.escalation.rules.promises import may_be_checked_at
from discount_broker.escalation.status import PromiseKind, PromiseSide, PromiseTo

NOW = datetime(2030, 1, 14, 9, tzinfo=UTC)  # a Monday, noon in Moscow


def moscow(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2030, 1, day, tzinfo=UTC) + timedelta(hours=hour - 3, minutes=minute)


@pytest.mark.parametrize(
    ("due_at", "doubt"),
    [
        (moscow(14, 15), None),
        (moscow(14, 18), None),
        (moscow(14, 19, 30), DoubtKind.AFTER_CLOSING),
        (moscow(15, 8, 59), DoubtKind.BEFORE_OPENING),
        (moscow(15, 9), None),
        (moscow(19, 12), DoubtKind.DAY_OFF),
        (moscow(14, 11), DoubtKind.PASSED),
        (NOW, DoubtKind.PASSED),
        (moscow(15, 12) + timedelta(weeks=5), None),
        (moscow(15, 12) + timedelta(weeks=52), DoubtKind.FAR),
    ],
)
def test_times_are_doubted_by_the_shops_clock(due_at: datetime, doubt: DoubtKind | None) -> None:
    assert [one.kind for one in doubts_about(due_at, NOW, "RU")] == ([doubt] if doubt else [])


def test_a_holiday_is_a_day_off_where_it_is_one() -> None:
    unity_day = datetime(2030, 10, 3, 10, tzinfo=UTC)
    assert [one.kind for one in doubts_about(unity_day, NOW, "DE")] == [DoubtKind.DAY_OFF]
    assert doubts_about(unity_day, unity_day - timedelta(days=1), "RU") == ()


def test_of_a_shop_whose_clock_nobody_knows_no_hour_is_doubted() -> None:
    assert doubts_about(moscow(15, 4), NOW, None) == ()
    assert [one.kind for one in doubts_about(moscow(19, 12), NOW, None)] == [DoubtKind.DAY_OFF]


def test_another_time_is_another_question() -> None:
    keys = {
        key_of(at, doubts_about(at, NOW, "RU")) for at in (moscow(14, 19), moscow(14, 20), moscow(19, 12))
    }
    assert len(keys) == 3


def test_whose_a_promise_is_follows_from_what_it_is() -> None:
    assert side_of(PromiseKind.CALL_SHOP) is PromiseSide.US
    assert side_of(PromiseKind.SEND_OFFER) is PromiseSide.SHOP
    assert recipient_of(PromiseKind.CALL_BUYER, PromiseSide.SHOP) is PromiseTo.BUYER
    assert recipient_of(PromiseKind.ANSWER_BY_MAIL, PromiseSide.SHOP) is PromiseTo.US
    assert recipient_of(PromiseKind.ANSWER_BY_MAIL, PromiseSide.US) is PromiseTo.SHOP


def test_the_buyer_is_asked_when_the_shop_has_had_half_an_hour_more() -> None:
    assert may_be_checked_at(moscow(14, 15), "RU") == moscow(14, 15, 30)
    assert may_be_checked_at(moscow(18, 18), "RU") == moscow(21, 9, 30)
