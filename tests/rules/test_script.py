"""How a call goes: every turn leads to something to say, or to something that is written down."""

import pytest

from discount_broker.escalation.rules import texts_en
from discount_broker.escalation.rules.script import (
    ENDINGS,
    NEXT,
    TURNS,
    Ending,
    Situation,
    Turn,
    opening,
    situation_called,
    situations,
)
from discount_broker.escalation.status import CallResult, PromiseKind


def test_every_turn_leads_to_a_situation_or_to_an_ending_and_never_to_both() -> None:
    assert NEXT.keys() | ENDINGS.keys() == set(Turn)
    assert not NEXT.keys() & ENDINGS.keys()


def test_every_situation_has_its_words_and_its_turns() -> None:
    assert {each.value for each in Situation} == texts_en.SCRIPT.keys()
    assert TURNS.keys() == set(Situation)
    assert all(len(set(turns)) == len(turns) > 2 for turns in TURNS.values())


def test_every_turn_can_be_taken() -> None:
    assert {turn for turns in TURNS.values() for turn in turns} == set(Turn)


@pytest.mark.parametrize("is_missed", [True, False])
def test_every_situation_can_be_reached_and_left_by_an_ending(is_missed: bool) -> None:
    reached, waiting = set[Situation](), [opening(is_promise_missed=is_missed)]
    while waiting:
        here = waiting.pop()
        reached.add(here)
        waiting += [NEXT[turn] for turn in TURNS[here] if turn in NEXT and NEXT[turn] not in reached]
    # A call about a missed promise need not begin anew.
    assert reached | {Situation.FIRST_CALL} == set(situations(is_promise_missed=is_missed))
    for situation in Situation:
        within_two = [
            *TURNS[situation],
            *(t for turn in TURNS[situation] if turn in NEXT for t in TURNS[NEXT[turn]]),
        ]
        assert any(turn in ENDINGS for turn in within_two)


def test_a_call_can_end_in_every_result_there_is() -> None:
    assert {ending.result for ending in ENDINGS.values()} == set(CallResult)


def test_an_ending_that_promises_says_what_was_promised_and_no_other_does() -> None:
    for ending in ENDINGS.values():
        assert (ending.result is CallResult.PROMISED) == (ending.promise is not None)
    assert ENDINGS[Turn.WILL_CALL_BUYER] == Ending(CallResult.PROMISED, PromiseKind.CALL_BUYER)
    assert ENDINGS[Turn.OFFER_WRITTEN] == Ending(CallResult.OFFERED, opens="offer")


def test_a_missed_promise_comes_first_and_steps_up_to_a_supervisor() -> None:
    assert opening(is_promise_missed=True) is Situation.PROMISE
    assert NEXT[TURNS[Situation.PROMISE][0]] is Situation.SUPERVISOR
    assert Situation.PROMISE not in situations(is_promise_missed=False)


@pytest.mark.parametrize("name", [None, "", "promise", "nothing", "first_call"])
def test_an_unknown_situation_is_the_beginning(name: str | None) -> None:
    assert situation_called(name, is_promise_missed=False) is Situation.FIRST_CALL
