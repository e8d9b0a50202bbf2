from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from discount_broker.accounts.rules.passwords import password_mistake
from discount_broker.accounts.rules.second_factor import (
    in_groups,
    is_app_code,
    matching_step,
    plain_recovery_code,
    setup_address,
    step_of,
)
from discount_broker.accounts.rules.sessions import browser_words, is_over, short_address

SECRET = b32encode(b"12345678901234567890").decode()
NOW = datetime(2030, 1, 14, 9, 0, tzinfo=UTC)
STEP = timedelta(seconds=30)


def code_at(at: datetime) -> str:
    return pyotp.TOTP(SECRET).at(at)


@pytest.mark.parametrize(
    ("seconds", "eight_digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_of_rfc_6238_are_right_ones(seconds: int, eight_digits: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert matching_step(SECRET, eight_digits[-6:], at, None) == seconds // 30


def test_a_code_may_be_one_step_early_or_late_and_no_more() -> None:
    found = [matching_step(SECRET, code_at(NOW + STEP * n), NOW, None) for n in (-2, -1, 0, 1, 2)]
    here = step_of(NOW)
    assert found == [None, here - 1, here, here + 1, None]


def test_no_code_counts_twice_nor_one_before_it() -> None:
    step = matching_step(SECRET, code_at(NOW), NOW, None)
    assert matching_step(SECRET, code_at(NOW), NOW, step) is None
    assert matching_step(SECRET, code_at(NOW - STEP), NOW, step) is None
    assert matching_step(SECRET, code_at(NOW + STEP), NOW, step) == step_of(NOW) + 1


@pytest.mark.parametrize("typed", ["", "abc", "12345", "1234567", "٠١٢٣٤٥", "0" * 5000])
def test_what_is_no_code_is_wrong(typed: str) -> None:
    assert matching_step(SECRET, typed, NOW, None) is None


def test_a_code_is_read_as_people_type_it() -> None:
    code = code_at(NOW)
    assert matching_step(SECRET, f" {code[:3]} {code[3:]} ", NOW, None) == step_of(NOW)
    assert is_app_code("123 456")
    assert not is_app_code("abcde-fghj2")
    assert plain_recovery_code(" ABCDE fghj2\n") == "abcdefghj2"


def test_a_secret_is_told_in_groups_and_as_an_address_for_the_phone() -> None:
    assert in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"
    address = setup_address(SECRET, "olga@desk.example", "Discount Broker")
    assert address == (
        f"otpauth://totp/Discount%20Broker:olga%40desk.example?secret={SECRET}&issuer=Discount%20Broker"
    )


@pytest.mark.parametrize(
    ("password", "mistake"),
    [
        ("too short", "password_short"),
        ("x" * 257, "password_long"),
        ("aaaaaaaaaaaa", "password_common"),
        ("1212121212", "password_common"),
        ("1234567890", "password_common"),
        ("password123", "password_common"),
        ("Password!2026", "password_common"),
        ("qwertyqwerty", "password_common"),
        ("йцукен12345", "password_common"),
        ("abcdefghij", "password_common"),
        ("OlgaPetrova1", "password_personal"),
        ("olga@desk.example", "password_personal"),
        ("petrova-1985", "password_personal"),
        ("olga paints the fence", None),
        ("4820193746", None),
        ("a long password", None),
        ("correct horse", None),
    ],
)
def test_a_password_is_long_and_neither_everybodys_nor_ones_own_name(
    password: str, mistake: str | None
) -> None:
    assert password_mistake(password, email="olga@desk.example", name="Olga Petrova") == mistake


@pytest.mark.parametrize(
    ("idle", "old", "over"),
    [
        (timedelta(), timedelta(), False),
        (timedelta(hours=11, minutes=59), timedelta(hours=12), False),
        (timedelta(hours=12), timedelta(hours=12), True),
        (timedelta(), timedelta(days=7), True),
        (timedelta(), timedelta(days=6, hours=23), False),
    ],
)
def test_a_session_ends_when_it_is_idle_or_old(idle: timedelta, old: timedelta, over: bool) -> None:
    assert is_over(NOW - old, NOW - idle, NOW) is over


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 YaBrowser/24.6 Safari/537.36",
            "Yandex Browser, Android",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("<script>alert(1)</script>" + "x" * 100, ("scriptalert1/script" + "x" * 100)[:40]),
        ("", ""),
    ],
)
def test_a_browser_is_told_in_words(user_agent: str, words: str) -> None:
    assert browser_words(user_agent) == words


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.77", "203.0.113.…"),
        ("2001:db8:1:2::/64", "2001:db8:1::…"),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_of_an_address_only_the_network_is_kept(address: str, shown: str) -> None:
    assert short_address(address) == shown
