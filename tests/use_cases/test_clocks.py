"""Clocks of cases: started, resting, stopped, warned of once, missed once."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from discount_broker.accounts.models import AuditEntry, Operator
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import CaseClock, ClockPolicy, EscalationCase
from discount_broker.escalation.operations import open_case, wind
from discount_broker.escalation.queries import find_entry
from discount_broker.escalation.queries.clocks import allowances, clocks_of, list_clocks
from discount_broker.escalation.rules import CallReport
from discount_broker.escalation.rules.clocks import DEFAULTS, Allowance
from discount_broker.escalation.status import CallResult, CaseReason, ClockKind, Ending, QueueBand
from discount_broker.escalation.use_cases import (
    change_clock,
    close_case,
    log_call,
    open_due_cases,
    watch_clocks,
    wind_clocks,
)
from discount_broker.kernel.business_time import add_business_time
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, read_mail, receive_mail
from tests.builders import a_request, a_shop, an_operator, an_outreach
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FIRST, NEXT, SOLVED = ClockKind.FIRST_ANSWER, ClockKind.NEXT_ANSWER, ClockKind.SOLVED


@pytest.fixture
def olga(now: datetime) -> Operator:
    return an_operator(now)


@pytest.fixture
def case(work_at: Work, now: datetime) -> EscalationCase:
    """A shop that was written to at noon of a Monday and has not answered; people take over at once."""
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    work_at(now)
    db.session.expire_all()
    outreach.status, outreach.exhausted_why = OutreachStatus.EXHAUSTED, "silence"
    outreach.next_step_at = None
    db.session.commit()
    assert open_due_cases(now) == 1
    return db.session.query(EscalationCase).one()


def clock(case: EscalationCase, kind: ClockKind) -> CaseClock:
    db.session.expire_all()
    return list_clocks(case.id)[kind]


def band(case: EscalationCase) -> QueueBand:
    db.session.expire_all()
    entry = find_entry(case.outreach.shop_id)
    assert entry is not None
    return entry.band


def told(what: str) -> list[AuditEntry]:
    return db.session.query(AuditEntry).filter_by(what=what).order_by(AuditEntry.id).all()


def a_letter(outreach: Outreach, at: datetime, subject: str = "Re: drill", more: str = "") -> str:
    address = f"reply+{issue_token(Purpose.REPLY, outreach.id, outreach.created_at)}@in.broker.test"
    letter = f"From: a@tools.ru\r\nSubject: {subject}\r\n{more}\r\nGood day, which colour?\r\n"
    return read_mail(receive_mail(address, letter.encode(), at), at)


def end_of(clock_: CaseClock) -> datetime:
    return add_business_time(clock_.started_at, timedelta(seconds=clock_.limit_seconds), "RU")


def test_a_silent_shop_is_waited_for_by_its_own_clock(case: EscalationCase, now: datetime) -> None:
    first = clock(case, FIRST)
    assert first.started_at == first.running_since == now
    assert first.limit_seconds == DEFAULTS[FIRST].minutes * 60
    assert first.breach_at == end_of(first)
    assert clock(case, SOLVED).running_since == now
    assert set(list_clocks(case.id)) == {FIRST, SOLVED}


def test_it_warns_once_and_is_missed_once(app: Flask, case: EscalationCase) -> None:
    first = clock(case, FIRST)
    warn_at, breach_at = first.warn_at, first.breach_at
    assert warn_at is not None
    assert breach_at is not None
    assert watch_clocks(warn_at - MINUTE) == 0
    race(app, *[lambda: watch_clocks(warn_at) for _ in range(3)])
    assert [entry.facts for entry in told("clock_warned")] == [{"clock": "first_answer"}]
    assert band(case) is QueueBand.WARNED
    race(app, *[lambda: watch_clocks(breach_at) for _ in range(3)])
    assert [entry.facts for entry in told("clock_missed")] == [{"clock": "first_answer"}]
    assert band(case) is QueueBand.BREACH
    assert (clock(case, FIRST).missed_at, clock(case, FIRST).misses) == (breach_at, 1)
    assert watch_clocks(breach_at + MINUTE) == 0, "what was told is not looked at again"


def test_a_persons_letter_stops_it_and_a_machines_does_not(case: EscalationCase, now: datetime) -> None:
    assert a_letter(case.outreach, now + HOUR, more="Auto-Submitted: auto-replied\r\n") == "auto_reply"
    wind_clocks(now + 2 * HOUR)
    assert clock(case, FIRST).stopped_at is None
    assert a_letter(case.outreach, now + 3 * HOUR) == "human"
    open_due_cases(now + 4 * HOUR)
    first, solved = clock(case, FIRST), clock(case, SOLVED)
    assert (first.stopped_at, first.spent_seconds) == (now + 3 * HOUR, 3 * 3600)
    assert (solved.running_since, solved.spent_seconds) == (None, 3 * 3600), "the ball is with us"
    assert solved.breach_at is None


@pytest.mark.parametrize(
    ("result", "is_answer"),
    [(CallResult.NO_ANSWER, False), (CallResult.BUSY, False), (CallResult.CALL_BACK, True)],
)
def test_a_person_on_the_phone_stops_it_too(
    case: EscalationCase, olga: Operator, now: datetime, result: CallResult, is_answer: bool
) -> None:
    log_call(case.id, olga.id, CallReport(started_at=now, minutes=5, result=result), now + 6 * MINUTE)
    assert (clock(case, FIRST).stopped_at is not None) == is_answer


def test_the_end_of_the_case_stops_everything_and_its_opening_begins_anew(
    case: EscalationCase, olga: Operator, now: datetime
) -> None:
    missed_at = clock(case, FIRST).breach_at
    assert missed_at is not None
    watch_clocks(missed_at)
    close_case(case.id, olga.id, Ending.UNREACHABLE, missed_at + HOUR)
    assert {each.stopped_at for each in list_clocks(case.id).values()} == {missed_at + HOUR}
    again = missed_at + 30 * HOUR
    with transaction():
        open_case(case.outreach, CaseReason.NOT_REACHED, again)
    first = clock(case, FIRST)
    assert (first.started_at, first.stopped_at, first.missed_at, first.warned_at) == (again, None, None, None)
    assert first.misses == 1, "the miss is not forgotten"
    assert first.breach_at == end_of(first)
    watch_clocks(first.breach_at)
    assert clock(case, FIRST).misses == 2
    assert len([entry for entry in told("clock_missed") if entry.facts["clock"] == "first_answer"]) == 2


def test_old_cases_get_their_clocks(case: EscalationCase, now: datetime) -> None:
    db.session.query(CaseClock).delete()
    db.session.commit()
    assert wind_clocks(now + HOUR) == 1
    assert clock(case, FIRST).started_at == now
    assert wind_clocks(now + HOUR + MINUTE) == 0
    assert wind_clocks(now + 3 * HOUR) == 1, "and are looked at again after a while"


def test_what_was_over_before_anybody_watched_is_counted_without_a_word(
    case: EscalationCase, now: datetime
) -> None:
    db.session.query(CaseClock).delete()
    db.session.commit()
    answered_at = now + timedelta(days=30)
    a_letter(case.outreach, answered_at)
    wind_clocks(answered_at + HOUR)
    assert clock(case, FIRST).misses == 1
    assert [entry.facts["clock"] for entry in told("clock_missed")] == ["solved"]


def test_to_wind_again_changes_nothing(case: EscalationCase, now: datetime) -> None:
    before = {kind: (each.started_at, each.breach_at) for kind, each in list_clocks(case.id).items()}
    for hours in (1, 2, 3):
        with transaction():
            wind(db.session.get_one(EscalationCase, case.id), now + hours * HOUR)
    after = {kind: (each.started_at, each.breach_at) for kind, each in list_clocks(case.id).items()}
    assert after == before
    assert set(clocks_of([case.id])) == {case.id}


class TestPolicy:
    def test_a_lead_gives_more_time_and_what_runs_keeps_its_own(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        before = clock(case, FIRST).limit_seconds
        change_clock(FIRST, Allowance(60, 15), 0, olga.id, now)
        assert allowances()[FIRST] == Allowance(60, 15)
        wind_clocks(now + 2 * HOUR)
        assert clock(case, FIRST).limit_seconds == before
        assert told("clock_changed")[0].operator_id == olga.id

    def test_every_word_is_kept_and_the_last_one_counts(self, olga: Operator, now: datetime) -> None:
        for version, minutes in enumerate((60, 120)):
            change_clock(NEXT, Allowance(minutes, 10), version, olga.id, now)
        assert db.session.query(ClockPolicy).count() == 2
        assert allowances()[NEXT] == Allowance(120, 10)

    def test_of_two_leads_who_change_it_at_once_one_is_told(
        self, app: Flask, olga: Operator, now: datetime
    ) -> None:
        who = olga.id
        done = race(app, *[lambda n=n: change_clock(NEXT, Allowance(n, 0), 0, who, now) for n in (60, 90)])
        assert [type(one) for one in done if one is not None] == [IllegalTransition]
        assert db.session.query(ClockPolicy).count() == 1

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            (Allowance(0, 0), "clock_out_of_range"),
            (Allowance(10**6, 0), "clock_out_of_range"),
            (Allowance(60, 61), "warning_out_of_range"),
            (Allowance(60, -1), "warning_out_of_range"),
        ],
    )
    def test_nonsense_is_refused(self, olga: Operator, now: datetime, given: Allowance, code: str) -> None:
        with pytest.raises(Refused, match=code):
            change_clock(NEXT, given, 0, olga.id, now)
        assert allowances() == DEFAULTS
