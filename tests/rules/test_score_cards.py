"""What requests and promises of one shop come to."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from discount_broker.scorecards.rules import (
    ENOUGH,
    LEFT_OUT,
    Dealing,
    PromiseOutcome,
    PromiseRecord,
    counts,
    forecast_from,
    is_good,
    middle_half,
    promise_record_of,
    record_of,
    wilson,
)

HOUR = 3600
NOW = datetime(2030, 1, 14, 9, 0, tzinfo=UTC)


def a_dealing(**given: Any) -> Dealing:
    return Dealing(**{"asked_at": NOW, **given})


def answered(hours: int, **given: Any) -> Dealing:
    return a_dealing(answered_at=NOW + timedelta(hours=hours), **given)


class TestCounting:
    def test_silence_counts(self) -> None:
        assert counts(a_dealing())

    def test_silence_of_a_shop_that_nothing_reached_does_not(self) -> None:
        assert not counts(a_dealing(arrived_nowhere=True))

    @pytest.mark.parametrize(("late_by", "is_counted"), [(-1, False), (0, True)])
    def test_silence_counts_when_the_shop_had_its_time(self, late_by: int, is_counted: bool) -> None:
        ended_at = NOW + LEFT_OUT + timedelta(minutes=late_by)
        assert counts(a_dealing(ended_at=ended_at)) is is_counted

    def test_an_answer_counts_however_it_came_about(self) -> None:
        assert counts(answered(1, arrived_nowhere=True, ended_at=NOW))


class TestClocks:
    def test_there_are_three_and_each_begins_when_the_letter_left(self) -> None:
        dealing = answered(
            2, acknowledged_at=NOW + timedelta(minutes=1), decided_at=NOW + timedelta(hours=30)
        )
        clocks = dealing.acknowledgement_seconds, dealing.answer_seconds, dealing.decision_seconds
        assert clocks == (60, 2 * HOUR, 30 * HOUR)

    def test_what_was_said_before_the_letter_left_took_no_time(self) -> None:
        assert answered(-1).answer_seconds == 0

    def test_a_rule_answers_and_nobodys_time_is_measured(self) -> None:
        record = record_of([answered(0, decided_at=NOW, is_by_rule=True), answered(4)])
        assert (record.answered, record.decided, record.median_answer_seconds) == (2, 1, 4 * HOUR)


def test_a_record_counts_and_takes_middles() -> None:
    gifts = [answered(n, has_offer=True, percent=Decimal(n)) for n in range(1, 10)]
    record = record_of([*gifts, answered(3, has_offer=True), a_dealing()])
    assert (record.asked, record.answered, record.offered) == (11, 10, 10)
    assert (record.typical_percent, record.usual_from, record.usual_to) == (
        Decimal(5),
        Decimal(3),
        Decimal(7),
    )
    assert (record.best_percent, record.median_answer_seconds) == (Decimal(9), int(4.5 * HOUR))
    assert record.is_good
    assert record.since == NOW


def test_nothing_happened_is_a_record_too() -> None:
    record = record_of([])
    assert (record.asked, record.median_answer_seconds, record.usual_from, record.is_good) == (
        0,
        None,
        None,
        False,
    )
    assert record.least_share == 0


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [  # the first three from table 1 of Newcombe, Statist. Med. 17 (1998) 857-872
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
        (20, 20, 0.8389, 1.0), (0, 0, 0.0, 1.0),
    ],
)  # fmt: skip
def test_the_interval_is_that_of_the_books(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(
    ("answered", "asked", "good"),
    [
        (ENOUGH, ENOUGH, True), (ENOUGH - 1, ENOUGH - 1, False), (9, 10, True), (8, 10, False),
        (59, 100, False), (60, 100, True), (0, 100, False),
    ],
)  # fmt: skip
def test_only_who_surely_answers_every_second_request_is_shown(answered: int, asked: int, good: bool) -> None:
    assert is_good(answered, asked) is good


def test_the_middle_half_of_one_is_itself_and_of_none_nothing() -> None:
    assert middle_half([Decimal(5)]) == (Decimal(5), Decimal(5))
    assert middle_half([]) is None


def test_a_forecast_names_its_cases_and_says_when_they_are_too_few() -> None:
    facts: dict[str, Any] = {
        "usual": (Decimal(5), Decimal(8)),
        "best": Decimal(10),
        "half_within_seconds": 5 * HOUR,
    }
    forecast = forecast_from(asked=12, answered=7, **facts)
    assert forecast.is_enough
    assert forecast.half_within == timedelta(hours=5)
    assert not forecast_from(asked=ENOUGH - 1, answered=1).is_enough
    assert not forecast_from().is_enough


def test_promises_are_kept_late_or_broken_and_lateness_has_a_median() -> None:
    outcomes = [
        PromiseOutcome(is_kept=True, late_by=None),
        PromiseOutcome(is_kept=True, late_by=0),
        PromiseOutcome(is_kept=True, late_by=HOUR),
        PromiseOutcome(is_kept=True, late_by=24 * HOUR),
        PromiseOutcome(is_kept=False, late_by=None),
    ]
    record = promise_record_of(outcomes)
    assert record == PromiseRecord(
        promises_made=5, promises_kept=1, promises_late=3, median_late_seconds=HOUR
    )


def test_who_promised_nothing_was_late_with_nothing() -> None:
    assert promise_record_of([]) == PromiseRecord(0, 0, 0, None)
