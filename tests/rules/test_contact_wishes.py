"""When a buyer may be rung."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discount_broker.accounts.rules.wishes import Wish, is_allowed, next_allowed
from discount_broker.accounts.status import ContactWishKind, Means

MOSCOW, BERLIN = "Europe/Moscow", "Europe/Berlin"
ZONES = (MOSCOW, BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
WRITE_ONLY = Wish(kind=ContactWishKind.WRITE_ONLY)


def quiet(begins: str, ends: str) -> Wish:
    return Wish(kind=ContactWishKind.QUIET_HOURS, from_minute=minute(begins), until_minute=minute(ends))


def not_on(day: date) -> Wish:
    return Wish(kind=ContactWishKind.NOT_ON, on_day=day)


def minute(shown: str) -> int:
    hour, minutes = shown.split(":")
    return int(hour) * 60 + int(minutes)


def at(text: str, zone: str = MOSCOW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_a_call_in_the_quiet_hours_waits_until_they_end() -> None:
    wish = quiet("13:00", "15:00")
    assert next_allowed(at("2026-11-20 13:30"), [wish], MOSCOW, means=Means.CALL) == at("2026-11-20 15:00")


@pytest.mark.parametrize("time", ["12:59", "15:00"])
def test_the_minutes_before_and_after_the_quiet_hours_are_free(time: str) -> None:
    moment = at(f"2026-11-20 {time}")
    assert next_allowed(moment, [quiet("13:00", "15:00")], MOSCOW, means="sms") == moment


@pytest.mark.parametrize(("time", "day"), [("23:30", 21), ("02:00", 20)])
def test_quiet_hours_go_on_over_midnight(time: str, day: int) -> None:
    wish = quiet("22:00", "08:30")
    free = next_allowed(at(f"2026-11-20 {time}"), [wish], MOSCOW, means=Means.SMS)
    assert free == at(f"2026-11-{day} 08:30")


def test_who_wants_to_be_written_to_is_never_called_but_may_be_sent_a_text() -> None:
    now = at("2026-11-20 12:00")
    assert next_allowed(now, [WRITE_ONLY], MOSCOW, means=Means.CALL) is None
    assert next_allowed(now, [WRITE_ONLY], MOSCOW, means=Means.SMS) == now


def test_a_day_off_ends_at_midnight_of_the_buyers_own_clock() -> None:
    wish = not_on(date(2026, 11, 27))
    assert next_allowed(at("2026-11-27 00:00"), [wish], MOSCOW, means="call") == at("2026-11-28 00:00")


def test_after_a_day_off_the_quiet_hours_of_the_night_still_hold() -> None:
    wishes = [not_on(date(2026, 11, 27)), quiet("21:00", "09:00")]
    assert next_allowed(at("2026-11-27 12:00"), wishes, MOSCOW, means="call") == at("2026-11-28 09:00")


def test_who_leaves_no_minute_free_is_never_rung() -> None:
    wishes = [quiet("08:00", "20:00"), quiet("20:00", "08:00")]
    assert next_allowed(at("2026-11-20 12:00"), wishes, MOSCOW, means="sms") is None


def test_an_end_that_the_clock_jumps_over_is_the_jump() -> None:
    # On 29 March 2026 Berlin goes from 2:00 to 3:00.
    wish = quiet("00:00", "02:30")
    free = next_allowed(at("2026-03-29 01:00", BERLIN), [wish], BERLIN, means="sms")
    assert free == at("2026-03-29 03:00", BERLIN)


def test_an_hour_that_comes_twice_is_quiet_twice() -> None:
    # On 25 October 2026 Berlin shows the hour from 2:00 to 3:00 twice.
    wish = quiet("02:10", "02:20")
    second = datetime(2026, 10, 25, 2, 15, tzinfo=ZoneInfo(BERLIN), fold=1).astimezone(UTC)
    assert next_allowed(second, [wish], BERLIN, means="sms") == second + timedelta(minutes=5)


MINUTE = st.integers(0, 24 * 60 - 1)
NEAR_A_CHANGE = st.sampled_from(
    [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 4, 4, tzinfo=UTC)]
)
MOMENT = st.builds(lambda begin, n: begin + timedelta(minutes=n), NEAR_A_CHANGE, st.integers(0, 3 * 1440))
HOURS = st.builds(
    lambda begin, end: Wish(kind=ContactWishKind.QUIET_HOURS, from_minute=begin, until_minute=end),
    MINUTE,
    MINUTE,
)
DAYS = st.builds(
    lambda begin, n: not_on((begin + timedelta(days=n)).date()), NEAR_A_CHANGE, st.integers(0, 4)
)
WISHES = st.lists(HOURS | DAYS, max_size=3)


@given(moment=MOMENT, wishes=WISHES, zone=st.sampled_from(ZONES))
@settings(max_examples=150)
def test_it_is_the_first_minute_that_no_wish_forbids(moment: datetime, wishes: list[Wish], zone: str) -> None:
    free = next_allowed(moment, wishes, zone, means=Means.SMS)
    walked, clock = moment, ZoneInfo(zone)
    for _ in range(9 * 1440):
        if not any(wish.forbids(walked.astimezone(clock)) for wish in wishes):
            break
        walked += timedelta(minutes=1)
    else:
        assert free is None
        return
    assert free == walked


@given(moment=MOMENT, wishes=WISHES, zone=st.sampled_from(ZONES))
def test_what_was_moved_once_stays_where_it_is(moment: datetime, wishes: list[Wish], zone: str) -> None:
    free = next_allowed(moment, wishes, zone, means=Means.CALL)
    if free is not None:
        assert free >= moment
        assert is_allowed(free, wishes, zone, means=Means.CALL)
