"""Parts of a text on the air, words that say stop, numbers, and the hours at which a phone may ring."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.messaging.extract.phone_numbers import textable_number, zones_of_number
from discount_broker.messaging.extract.segments import Encoding, as_sent, measure
from discount_broker.messaging.extract.stop_words import says_stop
from discount_broker.notifications.rules import is_quiet, when_to_ring

MOSCOW = "Europe/Moscow"


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("", "gsm7", 1),
        ("a" * 160, "gsm7", 1),
        ("a" * 161, "gsm7", 2),
        ("a" * 306, "gsm7", 2),
        ("a" * 307, "gsm7", 3),
        ("€" * 80, "gsm7", 1),
        ("€" * 81, "gsm7", 2),
        ("a" * 152 + "€" + "a" * 152, "gsm7", 3),
        ("ж" * 70, "ucs2", 1),
        ("ж" * 71, "ucs2", 2),
        ("ж" * 134, "ucs2", 2),
        ("ж" * 135, "ucs2", 3),
        ("a" * 100 + "ж", "ucs2", 2),
        ("😀" * 35, "ucs2", 1),
        ("😀" * 36, "ucs2", 2),
        ("😀" * 66, "ucs2", 2),
        ("😀" * 67, "ucs2", 3),
        ("a`b", "ucs2", 1),
        ("№1", "ucs2", 1),
        ("a–b", "ucs2", 1),
        ("tab\there", "ucs2", 1),
        ("[ok] {yes} ~ | ^ \\", "gsm7", 1),
        ("Ü Ñ Ω ¿ §", "gsm7", 1),
    ],
)
def test_a_text_takes_the_parts_that_the_air_takes(text: str, encoding: str, parts: int) -> None:
    measured = measure(text)
    assert (measured.encoding, measured.parts) == (encoding, parts)


@given(st.text(max_size=700))
def test_parts_hold_all_units_and_no_part_too_many(text: str) -> None:
    measured = measure(text)
    single, each = (160, 153) if measured.encoding is Encoding.GSM7 else (70, 67)
    if measured.units <= single:
        assert measured.parts == 1
    else:  # a pair that may not be split leaves at most one place of a part empty
        assert measured.units <= measured.parts * each
        assert measured.units > (measured.parts - 1) * (each - 1)


@given(st.text(alphabet="абв «»—…abc`№", max_size=100))
def test_making_signs_plain_never_costs_a_part_and_never_takes_a_letter(text: str) -> None:
    sent = as_sent(text)
    assert measure(sent).parts <= measure(text).parts
    assert [sign for sign in sent if sign.isalpha()] == [sign for sign in text if sign.isalpha()]


def test_typographic_signs_are_made_plain_where_that_saves_the_text() -> None:
    assert as_sent("Bosch «GSR» – 10 % off…") == 'Bosch "GSR" - 10 % off...'
    assert as_sent("Дрель «GSR» – 10\u00a0%") == "Дрель «GSR» – 10 %"


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "Stop.", "stop please", "Please stop", "Stop. Thank you", "STOP ALL", "s t o p", "S.T.O.P",
        "UNSUBSCRIBE", "opt-out", "Opt out", "quit", "CANCEL", "End", "don't text me again",
        "Do not message me", "no more texts thanks", "Stop texting me, I have asked you twice already",
        "СТОП", "стоп!", " Стоп ", "CTOП", "СTOP", "CTOP", "cnjg", "ЫЕЩЗ", "Отписка", "Отписаться", "отказ",
        "Отмена", "Не пишите мне больше", "больше не присылайте", "Хватит!", "Прекратите",
        "пожалуйста прекратите", "Удалите меня", "уберите мой номер из вашей базы, я ничего не заказывал",
        "не беспокойте", "STOP\n\nSent from my phone", "ＳＴＯＰ",
    ],
)  # fmt: skip
def test_a_stop_is_heard_however_it_is_spelled(text: str) -> None:
    assert says_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "👍", "Yes", "Да", "Спасибо", "ok, thanks", "don't stop", "не отписывайте меня",
        "never cancel it", "I will come to the shop by the bus stop near the station tomorrow",
        "Когда закончится акция в этом магазине?", "Сколько стоит доставка", "11990", "Я хочу эту скидку",
        "The weekend would be best for me to come by and pay",
    ],
)  # fmt: skip
def test_another_answer_is_no_stop(text: str) -> None:
    assert not says_stop(text)


@pytest.mark.parametrize(
    ("written", "home", "number"),
    [
        ("8 916 123-45-67", MOSCOW, "+79161234567"),
        ("+7 (916) 123 45 67", "Europe/Berlin", "+79161234567"),
        ("79161234567", MOSCOW, "+79161234567"),
        ("0151 23456789", "Europe/Berlin", "+4915123456789"),
        ("+1 415 555 2671", MOSCOW, "+14155552671"),
        ("8 495 123-45-67", MOSCOW, None),
        ("8 800 555 35 35", MOSCOW, None),
        ("8 916 123-45-67", "UTC", None),
        ("call me", MOSCOW, None),
        ("", MOSCOW, None),
        ("1" * 500, MOSCOW, None),
    ],
)
def test_only_numbers_that_take_texts_are_taken(written: str, home: str, number: str | None) -> None:
    assert textable_number(written, home) == number


def test_a_number_of_our_own_country_keeps_our_own_clock() -> None:
    assert zones_of_number("+79161234567", MOSCOW) == (MOSCOW,)
    assert zones_of_number("+4915123456789", MOSCOW)[0] == "Europe/Berlin"
    assert len(zones_of_number("+14155552671", MOSCOW)) > 4


@pytest.mark.parametrize(
    ("now", "rings"),
    [("09:00", "09:00"), ("20:59", "20:59"), ("21:00", "09:00"), ("03:10", "09:00"), ("08:59", "09:00")],
)
def test_a_phone_rings_between_nine_and_nine_of_its_owner(now: str, rings: str) -> None:
    at = datetime.fromisoformat(f"2030-01-14T{now}").replace(tzinfo=ZoneInfo(MOSCOW))
    due = when_to_ring(at.astimezone(UTC), (MOSCOW,)).astimezone(ZoneInfo(MOSCOW))
    assert f"{due:%H:%M}" == rings
    assert timedelta(0) <= due - at < timedelta(hours=12, minutes=1)


@given(st.integers(min_value=0, max_value=3_000_000))
def test_a_phone_never_rings_at_night_in_any_of_its_zones(minutes: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    for number in ("+79161234567", "+14155552671", "+61412345678", "+4915123456789"):
        zones = zones_of_number(number, MOSCOW)
        due = when_to_ring(now, zones)
        assert due >= now
        assert not any(is_quiet(due, zone) for zone in zones)


def test_where_it_is_never_day_everywhere_the_first_zone_counts() -> None:
    zones = ("Pacific/Auckland", "America/Los_Angeles", "Europe/London")
    due = when_to_ring(datetime(2030, 1, 14, 12, 0, tzinfo=UTC), zones)
    assert not is_quiet(due, zones[0])
