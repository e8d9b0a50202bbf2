"""Responsiveness checks: drawn, asked in our own name, answered by mail, and written down."""

from datetime import datetime, timedelta

import pytest

from discount_broker.accounts.models import AuditEntry
from discount_broker.checks.models import ResponseCheck
from discount_broker.checks.queries import count_to_do, list_checks_of, list_not_put, result_of
from discount_broker.checks.rules import (
    ANSWERED_WITHIN,
    MOST_A_ROUND,
    QUIET_AFTER,
    QUIET_FOR,
    STILL_NEWS,
    Noted,
)
from discount_broker.checks.status import CheckReason, CheckStatus
from discount_broker.checks.use_cases import (
    ask_check,
    close_unanswered,
    draw_round,
    drop_check,
    note_findings,
    requeue_lost,
    take_answer,
    tell_reports,
)
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.use_cases import open_due_cases
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.jobs import Job
from discount_broker.messaging.models import Delivery, Suppression
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.status import ChannelKind, DeliveryStatus
from discount_broker.outreach.models import InboundMail, Outreach, Reply
from discount_broker.outreach.queries.messages import count_messages
from discount_broker.outreach.status import CHECK, UNMATCHED, OutreachStatus
from discount_broker.outreach.use_cases import read_mail, receive_mail
from discount_broker.outreach.use_cases.merging import merge_shops
from discount_broker.scorecards.use_cases import compute_scorecards
from discount_broker.shops.models import ContactPoint, Shop, ShopMember
from discount_broker.shops.queries import is_stopped
from discount_broker.shops.status import ContactKind, ContactState
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

    def test_a_shop_that_was_checked_under_another_name_is_not_checked_once_more(
        self, shop: Shop, now: datetime
    ) -> None:
        assert draw_round(now) == 1
        kept = a_shop(now, "tools.ru", emails=("sales@tools.ru",))
        lead = an_operator(now).id
        merge_shops(shop.id, kept.id, lead, now)
        assert draw_round(now + HOUR) == 0
        check = db.session.query(ResponseCheck).one()
        ask_check(check.id, lead, now + HOUR)
        assert check.delivery is not None
        assert draw_round(now + 15 * DAY) == 1, "the wish came along"
        assert len({each.question for each in db.session.query(ResponseCheck)}) == 2

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

    @pytest.mark.parametrize("case", ["shop_forbids", "had_its_share", "no_door"])
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


class TestForms:
    """Shops that have nothing but a form are asked through it."""

    @pytest.fixture
    def shop(self, now: datetime) -> Shop:
        return a_shop(now, "forms.com", language="en", wants_checks_since=now)

    @pytest.fixture
    def form(self, shop: Shop, now: datetime) -> ContactPoint:
        return a_form(shop, "contact")

    @pytest.fixture
    def check(self, shop: Shop, form: ContactPoint, now: datetime) -> ResponseCheck:
        draw_round(now)
        return db.session.query(ResponseCheck).one()

    def test_the_question_goes_through_the_form_and_its_answer_comes_by_mail(
        self, asked: ResponseCheck, form: ContactPoint, now: datetime
    ) -> None:
        assert asked.delivery is not None
        assert (asked.delivery.channel, asked.delivery.address) == (ChannelKind.WEB_FORM, form.value)
        assert asked.delivery.reply_to in asked.wording, "a form may hide the address it was given"
        assert asked.delivery.stop_url in asked.wording
        assert "A real person made this request" not in asked.wording
        assert answer(asked, "Two days.", now + HOUR) == CHECK
        assert asked.answered_at == now + HOUR

    def test_a_form_with_a_captcha_is_for_people_and_draws_no_shop(
        self, shop: Shop, form: ContactPoint, now: datetime
    ) -> None:
        form.form = {"captcha": "recaptcha"}
        db.session.commit()
        assert draw_round(now) == 0

    @pytest.mark.parametrize(
        ("failure", "state"),
        [
            (FailureReason.CAPTCHA, ContactState.UNVERIFIED),
            (FailureReason.FORM_GONE, ContactState.DEAD),
            (FailureReason.REFUSED, ContactState.UNVERIFIED),
        ],
    )
    def test_a_form_that_cannot_take_it_is_no_finding_and_the_shop_is_told_why(
        self, asked: ResponseCheck, form: ContactPoint, shop: Shop, now: datetime,
        failure: FailureReason, state: ContactState,
    ) -> None:  # fmt: skip
        fail(asked, DeliveryStatus.FAILED, failure)
        close_unanswered(now + HOUR)
        assert (asked.status, asked.done_at, form.state) == (CheckStatus.DROPPED, None, state)
        assert [check.findings["why_not"] for check in list_not_put(shop.id)] == [failure]
        assert list_checks_of(shop.id) == []

    def test_the_next_door_is_tried_in_the_same_round(
        self, asked: ResponseCheck, form: ContactPoint, shop: Shop, now: datetime
    ) -> None:
        other = a_form(shop, "feedback")
        first = asked.delivery_id
        fail(asked, DeliveryStatus.FAILED, FailureReason.REFUSED)
        close_unanswered(now + HOUR)
        assert (asked.status, count_to_do()) == (CheckStatus.DRAWN, 1)
        ask_check(asked.id, an_operator(now, email="b@broker.test").id, now + HOUR)
        db.session.expire_all()
        assert asked.delivery is not None
        assert (asked.delivery.address, asked.delivery_id != first) == (other.value, True)

    def test_a_form_that_does_not_say_is_held_against_nobody(
        self, asked: ResponseCheck, shop: Shop, now: datetime
    ) -> None:
        fail(asked, DeliveryStatus.UNKNOWN, None)
        assert close_unanswered(now + HOUR) == 0, "an answer may still come"
        assert close_unanswered(now + ANSWERED_WITHIN) == 1
        assert (asked.status, asked.findings["why_not"]) == (CheckStatus.DROPPED, "unknown")

    def test_an_answer_shows_that_it_arrived_whatever_the_form_said(
        self, asked: ResponseCheck, now: datetime
    ) -> None:
        fail(asked, DeliveryStatus.UNKNOWN, None)
        answer(asked, "Two days.", now + HOUR)
        assert close_unanswered(now + ANSWERED_WITHIN) == 0
        assert result_of(asked).answer_seconds == 3600


def a_form(shop: Shop, page: str) -> ContactPoint:
    address = f"https://{shop.domain}/{page}"
    return saved(
        ContactPoint(
            shop_id=shop.id, kind=ContactKind.FORM, value=address, found_at=address,
            confidence=0.9, form={"captcha": None, "action": address, "fields": {}},
        )
    )  # fmt: skip


def fail(check: ResponseCheck, status: DeliveryStatus, failure: FailureReason | None) -> None:
    assert check.delivery is not None
    check.delivery.status, check.delivery.failure = status, failure
    db.session.commit()


def test_a_question_that_still_waits_with_us_is_no_silence_of_theirs(
    check: ResponseCheck, now: datetime
) -> None:
    ask_check(check.id, an_operator(now).id, now)
    assert check.delivery is not None
    assert check.delivery.expires_at == now + ANSWERED_WITHIN, "and it does not leave when the week is over"
    assert close_unanswered(now + ANSWERED_WITHIN) == 0


class TestTelling:
    """The shop hears by one letter that its report is there."""

    @pytest.fixture
    def done(self, asked: ResponseCheck, now: datetime) -> ResponseCheck:
        answer(asked, "Two days.", now + HOUR)
        assert asked.operator_id is not None
        operator_id = asked.operator_id
        note_findings(asked.id, operator_id, Noted(is_complete=True), now + HOUR, is_finished=True)
        return asked

    def test_who_asked_for_it_gets_a_link_once(self, done: ResponseCheck, shop: Shop, now: datetime) -> None:
        saved(ShopMember(shop_id=shop.id, email="boss@tools.com", language="en", proved_at=now))
        assert [tell_reports(now + 2 * HOUR), tell_reports(now + 3 * HOUR)] == [1, 0]
        letter = the_report()
        assert letter.address == "boss@tools.com"
        assert "/check/" in letter.text
        assert letter.stop_url in letter.text
        assert letter.expires_at is not None

    def test_a_shop_without_people_of_its_own_gets_it_where_it_was_asked(
        self, done: ResponseCheck, now: datetime
    ) -> None:
        assert tell_reports(now + 2 * HOUR) == 1
        assert the_report().address == "info@tools.com"

    def test_it_is_one_of_the_letters_of_the_day_and_waits_for_another(
        self, done: ResponseCheck, shop: Shop, now: datetime
    ) -> None:
        shop.contact_budget = 1
        db.session.commit()
        assert tell_reports(now + 2 * HOUR) == 0, "the question was the letter of this day"
        assert tell_reports(now + 2 * DAY) == 1
        assert count_messages(shop.id, now + DAY) == 1

    @pytest.mark.parametrize("key", ["shop:tools.com", "email:info@tools.com"])
    def test_a_stop_holds_for_it_too(self, done: ResponseCheck, shop: Shop, key: str, now: datetime) -> None:
        saved(Suppression(key=key, reason="stop_page", created_at=now))
        assert tell_reports(now + 2 * HOUR) == 0

    def test_old_news_is_no_news(self, done: ResponseCheck, now: datetime) -> None:
        assert tell_reports(now + HOUR + STILL_NEWS) == 0

    def test_there_is_no_letter_before_there_is_a_report(self, asked: ResponseCheck, now: datetime) -> None:
        assert tell_reports(now + HOUR) == 0

    def test_an_answer_to_it_is_for_a_person_to_read(self, done: ResponseCheck, now: datetime) -> None:
        tell_reports(now + 2 * HOUR)
        letter, before = the_report(), done.answer
        content = b"From: info@tools.com\r\nSubject: Re\r\n\r\nThat was our holiday.\r\n"
        mail_id = receive_mail(letter.reply_to, content, now + 3 * HOUR)
        assert read_mail(mail_id, now + 3 * HOUR) == UNMATCHED
        assert done.answer == before


def the_report() -> Delivery:
    return db.session.query(Delivery).filter_by(template="shop_check_report").one()
