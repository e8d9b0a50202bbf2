"""How long a call took, when a shop picks up, what follows hand work, and what exchanges tell."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from discount_broker.escalation.inbound import number_told
from discount_broker.escalation.inbound.telephony import own_end
from discount_broker.escalation.rules import TRY_AGAIN_AFTER, minutes_between
from discount_broker.escalation.rules.calling_hours import Hour, hours_that_reach
from discount_broker.escalation.rules.hand_work import HandOutcome, next_after_form
from discount_broker.escalation.status import CallResult, NextAction

NOW = datetime(2030, 1, 14, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(0, 0), (1, 1), (60, 1), (61, 2), (3600, 60), (10**6, 240), (-5, 0)]
)
def test_every_minute_begun_counts_and_none_before_the_beginning(seconds: int, minutes: int) -> None:
    assert minutes_between(NOW, NOW + timedelta(seconds=seconds)) == minutes


def test_the_hours_are_told_by_the_clock_of_the_shop_the_surest_first() -> None:
    calls = [
        (NOW, CallResult.NO_ANSWER),
        (NOW + timedelta(hours=1), CallResult.GATEKEEPER),
        (NOW + timedelta(hours=1, minutes=5), CallResult.PROMISED),
        (NOW + timedelta(hours=2), CallResult.OFFERED),
        (NOW + timedelta(hours=2, minutes=5), CallResult.BUSY),
    ]
    assert hours_that_reach(calls, ZoneInfo("Europe/Moscow")) == [Hour(13, 2, 2), Hour(14, 1, 2)]
    assert hours_that_reach(calls[:1], ZoneInfo("UTC")) == []


@pytest.mark.parametrize(
    ("outcome", "has_other", "follows"),
    [
        (HandOutcome.COULD_NOT, False, (NextAction.FILL_FORM, NOW + TRY_AGAIN_AFTER)),
        (HandOutcome.REFUSED, True, (NextAction.FILL_FORM, NOW)),
        (HandOutcome.REFUSED, False, (NextAction.CALL, NOW)),
        (HandOutcome.GONE, False, (NextAction.CALL, NOW)),
    ],
)
def test_a_form_that_took_nothing_leads_to_another_or_to_a_call(
    outcome: HandOutcome, has_other: bool, follows: tuple[NextAction, datetime]
) -> None:
    assert next_after_form(outcome, NOW, has_other_form=has_other) == follows


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        ("101", "101"),
        ("PJSIP/101-0000002a", "101"),
        ("SIP/olga-00ab12", "olga"),
        ("client:olga", "olga"),
        ("sip:101@pbx.example", "101"),
        ("+74950000000", "+74950000000"),
        ("", ""),
    ],
)
def test_an_extension_is_the_same_however_an_exchange_writes_it(told: str, ours: str) -> None:
    assert own_end(told) == ours


@pytest.mark.parametrize(
    ("told", "country", "number"),
    [
        ("84951234567", "RU", "+74951234567"),
        ("8 (495) 123-45-67", "RU", "+74951234567"),
        ("+49 30 901820", None, "+4930901820"),
        ("anonymous", "RU", "anonymous"),
        ("<script>", "RU", "script"),
        ("", "RU", ""),
    ],
)
def test_a_number_is_whole_where_it_can_be_and_plain_where_it_cannot(
    told: str, country: str | None, number: str
) -> None:
    assert number_told(told, country) == number
