"""When a price has fallen, and when it only seems to."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from discount_broker.kernel.errors import Refused
from discount_broker.watches.rules import (
    BETWEEN_READINGS,
    LONGEST_PAUSE,
    Read,
    check_watch,
    has_come,
    is_gone,
    lowest,
    next_reading_at,
    raise_of,
    raised_from,
)
from discount_broker.watches.status import WatchKind

NOW = datetime(2030, 1, 31, 9, 0, tzinfo=UTC)


def reads(*prices: int | None, currency: str = "RUB") -> list[Read]:
    """One a day, the last one today."""
    first = NOW - timedelta(days=len(prices) - 1)
    return [
        Read(
            at=first + timedelta(days=n),
            price=None if price is None else Decimal(price),
            currency=None if price is None else currency,
            availability="in_stock",
            failure="" if price else "too_slow",
        )
        for n, price in enumerate(prices)
    ]


@pytest.mark.parametrize(
    ("prices", "before"),
    [
        ((100, 130, 100), 100),
        ((100, 130, 105), 100),
        ((100, 100, None, 140, 140, 99), 100),
        ((90, 100, 130, 95), 90),
    ],
    ids=["back to where it was", "above where it was", "hardly below", "in two steps"],
)
def test_a_price_that_was_raised_before_it_was_reduced_is_noticed(
    prices: tuple[int | None, ...], before: int
) -> None:
    assert raised_from(reads(*prices), NOW) == before


@pytest.mark.parametrize(
    ("prices", "top", "real_drop"), [((100, 130, 105), 130, 0), ((100, 140, 130, 95), 140, 5)]
)
def test_what_it_was_raised_to_and_what_is_left_of_the_reduction(
    prices: tuple[int, ...], top: int, real_drop: int
) -> None:
    found = raise_of(reads(*prices), NOW)
    assert found is not None
    assert (found.before, found.top, found.today, found.real_drop) == (100, top, prices[-1], real_drop)


@pytest.mark.parametrize(
    "prices",
    [(100,), (100, 90), (130, 120, 100), (100, 102, 90), (100, 120, 60), (100, 120, 120), (None, None, 100)],
    ids=["one", "two", "only down", "hardly raised", "truly reduced", "raised and left", "unknown"],
)
def test_an_honest_price_is_not_suspected(prices: tuple[int | None, ...]) -> None:
    assert raised_from(reads(*prices), NOW) is None


def test_what_lies_more_than_thirty_days_back_does_not_count() -> None:
    old = [100, 130, *[110] * 32]
    assert raised_from(reads(*old), NOW) is None
    assert lowest(reads(*old), NOW) is None


def test_the_lowest_price_is_told_where_it_is_not_that_of_today() -> None:
    assert lowest(reads(100, 80, 90), NOW) == 80
    assert lowest(reads(100, 90, 80), NOW) is None
    assert lowest([], NOW) is None


def test_prices_in_other_money_are_not_compared() -> None:
    mixed = [*reads(10, 12, currency="EUR"), *reads(1000)]
    assert raised_from(mixed, NOW) is None
    assert lowest(mixed, NOW) is None


@pytest.mark.parametrize(
    ("kind", "read", "come"),
    [
        (WatchKind.BELOW, {"price": Decimal(90), "currency": "RUB", "availability": "in_stock"}, True),
        (WatchKind.BELOW, {"price": Decimal(100), "currency": "RUB"}, True),
        (WatchKind.BELOW, {"price": Decimal(101), "currency": "RUB"}, False),
        (WatchKind.BELOW, {"price": Decimal(90), "currency": "EUR"}, False),
        (WatchKind.BELOW, {"price": Decimal(90), "currency": "RUB", "availability": "out_of_stock"}, False),
        (WatchKind.BELOW, {"price": None}, False),
        (WatchKind.BACK, {"availability": "in_stock"}, True),
        (WatchKind.BACK, {"availability": "out_of_stock"}, False),
        (WatchKind.BACK, {"availability": "unknown"}, False),
        (WatchKind.BACK, {"availability": "in_stock", "failure": "too_slow"}, False),
    ],
)
def test_what_was_waited_for_has_come_or_not(kind: WatchKind, read: dict[str, object], come: bool) -> None:
    below = Decimal(100) if kind is WatchKind.BELOW else None
    assert has_come(kind, below, "RUB", Read(at=NOW, **read)) is come  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "below", "price", "availability", "code"),
    [
        (WatchKind.BACK, None, Decimal(100), "in_stock", "back_already"),
        (WatchKind.BELOW, None, Decimal(100), "in_stock", "price_missing"),
        (WatchKind.BELOW, Decimal(-5), Decimal(100), "in_stock", "price_not_positive"),
        (WatchKind.BELOW, Decimal("NaN"), Decimal(100), "in_stock", "price_not_positive"),
        (WatchKind.BELOW, Decimal(100), Decimal(100), "in_stock", "below_not_lower"),
        (WatchKind.BELOW, Decimal(100), None, "in_stock", "watch_price_unknown"),
    ],
)
def test_waiting_for_what_is_there_or_cannot_be_seen_is_refused(
    kind: WatchKind, below: Decimal | None, price: Decimal | None, availability: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_watch(kind, below, price, availability)
    assert refused.value.code == code


def test_a_page_is_read_once_a_day_and_less_often_where_it_brings_nothing() -> None:
    pauses = [next_reading_at(failures, NOW) - NOW for failures in range(6)]
    assert pauses[0] == BETWEEN_READINGS
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
    assert next_reading_at(10_000, NOW) - NOW == LONGEST_PAUSE


def test_a_page_is_gone_when_it_was_missing_three_times() -> None:
    assert not is_gone(2, "http_404")
    assert is_gone(3, "http_404")
    assert not is_gone(30, "too_slow")
