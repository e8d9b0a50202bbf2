"""When a shop is open, by its own word."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from discount_broker.kernel.business_time import (
    Calendar,
    add_business_time,
    business_seconds_between,
    is_working_day,
    next_opening,
)
from discount_broker.kernel.errors import Refused
from discount_broker.shops.extract.opening_hours import calendar_from, closed_days_typed, hours_typed

MOSCOW = ZoneInfo("Europe/Moscow")
HOUR = timedelta(hours=1)
MONDAY = date(2030, 1, 14)
WEEKEND = {"sat": ["10:00", "16:00"], "sun": ["10:00", "14:00"]}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2030, 1, day, hour, minute, tzinfo=MOSCOW).astimezone(UTC)


def test_a_shop_that_has_said_nothing_keeps_the_hours_of_its_country() -> None:
    said_nothing = calendar_from("RU", {}, ())
    assert said_nothing.open_on(MONDAY) == (time(9), time(18))
    assert said_nothing.open_on(date(2030, 1, 19)) is None
    assert add_business_time(at(14, 17), 2 * HOUR, said_nothing) == add_business_time(
        at(14, 17), 2 * HOUR, "RU"
    )


def test_its_own_hours_count_at_weekends_and_not_on_working_days() -> None:
    own = calendar_from("RU", WEEKEND, ())
    assert not is_working_day(MONDAY, own)
    assert add_business_time(at(14, 9), 7 * HOUR, own) == at(20, 11)
    assert business_seconds_between(at(14, 0), at(21, 0), own) == 10 * 3600


def test_its_own_holidays_and_those_of_its_country_are_no_business_time() -> None:
    away = calendar_from("RU", {}, ("2030-01-15/2030-01-16", "2030-01-18"))
    assert add_business_time(at(14, 18), HOUR, away) == at(17, 10)
    assert not is_working_day(date(2030, 1, 18), away)
    assert not is_working_day(date(2030, 1, 7), calendar_from("RU", {"mon": ["09:00", "21:00"]}, ()))


@pytest.mark.parametrize(
    ("start", "welcome"), [(at(14, 12), at(19, 10)), (at(19, 11), at(19, 11)), (at(20, 15), at(26, 10))]
)
def test_letters_leave_when_it_is_open(start: datetime, welcome: datetime) -> None:
    own = calendar_from("RU", WEEKEND, ())
    assert next_opening(start, own, MOSCOW, (8, 20)) == welcome
    assert next_opening(start, own, MOSCOW, (0, 24)) == welcome


def test_where_letters_leave_at_any_hour_they_wait_for_its_own_holidays_alone() -> None:
    away = calendar_from("RU", {}, ("2030-01-19",))
    assert next_opening(at(18, 23), away, MOSCOW, (0, 24)) == at(18, 23)
    assert next_opening(at(19, 1), away, MOSCOW, (0, 24)) == at(20, 0)
    assert next_opening(at(18, 23), away, MOSCOW, (8, 20)) == at(21, 8)


@pytest.mark.parametrize(
    "hours",
    [
        {"mon": ["18:00", "09:00"]},
        {"mon": ["9"]},
        {"mon": []},
        {"mon": ["x", "y"]},
        {"day": ["09:00", "18:00"]},
    ],
)
def test_hours_that_cannot_be_read_are_taken_as_not_said(hours: dict[str, list[str]]) -> None:
    assert calendar_from("RU", hours, ("x", "2030-99-01")) == Calendar("RU")


def test_hours_are_typed_as_people_write_them() -> None:
    typed = {"mon": ("9", "18.30"), "sat": (" 10:00 ", "24:00"), "sun": ("", "")}
    assert hours_typed(typed) == {"mon": ["09:00", "18:30"], "sat": ["10:00", "23:59"]}


@pytest.mark.parametrize(
    ("begins", "ends", "code"),
    [
        ("9", "", "hours_half"),
        ("", "18", "hours_half"),
        ("nine", "18", "hours_unclear"),
        ("9", "25:00", "hours_unclear"),
        ("9:99", "18", "hours_unclear"),
        ("18", "9", "hours_backwards"),
        ("9", "9", "hours_backwards"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(begins: str, ends: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        hours_typed({"tue": (begins, ends)})
    assert (refused.value.code, refused.value.field) == (code, "tue")


def test_holidays_are_typed_a_line_each() -> None:
    typed = "2030-02-01\n10.03.2030 – 12.03.2030, 2030-03-20/2030-03-21\n\n2029-12-31\n2030-01-10-2030-01-14"
    assert closed_days_typed(typed, MONDAY) == [
        "2030-01-10/2030-01-14",
        "2030-02-01",
        "2030-03-10/2030-03-12",
        "2030-03-20/2030-03-21",
    ]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("next week", "closed_unclear"),
        ("2030-02-31", "closed_unclear"),
        ("2030-02-01 2030-02-02 2030-02-03", "closed_unclear"),
        ("2030-02-02 - 2030-02-01", "closed_backwards"),
        ("2030-02-01 - 2030-06-01", "closed_long"),
        ("2033-02-01", "closed_far"),
        (
            "\n".join(f"2030-{month}-{day:02}" for month in ("02", "03") for day in range(1, 20)),
            "too_many_closed",
        ),
    ],
)
def test_holidays_that_cannot_be_meant_are_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        closed_days_typed(typed, MONDAY)
    assert refused.value.code == code
