"""Operators flag what is not clear; a lead decides, once, and the operator confirms to have read it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from discount_broker.accounts.models import AuditEntry, Operator, Role
from discount_broker.escalation.models import EscalationCase, LeadReview, QueueEntry
from discount_broker.escalation.queries.lead_reviews import (
    count_flagged,
    list_flagged,
    list_unread,
    sample_of,
    seconds_used,
    verdicts_since,
)
from discount_broker.escalation.rules.team import Verdict, last_weeks
from discount_broker.escalation.status import CaseStatus, Ending, LeadDecision
from discount_broker.escalation.use_cases import decide, flag_case, read_review
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotAllowed, Refused
from discount_broker.outreach.status import OutreachStatus
from tests.builders import a_case, an_operator
from tests.conftest import NOW
from tests.use_cases.race import race

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONE = ZoneInfo("Europe/Moscow")


@pytest.fixture
def vera(app: Flask, now: datetime) -> Operator:
    return an_operator(now, name="Vera", role=Role.LEAD)


@pytest.fixture
def olga(app: Flask, now: datetime) -> Operator:
    return an_operator(now, name="Olga")


def fresh(case: EscalationCase) -> EscalationCase:
    db.session.expire_all()
    return db.session.get_one(EscalationCase, case.id)


def noted(case: EscalationCase) -> list[str]:
    entries = db.session.query(AuditEntry).filter(AuditEntry.case_id == case.id).order_by(AuditEntry.id)
    return [entry.what for entry in entries]


def is_flagged(case: EscalationCase) -> bool:
    return db.session.get_one(QueueEntry, case.outreach.shop_id).is_flagged


def a_verdict(
    decision: LeadDecision = LeadDecision.WELL_DONE, comment: str = "Go on.", **given: Any
) -> Verdict:
    facts: dict[str, Any] = {"opened_at": NOW - 4 * MINUTE, **given}
    return Verdict(decision=decision, comment=comment, **facts)


class TestFlag:
    def test_a_flag_shows_in_the_queue_and_keeps_the_note(self, olga: Operator, now: datetime) -> None:
        case = a_case(now)
        flag_case(case.id, olga.id, "  Are they a marketplace? ", now)
        found = fresh(case)
        assert (found.flagged_at, found.flagged_by_id) == (now, olga.id)
        assert found.flag_note == "Are they a marketplace?"
        assert is_flagged(case)
        assert noted(case) == ["case_flagged"]
        assert count_flagged() == 1

    def test_a_second_note_is_put_under_the_first(self, olga: Operator, now: datetime) -> None:
        case, boris = a_case(now), an_operator(now)
        flag_case(case.id, olga.id, "One.", now)
        flag_case(case.id, boris.id, "Two.", now + MINUTE)
        found = fresh(case)
        assert found.flag_note == "One.\nTwo."
        assert (found.flagged_at, found.flagged_by_id) == (now, olga.id)

    def test_who_flags_says_what_is_not_clear(self, olga: Operator, now: datetime) -> None:
        case = a_case(now)
        with pytest.raises(Refused):
            flag_case(case.id, olga.id, " \n", now)
        assert fresh(case).flagged_at is None

    def test_a_case_in_the_hands_of_a_colleague_may_be_flagged(self, olga: Operator, now: datetime) -> None:
        case = a_case(now, holder=an_operator(now))
        flag_case(case.id, olga.id, "They called me instead.", now)
        assert fresh(case).flagged_by_id == olga.id

    def test_a_closed_case_is_not_flagged(self, olga: Operator, now: datetime) -> None:
        case = a_closed_case(now, olga)
        with pytest.raises(NotAllowed):
            flag_case(case.id, olga.id, "Too late.", now)

    def test_the_oldest_flag_stands_first(self, olga: Operator, now: datetime) -> None:
        cases = [a_case(now) for _ in range(3)]
        for case, ago in zip(cases, (1, 3, 2), strict=True):
            flag_case(case.id, olga.id, "?", now - ago * DAY)
        assert [case.id for case in list_flagged()] == [cases[n].id for n in (1, 2, 0)]


def a_closed_case(now: datetime, closer: Operator, **given: Any) -> EscalationCase:
    facts: dict[str, Any] = {
        "status": CaseStatus.CLOSED,
        "next_action_at": None,
        "closed_at": now,
        "closed_by_id": closer.id,
        "ending": Ending.UNREACHABLE,
    }
    return a_case(now, **(facts | given))


class TestDecision:
    def test_well_done_takes_the_flag_away_and_leaves_the_case_as_it_is(
        self, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        case = a_case(now, next_action_at=now + DAY)
        flag_case(case.id, olga.id, "?", now)
        decide(case.id, vera.id, a_verdict(), now)
        found = fresh(case)
        assert (found.flagged_at, found.flagged_by_id, found.flag_note) == (None, None, "")
        assert found.next_action_at == now + DAY
        assert not is_flagged(case)
        assert noted(case) == ["case_flagged", "case_reviewed", "case_unflagged"]

    def test_what_should_be_done_otherwise_is_due_at_once(
        self, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        case = a_case(now, next_action_at=now + DAY)
        flag_case(case.id, olga.id, "?", now)
        decide(case.id, vera.id, a_verdict(LeadDecision.DO_OTHERWISE, "Ask for Ivanova."), now)
        assert fresh(case).next_action_at == now
        entry = db.session.get_one(QueueEntry, case.outreach.shop_id)
        assert entry.is_due
        (review,) = list_unread(olga.id)
        assert (review.comment, review.was_flagged, review.seconds) == ("Ask for Ivanova.", True, 240)

    def test_what_is_to_be_talked_about_stays_with_the_lead_and_waits(
        self, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        case = a_case(now, next_action_at=now + DAY)
        flag_case(case.id, olga.id, "?", now)
        decide(case.id, vera.id, a_verdict(LeadDecision.TALK, "At ten?"), now)
        found = fresh(case)
        assert found.flagged_at == now
        assert found.next_action_at == now + DAY
        assert is_flagged(case)
        decide(case.id, vera.id, a_verdict(seen=1), now + DAY)
        assert fresh(case).flagged_at is None

    def test_a_lead_closes_a_case_though_an_operator_has_it_in_hand(
        self, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        case = a_case(now, holder=olga)
        flag_case(case.id, olga.id, "?", now)
        decide(case.id, vera.id, a_verdict(LeadDecision.CLOSE, ending=Ending.UNREACHABLE), now)
        found = fresh(case)
        assert (found.status, found.ending) == (CaseStatus.CLOSED, Ending.UNREACHABLE)
        assert found.closed_by_id == vera.id
        assert found.outreach.status is OutreachStatus.STOPPED
        assert "case_closed" in noted(case)
        assert db.session.get_one(QueueEntry, case.outreach.shop_id).open_cases == 0

    def test_of_two_leads_the_second_sees_that_it_was_decided(
        self, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        case, other = a_case(now), an_operator(now, role=Role.LEAD)
        flag_case(case.id, olga.id, "?", now)
        decide(case.id, vera.id, a_verdict(), now)
        with pytest.raises(NotAllowed):
            decide(case.id, other.id, a_verdict(LeadDecision.DO_OTHERWISE), now)
        assert [review.lead_id for review in db.session.query(LeadReview)] == [vera.id]

    def test_two_leads_at_the_same_moment_give_one_decision(
        self, app: Flask, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        case, other = a_case(now), an_operator(now, role=Role.LEAD)
        flag_case(case.id, olga.id, "?", now)
        case_id, leads = case.id, (vera.id, other.id)
        results = race(app, *(partial(decide, case_id, lead_id, a_verdict(), now) for lead_id in leads))
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotAllowed"]
        assert db.session.query(LeadReview).count() == 1

    def test_a_sampled_case_stays_closed_whatever_is_thought_of_it(
        self, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        case = a_closed_case(now - DAY, olga)
        decide(case.id, vera.id, a_verdict(LeadDecision.DO_OTHERWISE, "Call twice next time."), now)
        assert fresh(case).status is CaseStatus.CLOSED
        (review,) = list_unread(olga.id)
        assert (review.operator_id, review.was_flagged) == (olga.id, False)

    def test_what_was_closed_meanwhile_is_not_closed_again(
        self, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        case = a_closed_case(now, olga)
        with pytest.raises(NotAllowed):
            decide(case.id, vera.id, a_verdict(LeadDecision.CLOSE, ending=Ending.DECLINED), now)
        assert fresh(case).ending is Ending.UNREACHABLE


class TestReading:
    def test_the_operator_reads_it_once(self, olga: Operator, vera: Operator, now: datetime) -> None:
        case = a_closed_case(now, olga)
        decide(case.id, vera.id, a_verdict(), now)
        (review,) = list_unread(olga.id)
        read_review(review.id, olga.id, now + MINUTE)
        read_review(review.id, olga.id, now + DAY)
        db.session.expire_all()
        assert db.session.get_one(LeadReview, review.id).read_at == now + MINUTE
        assert list_unread(olga.id) == []
        assert noted(case) == ["case_reviewed", "review_read"]

    def test_nobody_reads_it_for_them(self, olga: Operator, vera: Operator, now: datetime) -> None:
        case = a_closed_case(now, olga)
        decide(case.id, vera.id, a_verdict(), now)
        (review,) = list_unread(olga.id)
        with pytest.raises(NotAllowed):
            read_review(review.id, vera.id, now)


class TestSample:
    def test_the_sample_is_of_one_week_and_five_a_head(
        self, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        boris = an_operator(now, name="Boris")
        week, this = last_weeks(now, ZONE, 2)
        for _ in range(8):
            a_closed_case(week.begins_at + DAY, olga)
        his = [a_closed_case(week.ends_at - MINUTE, boris) for _ in range(2)]
        a_closed_case(this.begins_at, boris)
        a_closed_case(week.begins_at - MINUTE, boris)
        a_closed_case(week.begins_at + DAY, olga, closed_by_id=None)
        drawn = sample_of(week, b"secret")
        assert [case.closed_by and case.closed_by.name for case in drawn] == ["Boris"] * 2 + ["Olga"] * 5
        assert {case.id for case in drawn[:2]} == {case.id for case in his}
        assert [case.id for case in sample_of(week, b"secret")] == [case.id for case in drawn]

    def test_minutes_are_added_up_for_each_operator(
        self, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        cases = [a_closed_case(now, olga) for _ in range(2)]
        for case in cases:
            decide(case.id, vera.id, a_verdict(), now)
        assert seconds_used([olga.id, vera.id], now - DAY) == {olga.id: 480}
        assert seconds_used([olga.id], now + DAY) == {}
        assert set(verdicts_since([case.id for case in cases], now)) == {case.id for case in cases}
