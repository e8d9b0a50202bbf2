"""What the ladder learns, and what silence means."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.outreach.rules import Acknowledged, Cases, acknowledgement_due, chance_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOTHING = Cases()
MINUTES = [timedelta(minutes=m) for m in (1, 4, 2)]


@st.composite
def cases(draw: st.DrawFn) -> Cases:
    asked = draw(st.integers(0, 500))
    return Cases(asked, draw(st.integers(0, asked)))


@given(cases(), cases(), cases())
def test_a_chance_is_a_chance(own: Cases, country: Cases, everywhere: Cases) -> None:
    assert 0 < chance_of(own, country, everywhere) < 1


@given(cases(), cases(), cases())
def test_an_answer_more_never_lowers_it_and_a_silence_more_never_raises_it(
    own: Cases, country: Cases, everywhere: Cases
) -> None:
    chance = chance_of(own, country, everywhere)
    assert chance_of(Cases(own.asked + 1, own.answered + 1), country, everywhere) > chance
    assert chance_of(Cases(own.asked + 1, own.answered), country, everywhere) < chance


def test_one_lucky_answer_does_not_beat_a_proven_door() -> None:
    lucky = chance_of(Cases(1, 1), NOTHING, NOTHING)
    proven = chance_of(Cases(10, 6), NOTHING, NOTHING)
    assert chance_of(NOTHING, NOTHING, NOTHING) < lucky < proven


def test_a_door_without_cases_does_as_its_like_in_the_country_do() -> None:
    there = Cases(200, 100)
    assert chance_of(NOTHING, there, NOTHING) == pytest.approx(0.5, abs=0.02)
    assert chance_of(NOTHING, Cases(1, 1), NOTHING) < 0.3, "one case says little of a country"


def acknowledged(*after: timedelta | None) -> list[Acknowledged]:
    return [Acknowledged(time) for time in after]


def test_a_shop_that_always_acknowledges_is_waited_for_no_longer_than_usual() -> None:
    slow = [timedelta(minutes=m) for m in (20, 40, 25)]
    assert acknowledgement_due(acknowledged(*MINUTES), NOON) == NOON + timedelta(minutes=30)
    assert acknowledgement_due(acknowledged(*slow), NOON) == NOON + timedelta(minutes=80)


@pytest.mark.parametrize(
    "earlier",
    [
        acknowledged(),
        acknowledged(MINUTES[0], MINUTES[1]),
        acknowledged(*MINUTES, None, None),
        acknowledged(None, None, None, None),
        acknowledged(*[timedelta(hours=9)] * 5),
    ],
    ids=["nothing known", "too few", "too seldom", "never", "a person does it"],
)
def test_the_silence_of_others_means_nothing(earlier: list[Acknowledged]) -> None:
    assert acknowledgement_due(earlier, NOON) is None
