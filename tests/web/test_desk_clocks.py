"""Clocks on the desk: said in words, and given more or less time by leads."""

from datetime import datetime, timedelta

import pytest

from discount_broker.accounts.models import Operator, Role
from discount_broker.escalation.models import CaseClock, ClockPolicy, EscalationCase
from discount_broker.escalation.status import ClockKind
from discount_broker.kernel.business_time import add_business_time
from discount_broker.kernel.db import db
from tests.builders import a_case, an_operator, saved
from tests.web.conftest import Browser

HOUR = timedelta(hours=1)


def enter(client: Browser, who: Operator) -> Browser:
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{who.id}"
        session["_fresh"] = True
    return client


@pytest.fixture
def lead(client: Browser, now: datetime) -> Browser:
    return enter(client, an_operator(now, name="Lena", role=Role.LEAD))


def a_clock(case: EscalationCase, started_at: datetime, **given: object) -> CaseClock:
    ends_at = add_business_time(started_at, 9 * HOUR, "RU")
    facts = {"case_id": case.id, "kind": ClockKind.FIRST_ANSWER, "started_at": started_at}
    runs = {"limit_seconds": 9 * 3600, "running_since": started_at, "breach_at": ends_at}
    return saved(CaseClock(**{**facts, **runs, **given}))


def page_of(client: Browser, case: EscalationCase) -> str:
    return client.get(f"/desk/cases/{case.id}").text


class TestWords:
    def test_what_is_left_is_said_by_the_shops_clock(self, lead: Browser, now: datetime) -> None:
        case = a_case(now)
        a_clock(case, now, limit_seconds=90 * 3600 + 1800)
        page = page_of(lead, case)
        assert "First answer" in page
        assert "90 h of 90 h left, by the shop&#39;s clock" in page

    def test_what_is_over_is_said_and_a_rest_too(self, lead: Browser, now: datetime) -> None:
        case = a_case(now)
        a_clock(case, now - timedelta(days=30), missed_at=now, warned_at=now, misses=1)
        a_clock(case, now, kind=ClockKind.SOLVED, spent_seconds=3600, running_since=None, breach_at=None)
        page = page_of(lead, case)
        assert "over the 9 h given, by the shop&#39;s clock" in page
        assert "clock-missed" in page
        assert "8 h of 9 h left; rests" in page

    def test_what_stopped_in_time_is_not_told_and_a_miss_is(self, lead: Browser, now: datetime) -> None:
        case = a_case(now)
        over = {"running_since": None, "breach_at": None, "stopped_at": now, "spent_seconds": 36000}
        a_clock(case, now - timedelta(days=9), **over)
        assert "took 10 h" not in page_of(lead, case)
        a_clock(case, now - timedelta(days=9), kind=ClockKind.NEXT_ANSWER, misses=1, missed_at=now, **over)
        assert "took 10 h of 9 h" in page_of(lead, case)


class TestChanging:
    def test_a_lead_changes_it_and_everybody_reads_who_did(self, lead: Browser, now: datetime) -> None:
        answer = lead.press("/desk/clocks/first_answer", hours="13.5", warn_hours="2", version="0")
        page = lead.get(answer.location).text
        assert "13 h" in page
        assert "Lena" in page
        policy = db.session.query(ClockPolicy).one()
        assert (policy.minutes, policy.warn_minutes, policy.version) == (810, 120, 1)
        enter(lead, an_operator(now))
        page = lead.get("/desk/clocks").text
        assert "Lena" in page
        assert "Give this much time" not in page

    @pytest.mark.parametrize(
        ("hours", "warns", "words"),
        [
            ("0", "0", "at least one minute"),
            ("much", "0", "at least one minute"),
            ("9999999", "0", "at most sixty"),
            ("2", "3", "not earlier than it begins"),
        ],
    )
    def test_nonsense_is_refused_beside_its_field_and_kept(
        self, lead: Browser, hours: str, warns: str, words: str
    ) -> None:
        answer = lead.press("/desk/clocks/solved", hours=hours, warn_hours=warns, version="0")
        assert answer.status_code == 422
        assert words in answer.text
        assert f'value="{hours}"' in answer.text
        assert db.session.query(ClockPolicy).count() == 0

    def test_what_another_lead_said_meanwhile_is_not_overwritten_unseen(self, lead: Browser) -> None:
        lead.press("/desk/clocks/solved", hours="20", warn_hours="2", version="0")
        answer = lead.press("/desk/clocks/solved", hours="30", warn_hours="2", version="0")
        assert answer.status_code == 409
        assert 'value="30"' in answer.text
        assert 'name="version" value="1"' in answer.text
        assert db.session.query(ClockPolicy).count() == 1

    def test_there_is_no_other_clock(self, lead: Browser) -> None:
        assert lead.press("/desk/clocks/lunch", hours="1", warn_hours="0", version="0").status_code == 404


def test_operators_cannot_change_it_and_strangers_see_nothing(client: Browser, now: datetime) -> None:
    assert "/staff" in client.get("/desk/clocks").location
    assert "/staff" in client.press("/desk/clocks/solved", hours="1").location
    enter(client, an_operator(now))
    assert client.press("/desk/clocks/solved", hours="1", warn_hours="0", version="0").status_code == 403
    assert db.session.query(ClockPolicy).count() == 0
