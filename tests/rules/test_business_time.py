"""Waiting in a shop's working hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from discount_broker.kernel.business_time import DAY, add_business_time, is_working_day, zone_of
from discount_broker.outreach.rules import step_ends_at


def local(zone: str, *moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("why", "country", "zone", "start", "end"),
    [
        ("a day later in the week", "RU", "Europe/Moscow", (2030, 1, 14, 12), (2030, 1, 15, 12)),
        ("over the weekend", "RU", "Europe/Moscow", (2030, 1, 18, 12), (2030, 1, 21, 12)),
        ("written on a Sunday", "RU", "Europe/Moscow", (2030, 1, 20, 15), (2030, 1, 21, 18)),
        ("before opening", "RU", "Europe/Moscow", (2030, 1, 15, 6), (2030, 1, 15, 18)),
        ("after closing", "RU", "Europe/Moscow", (2030, 1, 15, 22), (2030, 1, 16, 18)),
        ("at the moment of closing", "RU", "Europe/Moscow", (2030, 1, 15, 18), (2030, 1, 16, 18)),
        ("at opening", "RU", "Europe/Moscow", (2030, 1, 15, 9), (2030, 1, 15, 18)),
        ("over the New Year holidays", "RU", "Europe/Moscow", (2029, 12, 31, 12), (2030, 1, 9, 12)),
        ("over Victory Day", "RU", "Europe/Moscow", (2030, 5, 8, 12), (2030, 5, 10, 12)),
        (
            "Victory Day is a day like others elsewhere",
            "FR",
            "Europe/Paris",
            (2030, 5, 9, 12),
            (2030, 5, 10, 12),
        ),
        ("over German Unity Day", "DE", "Europe/Berlin", (2030, 10, 2, 12), (2030, 10, 4, 12)),
        ("clocks go forward on the Sunday", "DE", "Europe/Berlin", (2030, 3, 29, 12), (2030, 4, 1, 12)),
        ("clocks go back on the Sunday", "DE", "Europe/Berlin", (2030, 10, 25, 12), (2030, 10, 28, 12)),
        ("of a country nobody named", None, "UTC", (2030, 1, 14, 12), (2030, 1, 15, 12)),
        ("of a country without a calendar", "XX", "UTC", (2030, 1, 1, 12), (2030, 1, 2, 12)),
    ],
)
def test_a_day_of_business_time(
    why: str, country: str | None, zone: str, start: tuple[int, ...], end: tuple[int, ...]
) -> None:
    assert step_ends_at(local(zone, *start), country) == local(zone, *end), why


def test_the_answer_is_in_universal_time() -> None:
    ends_at = add_business_time(datetime(2030, 1, 14, 9, tzinfo=UTC), DAY, "RU")
    assert ends_at == datetime(2030, 1, 15, 9, tzinfo=UTC)
    assert ends_at.tzinfo is UTC


def test_a_span_longer_than_a_day_takes_several() -> None:
    start = local("Europe/Moscow", 2030, 1, 14, 9)
    assert add_business_time(start, timedelta(hours=20), "RU") == local("Europe/Moscow", 2030, 1, 16, 11)


def test_no_wait_ends_at_night() -> None:
    start = datetime(2030, 1, 1, tzinfo=UTC)
    for hours in range(0, 24 * 20, 7):
        ends_at = add_business_time(start + timedelta(hours=hours), timedelta(hours=3), "KZ")
        assert 9 <= ends_at.astimezone(zone_of("KZ")).hour <= 18


def test_saturdays_and_holidays_are_no_working_days() -> None:
    assert not is_working_day(date(2030, 1, 19), "RU")
    assert not is_working_day(date(2030, 1, 7), "RU")
    assert is_working_day(date(2030, 1, 7), "PL")
    assert is_working_day(date(2030, 1, 14), None)
