"""What a picture of figures says at its side."""

import re

import pytest

from discount_broker.web.plots import WIDE, Series, bars


def written(picture: bytes) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)</text>", picture.decode())


@pytest.mark.parametrize("tallest", [1, 2, 5])
def test_a_few_things_are_counted_one_by_one(tallest: int) -> None:
    picture = bars(WIDE, ["May", "June"], [Series("offers", "good", [0, tallest])])
    assert written(picture) == [*map(str, range(tallest + 1)), "May", "June"]


def test_bars_that_stand_upon_each_other_are_counted_together() -> None:
    series = [Series("answered", "good", [1, 2]), Series("no answer", "rest", [1, 1])]
    assert written(bars(WIDE, ["May", "June"], series, is_stacked=True))[:4] == ["0", "1", "2", "3"]


def test_many_are_counted_by_the_round_number() -> None:
    assert written(bars(WIDE, ["May"], [Series("offers", "good", [40])]))[:2] == ["0", "10"]


def test_a_picture_of_nothing_still_names_its_months() -> None:
    assert "May" in written(bars(WIDE, ["May"], [Series("offers", "good", [0])]))
