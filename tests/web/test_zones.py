"""Time zones in the words of those who live there."""

import pytest

from discount_broker.web.zones import zone_named


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("europe/moscow", "Europe/Moscow"),
        (" Москва ", "Europe/Moscow"),
        ("Moscow", "Europe/Moscow"),
        ("new york", "America/New_York"),
        ("Екатеринбург", "Asia/Yekaterinburg"),
    ],
)
def test_a_time_zone_is_known_by_its_city(typed: str, zone: str) -> None:
    assert zone_named(typed) == zone


@pytest.mark.parametrize("typed", ["", "Mars/Olympus", "🙂", "../../etc/passwd"])
def test_what_is_no_time_zone_stays_as_it_was_typed(typed: str) -> None:
    assert zone_named(typed) == typed
