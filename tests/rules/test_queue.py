"""Where a shop stands in the queue."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import uuid4

from discount_broker.escalation.rules.queue import CaseFacts, in_rough_euros, place_of, rank_of, step_of
from discount_broker.escalation.status import CaseReason, NextAction, QueueBand

NOW = datetime(2030, 1, 14, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_case(**given: object) -> CaseFacts:
    facts = {
        "case_id": uuid4(),
        "reason": CaseReason.SILENCE,
        "next_action": NextAction.CALL,
        "next_action_at": NOW - HOUR,
        "opened_at": NOW - DAY,
    }
    return CaseFacts(**{**facts, **given})  # type: ignore[arg-type]


def test_the_stated_order_is_the_order_of_the_ranks() -> None:
    usual = a_case(saving=Decimal(50), currency="EUR")
    in_order = [
        replace(usual, reason=CaseReason.PROMISE_BROKEN),
        replace(usual, is_missed=True),
        replace(usual, is_warned=True),
        replace(usual, saving=Decimal(5000)),
        replace(usual, opened_at=NOW - 3 * DAY),
        replace(usual, is_loyal=True),
        replace(usual, opened_at=usual.opened_at - timedelta(minutes=5)),
        usual,
        replace(usual, saving=Decimal(5)),
    ]
    ranks = [place_of([case], NOW).rank for case in in_order]
    assert all(before < behind for before, behind in pairwise(ranks)), ranks


def test_savings_within_one_step_leave_the_say_to_age() -> None:
    older = a_case(saving=Decimal(110), currency="EUR", opened_at=NOW - 2 * DAY)
    dearer = a_case(saving=Decimal(290), currency="EUR")
    assert place_of([older], NOW).rank < place_of([dearer], NOW).rank


def test_all_cases_of_a_shop_weigh_together_and_the_most_urgent_leads() -> None:
    silent = a_case(saving=Decimal(60), currency="EUR")
    broken = a_case(reason=CaseReason.PROMISE_BROKEN, saving=Decimal(60), currency="EUR")
    later = a_case(next_action_at=NOW + DAY, opened_at=NOW - 9 * DAY)
    place = place_of([silent, broken, later], NOW)
    assert (place.open_cases, place.lead_case_id, place.band) == (3, broken.case_id, QueueBand.PROMISE)
    assert (place.value, step_of(place.value)) == (Decimal(120), 2)
    assert (place.oldest_at, place.wakes_at) == (later.opened_at, later.next_action_at)


def test_what_is_not_due_brings_nobody_forward() -> None:
    broken_later = a_case(reason=CaseReason.PROMISE_BROKEN, next_action_at=NOW + HOUR)
    place = place_of([a_case(), broken_later], NOW)
    assert (place.is_due, place.band) == (True, QueueBand.USUAL)
    waiting = place_of([broken_later], NOW)
    assert (waiting.is_due, waiting.next_at, waiting.lead_case_id) == (
        False,
        NOW + HOUR,
        broken_later.case_id,
    )


def test_a_shop_without_open_cases_stands_nowhere() -> None:
    place = place_of([], NOW)
    assert (place.open_cases, place.lead_case_id, place.next_at, place.is_due) == (0, None, None, False)


def test_a_currency_nobody_knows_counts_for_little() -> None:
    assert in_rough_euros(Decimal(1_000_000), "XYZ") == Decimal(10)
    assert in_rough_euros(Decimal(1000), "RUB") == Decimal(10)


def test_a_rank_fits_where_it_is_kept() -> None:
    far = datetime(9999, 12, 31, tzinfo=UTC)
    assert 0 < rank_of(QueueBand.USUAL, Decimal(0), far, is_loyal=False) < 2**63
