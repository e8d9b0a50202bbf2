"""Who is checked when, with which question, and what a shop is compared with."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from discount_broker.checks.rules import (
    ENOUGH_SHOPS,
    GREETINGS,
    QUESTIONS,
    Field,
    Result,
    draw_question,
    field_of,
    lot,
    round_of,
)

NOW = datetime(2030, 1, 14, 9, 0, tzinfo=UTC)


def a_result(n: int, **given: Any) -> Result:
    facts = {"is_alive": True, "acknowledgement_seconds": None, "answer_seconds": None, "is_complete": None}
    return Result(**{"shop_id": UUID(int=n), **facts, **given})


@pytest.mark.parametrize(
    ("day", "name"),
    [(1, "2030-01-a"), (15, "2030-01-a"), (16, "2030-01-b"), (31, "2030-01-b")],
)
def test_a_month_has_two_rounds(day: int, name: str) -> None:
    assert round_of(date(2030, 1, day)) == name


def test_the_lot_falls_the_same_whenever_it_is_drawn_and_otherwise_in_the_next_round() -> None:
    shops = [UUID(int=n) for n in range(30)]
    orders = [sorted(shops, key=lambda shop: lot(r, shop)) for r in ("2030-01-a", "2030-01-a", "2030-01-b")]
    assert orders[0] == orders[1] != orders[2]


def test_questions_and_greetings_differ_and_none_is_asked_twice_running() -> None:
    drawn = [draw_question("2030-01-a", UUID(int=n)) for n in range(200)]
    assert {question for question, _ in drawn} == set(QUESTIONS)
    assert {greeting for _, greeting in drawn} == set(range(GREETINGS))
    for n in range(50):
        before, _ = draw_question("2030-01-a", UUID(int=n))
        assert draw_question("2030-01-b", UUID(int=n), before)[0] != before


@pytest.mark.parametrize(
    ("promised", "called", "came"),
    [(None, None, None), (NOW, None, False), (NOW, NOW, True), (NOW, NOW + timedelta(minutes=1), False)],
)
def test_a_promised_call_came_in_time_or_did_not(
    promised: datetime | None, called: datetime | None, came: bool | None
) -> None:
    assert a_result(1, call_promised_at=promised, called_at=called).call_came is came


def test_a_field_counts_the_newest_check_of_each_shop() -> None:
    results = [a_result(n, answer_seconds=n * 100, is_complete=n % 2 == 0) for n in range(ENOUGH_SHOPS)]
    assert field_of([*results, a_result(1, answer_seconds=1)]) == Field(5, 5, 5, 3, 200)


def test_too_few_shops_are_no_field() -> None:
    assert field_of([a_result(1)] * 20) is None


def test_a_field_in_which_nobody_answered_has_no_time() -> None:
    field = field_of([a_result(n, is_alive=False) for n in range(ENOUGH_SHOPS)])
    assert field == Field(5, 0, 0, 0, None)
