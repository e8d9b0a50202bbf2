"""Responsiveness checks: drawn, asked in our own name, answered by mail, and written down."""

from datetime import datetime, timedelta

import pytest

from discount_broker.accounts.models import AuditEntry
from discount_broker.checks.models import ResponseCheck
from discount_broker.checks.queries import count_to_do, list_checks_of, result_of
from discount_broker.checks.rules import ANSWERED_WITHIN, MOST_A_ROUND, QUIET_AFTER, QUIET_FOR, Noted
from discount_broker.checks.status import CheckReason, CheckStatus
from discount_broker.checks.use_cases import (
    ask_check,
    close_unanswered,
    draw_round,
    drop_check,
    note_findings,
    requeue_lost,
    take_answer,
)
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.use_cases import open_due_cases
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.jobs import Job
from discount_broker.messaging.models import Delivery, Suppression
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import InboundMail, Outreach, Reply
from discount_broker.outreach.queries.messages import count_messages
from discount_broker.outreach.status import CHECK, OutreachStatus
from discount_broker.outreach.use_cases import read_mail, receive_mail
from discount_broker.scorecards.use_cases import compute_scorecards
from discount_broker.shops.models import Shop
from discount_broker.shops.queries import is_stopped
from discount_broker.shops.status import ContactState
from tests.builders import a_request, a_shop, an_operator, an_outreach, saved
from tests.fakes import RecordingQueue

pytestmark = pytest.mark.usefixtures("app")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def shop(now: datetime) -> Shop:
    return a_shop(now, "tools.com", emails=("info@tools.com",), language="en", wants_checks_since=now)


@pytest.fixture
def check(shop: Shop, now: datetime) -> ResponseCheck:
    draw_round(now)
    return db.session.query(ResponseCheck).one()


@pytest.fixture
def asked(check: ResponseCheck, now: datetime) -> ResponseCheck:
    ask_check(check.id, an_operator(now).id, now)
    db.session.expire_all()
    assert check.delivery is not None
    check.delivery.status, check.delivery.sent_at, check.delivery.due_at = DeliveryStatus.SENT, now, None
    db.session.commit()
    return check


def answer(check: ResponseCheck, words: str, at: datetime, *, head: str = "", to: str = "") -> str | None:
    assert check.delivery is not None
    letter = f"From: Ivan <info@tools.com>\r\nSubject: Re: A question\r\n{head}\r\n{words}\r\n".encode()
    mail_id = receive_mail(to or check.delivery.reply_to, letter, at)
    verdict = read_mail(mail_id, at)
    if verdict == CHECK:
        take_answer(mail_id, at)
    db.session.expire_all()
    return verdict


class TestDrawing:
    def test_who_asked_for_it_is_drawn_once_a_round(self, shop: Shop, now: datetime) -> None:
        assert [draw_round(now), draw_round(now + HOUR)] == [1, 0]
        assert draw_round(now + 15 * DAY) == 1
        first, second = db.session.query(ResponseCheck).order_by(ResponseCheck.drawn_at)
        assert first.reason is CheckReason.ASKED_FOR
        assert first.question != second.question
        assert first.round != second.round

    def test_nobody_else_is(self, now: datetime) -> None:
        a_shop(now, emails=("a@one.com",))
        a_shop(now, wants_checks_since=now)
        forbids = a_shop(now, "no.com", emails=("a@no.com",), wants_checks_since=now)
        saved(Suppression(key=f"shop:{forbids.domain}", reason="stop_page", created_at=now))
        assert draw_round(now) == 0

    def test_a_shop_that_answered_once_and_is_silent_now_is_drawn_once_a_quarter(self, now: datetime) -> None:
        shop = a_shop(now, "quiet.com", emails=("info@quiet.com",))
        shop.contact_points[0].last_answer_at = now - QUIET_FOR - DAY
        for n in range(QUIET_AFTER):
            at = now - QUIET_FOR / 2 - n * DAY
            request = a_request(at, RequestStatus.ASKED, shop=shop)
            an_outreach(at, request, asked_at=at, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
        assert [draw_round(now), draw_round(now + 15 * DAY)] == [1, 0]
        assert db.session.query(ResponseCheck).one().reason is CheckReason.GONE_QUIET

    def test_a_round_has_a_size_and_who_asked_comes_first(self, now: datetime) -> None:
        for n in range(MOST_A_ROUND + 3):
            a_shop(now, f"s{n}.com", emails=(f"a@s{n}.com",), wants_checks_since=now)
        assert [draw_round(now), draw_round(now)] == [MOST_A_ROUND, 0]


class TestAsking:
    def test_the_question_leaves_in_our_name_and_is_no_demand(
        self, check: ResponseCheck, shop: Shop, now: datetime, queue: RecordingQueue
    ) -> None:
        operator_id = an_operator(now).id
        for _ in range(2):
            ask_check(check.id, operator_id, now)
        delivery = db.session.query(Delivery).one()
        assert delivery.purpose == f"check:{shop.id}:{check.round}"
        assert delivery.template == "shop_check"
        assert "No buyer stands behind this question, and nothing is ordered." in " ".join(
            delivery.text.split()
        )
        assert delivery.stop_url in delivery.text
        assert f"shop:{shop.domain}" in delivery.stop_keys
        assert db.session.query(Outreach).count() == 0
        assert compute_scorecards(now + 9 * DAY) == 0
        assert (check.status, check.wording) == (CheckStatus.ASKED, delivery.text)
        assert [entry.what for entry in db.session.query(AuditEntry)] == ["check_asked"]

    def test_it_counts_among_the_letters_of_the_day(
        self, asked: ResponseCheck, shop: Shop, now: datetime
    ) -> None:
        assert count_messages(shop.id, now - HOUR) == 1

    @pytest.mark.parametrize("case", ["shop_forbids", "had_its_share", "no_address"])
    def test_what_forbids_a_letter_forbids_the_question(
        self, check: ResponseCheck, shop: Shop, now: datetime, case: str
    ) -> None:
        if case == "shop_forbids":
            saved(Suppression(key=f"shop:{shop.domain}", reason="stop_page", created_at=now))
        elif case == "had_its_share":
            shop.contact_budget = 0
        else:
            shop.contact_points[0].state = ContactState.DEAD
        db.session.commit()
        with pytest.raises(Refused) as refused:
            ask_check(check.id, an_operator(now).id, now)
        assert refused.value.code == case
        assert db.session.query(Delivery).count() == 0

    def test_a_shop_can_be_left_out_before_it_is_asked_and_not_after(
        self, check: ResponseCheck, now: datetime
    ) -> None:
        operator_id = an_operator(now).id
        drop_check(check.id, operator_id, now)
        with pytest.raises(IllegalTransition):
            ask_check(check.id, operator_id, now)
        assert count_to_do() == 0

    def test_who_was_asked_cannot_be_left_out(self, asked: ResponseCheck, now: datetime) -> None:
        with pytest.raises(IllegalTransition):
            drop_check(asked.id, an_operator(now).id, now)


class TestAnswering:
    def test_a_machine_and_a_person_have_clocks_of_their_own(
        self, asked: ResponseCheck, now: datetime
    ) -> None:
        machine = "Auto-Submitted: auto-replied\r\n"
        assert answer(asked, "We got your mail.", now + timedelta(minutes=2), head=machine) == CHECK
        assert (asked.acknowledged_at, asked.answered_at) == (now + timedelta(minutes=2), None)
        assert answer(asked, "It takes two days and costs nothing.", now + 3 * HOUR) == CHECK
        result = result_of(asked)
        assert (result.acknowledgement_seconds, result.answer_seconds) == (120, 3 * 3600)
        assert "two days" in asked.answer
        assert db.session.query(Reply).count() == 0
        open_due_cases(now + 4 * HOUR)
        assert count_to_do() == 1

    def test_an_answer_to_our_address_is_known_by_what_it_refers_to(
        self, asked: ResponseCheck, now: datetime
    ) -> None:
        head = f"References: <{asked.delivery_id}@in.broker.test>\r\n"
        assert answer(asked, "Two days.", now + HOUR, head=head, to="hello@in.broker.test") == CHECK
        assert asked.answered_at == now + HOUR

    def test_the_first_word_counts_and_a_second_is_kept(self, asked: ResponseCheck, now: datetime) -> None:
        answer(asked, "Two days.", now + HOUR)
        answer(asked, "And it is free.", now + 2 * HOUR)
        assert asked.answered_at == now + HOUR
        assert ("Two days." in asked.answer, "it is free" in asked.answer) == (True, True)

    def test_an_answer_that_forbids_our_letters_stops_them_all(
        self, asked: ResponseCheck, shop: Shop, now: datetime
    ) -> None:
        answer(asked, "Please do not write to us any more.", now + HOUR)
        assert is_stopped(shop)

    def test_a_lost_bell_is_rung_again(
        self, asked: ResponseCheck, now: datetime, queue: RecordingQueue
    ) -> None:
        assert asked.delivery is not None
        mail_id = receive_mail(asked.delivery.reply_to, b"From: a@tools.com\r\n\r\nTwo days.\r\n", now)
        read_mail(mail_id, now)
        assert requeue_lost() == 1
        assert queue.rung[-1] == (Job.TAKE_CHECK_ANSWER, mail_id)
        for _ in range(2):
            take_answer(mail_id, now)
        assert requeue_lost() == 0
        assert db.session.query(InboundMail).one().verdict == CHECK


class TestFindings:
    def test_an_operator_says_whether_it_was_complete_and_the_report_is_made(
        self, asked: ResponseCheck, shop: Shop, now: datetime
    ) -> None:
        operator_id = an_operator(now).id
        answer(asked, "Two days.", now + HOUR)
        with pytest.raises(Refused):
            note_findings(asked.id, operator_id, Noted(), now + HOUR, is_finished=True)
        note_findings(asked.id, operator_id, Noted(is_complete=False), now + 2 * HOUR, is_finished=True)
        [done] = list_checks_of(shop.id)
        assert done.findings == {"alive": True, "complete": False}
        assert count_to_do() == 0

    def test_nothing_can_be_finished_before_something_came(self, asked: ResponseCheck, now: datetime) -> None:
        operator_id = an_operator(now).id
        with pytest.raises(Refused) as refused:
            note_findings(asked.id, operator_id, Noted(is_complete=True), now, is_finished=True)
        assert refused.value.code == "not_answered_yet"
        with pytest.raises(Refused) as refused:
            note_findings(asked.id, operator_id, Noted(called_at=now + HOUR), now, is_finished=True)
        assert refused.value.code == "called_ahead"

    def test_a_week_of_silence_ends_it_unless_a_call_is_to_come(
        self, asked: ResponseCheck, now: datetime
    ) -> None:
        operator_id, week = an_operator(now).id, now + ANSWERED_WITHIN
        noted = Noted(call_promised_at=week + DAY)
        note_findings(asked.id, operator_id, noted, now + HOUR, is_finished=False)
        assert close_unanswered(week) == 0
        assert close_unanswered(week + DAY) == 1
        assert (asked.status, asked.findings["alive"], result_of(asked).call_came) == ("done", True, False)

    def test_an_address_that_does_not_exist_is_the_finding(
        self, asked: ResponseCheck, shop: Shop, now: datetime
    ) -> None:
        assert asked.delivery is not None
        asked.delivery.status, asked.delivery.failure = DeliveryStatus.BOUNCED, FailureReason.ADDRESS_DEAD
        db.session.commit()
        assert [close_unanswered(now + HOUR), close_unanswered(now + HOUR)] == [1, 0]
        assert asked.findings["alive"] is False
        assert shop.contact_points[0].state is ContactState.DEAD

    @pytest.mark.parametrize(
        "failure", [FailureReason.POLICY, FailureReason.EXPIRED, FailureReason.TOO_MANY_TRIES]
    )
    def test_a_letter_that_we_could_not_bring_is_not_held_against_the_shop(
        self, asked: ResponseCheck, shop: Shop, failure: FailureReason, now: datetime
    ) -> None:
        assert asked.delivery is not None
        asked.delivery.status, asked.delivery.failure = DeliveryStatus.FAILED, failure
        db.session.commit()
        close_unanswered(now + HOUR)
        assert (asked.status, asked.done_at) == (CheckStatus.DROPPED, None)
        assert shop.contact_points[0].state is not ContactState.DEAD

    def test_a_question_that_was_forbidden_before_it_left_is_no_finding(
        self, check: ResponseCheck, now: datetime
    ) -> None:
        ask_check(check.id, an_operator(now).id, now)
        assert check.delivery is not None
        check.delivery.status, check.delivery.due_at = DeliveryStatus.STOPPED, None
        db.session.commit()
        close_unanswered(now)
        assert (check.status, check.done_at) == (CheckStatus.DROPPED, None)
