"""Promises: given, woken, kept, broken, moved; and the buyer's word on a call."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from discount_broker.accounts.models import AuditEntry, Operator
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import EscalationCase, Promise
from discount_broker.escalation.operations import make_promise
from discount_broker.escalation.queries import find_entry, list_own_promises, list_promises
from discount_broker.escalation.rules import PROMISE_GRACE, CallReport
from discount_broker.escalation.status import (
    CallDirection,
    CallResult,
    CaseReason,
    CaseStatus,
    Ending,
    NextAction,
    PromiseKind,
    PromiseSide,
    PromiseStatus,
    QueueBand,
)
from discount_broker.escalation.use_cases import (
    PromiseGiven,
    add_promise,
    claim_case,
    close_case,
    log_call,
    move_promise,
    open_due_cases,
    report_call,
    settle_promise,
    wake_promises,
    withdraw_promise,
)
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, NotAllowed, NotFound
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer, withdraw_request
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import read_mail, receive_mail
from discount_broker.scorecards.queries import find_scorecard
from discount_broker.scorecards.use_cases import compute_scorecards
from tests.builders import a_case, a_request, a_shop, an_operator, an_outreach, saved
from tests.fakes import FakeChannel
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FRIDAY_EVENING = datetime(2030, 1, 18, 15, 0, tzinfo=UTC)
"""Six in Moscow: the shop closes."""


@pytest.fixture
def case(now: datetime) -> EscalationCase:
    """A silent shop's, put off until next week."""
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",))
    request = a_request(now, RequestStatus.ASKED, shop=shop)
    outreach = an_outreach(
        now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="silence", asked_at=now
    )
    return a_case(now, outreach, next_action_at=now + 99 * HOUR)


@pytest.fixture
def olga(now: datetime) -> Operator:
    return an_operator(now, name="Olga")


def given(case: EscalationCase, who: Operator, now: datetime, **more: Any) -> Promise:
    """A promise written down without a call; the last of its case."""
    facts = {"kind": PromiseKind.SEND_OFFER, "due_at": now + 3 * HOUR, **more}
    add_promise(case.id, who.id, PromiseGiven(**facts), now)
    db.session.expire_all()
    return db.session.query(Promise).order_by(Promise.made_at.desc(), Promise.due_at.desc()).first()  # type: ignore[return-value]


def trail() -> list[str]:
    return [entry.what for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def story(outreach: Outreach) -> list[str]:
    db.session.expire_all()
    return [entry.event for entry in outreach.discount_request.timeline]


def band(case: EscalationCase) -> QueueBand:
    entry = find_entry(case.outreach.shop_id)
    assert entry is not None
    return entry.band


class TestWaking:
    def test_it_wakes_a_quarter_of_an_hour_before_and_at_its_time_each_once(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        promise = given(case, olga, now)
        assert (case.next_action, case.next_action_at) == (NextAction.CHECK_PROMISE, promise.due_at)
        assert wake_promises(promise.due_at - 16 * MINUTE) == 0
        warned_at = promise.due_at - 15 * MINUTE
        for at in (warned_at, warned_at + MINUTE):
            wake_promises(at)
            db.session.expire_all()
            assert (promise.warned_at, promise.woken_at, case.next_action_at) == (warned_at, None, warned_at)
        assert band(case) is QueueBand.PROMISE
        for at in (promise.due_at, promise.due_at + MINUTE):
            wake_promises(at)
            db.session.expire_all()
            assert (promise.woken_at, case.next_action_at) == (promise.due_at, promise.due_at)
        assert wake_promises(promise.due_at + 2 * MINUTE) == 0, "nothing is looked at twice"

    def test_of_several_workers_one_tells_that_it_was_broken(
        self, app: Flask, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        due_at = given(case, olga, now).due_at
        race(app, *[lambda: wake_promises(due_at + PROMISE_GRACE) for _ in range(3)])
        assert story(case.outreach).count("promise_broken") == 1
        assert trail().count("promise_broken") == 1
        assert case.reason is CaseReason.PROMISE_BROKEN

    def test_what_must_be_read_first_is_not_covered_by_what_falls_due(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        promise = given(case, olga, now)
        case.next_action, case.next_action_at = NextAction.READ_REPLY, now
        db.session.commit()
        wake_promises(promise.due_at)
        assert case.next_action is NextAction.READ_REPLY

    def test_of_a_ladder_that_still_climbs_the_desk_hears_when_it_is_due(self, now: datetime) -> None:
        outreach = an_outreach(now, status=OutreachStatus.ASKED, next_step_at=now + 99 * HOUR)
        with transaction():
            make_promise(outreach, PromiseKind.CALL_US, now + HOUR, now)
        wake_promises(now + 50 * MINUTE)
        assert db.session.query(EscalationCase).count() == 0
        wake_promises(now + HOUR)
        assert db.session.query(EscalationCase).one().reason is CaseReason.PROMISE_DUE


class TestOurs:
    def test_it_belongs_to_whoever_gave_it_and_waits_in_their_hands(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        promise = given(case, olga, now, kind=PromiseKind.CALL_SHOP)
        assert (promise.side, promise.operator_id) == (PromiseSide.US, olga.id)
        assert list_own_promises(olga.id, now, now + 9 * HOUR) == [(promise, case.id)]
        assert list_own_promises(an_operator(now).id, now, now + 9 * HOUR) == []
        wake_promises(promise.due_at)
        entry = find_entry(case.outreach.shop_id)
        assert entry is not None
        assert entry.held_by(promise.due_at + 14 * MINUTE) == olga.id
        assert entry.held_by(promise.due_at + 15 * MINUTE) is None, "colleagues may keep it then"

    def test_whoever_has_the_shop_in_hand_keeps_it(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        promise = given(case, olga, now, kind=PromiseKind.CALL_SHOP)
        other = an_operator(now).id
        claim_case(case.id, other, promise.due_at - HOUR)
        wake_promises(promise.due_at)
        entry = find_entry(case.outreach.shop_id)
        assert entry is not None
        assert entry.held_by(promise.due_at) == other

    def test_when_we_break_our_word_the_shop_is_not_blamed(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        promise = given(case, olga, now, kind=PromiseKind.CALL_SHOP)
        wake_promises(promise.due_at + PROMISE_GRACE)
        assert promise.status is PromiseStatus.BROKEN
        assert (case.reason, case.next_action) == (CaseReason.PROMISE_DUE, NextAction.CALL)
        assert "promise_broken" not in story(case.outreach)
        compute_scorecards(now + 9 * HOUR)
        card = find_scorecard(case.outreach.shop_id)
        assert card is not None
        assert card.promises_made == 0

    def test_what_we_missed_before_it_was_written_down_is_not_the_shops_broken_word(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        promise = given(case, olga, now, kind=PromiseKind.CALL_SHOP, due_at=now - HOUR)
        assert promise.status is PromiseStatus.BROKEN
        assert (case.reason, case.next_action_at) == (CaseReason.PROMISE_DUE, now)

    def test_an_offer_keeps_what_the_shop_promised_and_lets_go_what_we_told_the_shop(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        ours = given(case, olga, now, kind=PromiseKind.CALL_SHOP)
        to_buyer = given(
            case, olga, now, kind=PromiseKind.CALL_BUYER, side=PromiseSide.US, due_at=now + 9 * HOUR
        )
        theirs = given(case, olga, now + MINUTE, due_at=now + 5 * HOUR)
        submit_answer(case.outreach_id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(5)), now + 6 * HOUR)
        db.session.expire_all()
        assert (theirs.status, theirs.late_by) == (PromiseStatus.LATE, HOUR)
        assert ours.status is PromiseStatus.WITHDRAWN, "nobody calls a shop that has answered"
        assert to_buyer.status is PromiseStatus.PENDING, "the buyer waits for it all the same"


class TestEvidence:
    def write(self, outreach: Outreach, at: datetime) -> None:
        address = f"reply+{issue_token(Purpose.REPLY, outreach.id, outreach.created_at)}@in.broker.test"
        letter = b"From: a@tools.ru\r\nSubject: Re: drill\r\n\r\nGood day, we are looking into it.\r\n"
        assert read_mail(receive_mail(address, letter, at), at) == "human"

    def test_a_letter_keeps_the_promise_to_write_as_late_as_it_came(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        letter = given(case, olga, now, kind=PromiseKind.ANSWER_BY_MAIL)
        offer = given(case, olga, now + MINUTE)
        self.write(case.outreach, letter.due_at + 5 * MINUTE)
        open_due_cases(letter.due_at + 9 * MINUTE)
        db.session.expire_all()
        assert (letter.status, letter.evidence) == (PromiseStatus.LATE, "letter")
        assert letter.late_by == 5 * MINUTE
        assert offer.status is PromiseStatus.PENDING, "a letter is no offer"

    def test_a_letter_that_nobody_has_seen_yet_keeps_it_too(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        promise = given(case, olga, now, kind=PromiseKind.ANSWER_BY_MAIL)
        self.write(case.outreach, now + HOUR)
        wake_promises(promise.due_at)
        db.session.expire_all()
        assert promise.status is PromiseStatus.KEPT
        assert case.next_action_at == promise.due_at, "and the case goes on"

    def test_a_call_of_the_shop_keeps_the_promise_to_call_us(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        promise = given(case, olga, now, kind=PromiseKind.CALL_US)
        rang_at = now + 2 * HOUR
        told = CallReport(
            started_at=rang_at, minutes=3, result=CallResult.CALL_BACK, direction=CallDirection.IN
        )
        log_call(case.id, olga.id, told, rang_at + 4 * MINUTE)
        db.session.expire_all()
        assert (promise.status, promise.settled_at) == (PromiseStatus.KEPT, rang_at)


class TestByHand:
    def test_a_time_that_has_passed_was_missed(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        promise = given(case, olga, now, due_at=now - HOUR)
        assert (promise.status, promise.evidence) == (PromiseStatus.BROKEN, "missed before")
        assert (case.reason, case.next_action, case.next_action_at) == (
            CaseReason.PROMISE_BROKEN,
            NextAction.CALL,
            now,
        )
        assert story(case.outreach)[-2:] == ["promise_made", "promise_broken"]

    def test_another_time_lets_the_first_one_go_and_keeps_what_was_broken(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        first = given(case, olga, now, promised_by="Ivan")
        move_promise(case.id, first.id, olga.id, now + 5 * HOUR, now)
        db.session.expire_all()
        _, second = list_promises(case.outreach_id)
        assert first.status is PromiseStatus.WITHDRAWN
        assert (second.promised_by, case.next_action_at) == ("Ivan", now + 5 * HOUR)
        wake_promises(second.due_at + PROMISE_GRACE)
        move_promise(case.id, second.id, olga.id, now + 30 * HOUR, now + 7 * HOUR)
        db.session.expire_all()
        assert second.status is PromiseStatus.BROKEN
        assert [p.status for p in list_promises(case.outreach_id)][-1] is PromiseStatus.PENDING
        with pytest.raises(IllegalTransition):
            move_promise(case.id, first.id, olga.id, now + 40 * HOUR, now)

    def test_what_is_settled_leaves_a_next_action(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        first = given(case, olga, now)
        second = given(case, olga, now + MINUTE, due_at=now + 9 * HOUR)
        withdraw_promise(case.id, first.id, olga.id, now + HOUR)
        assert (case.next_action, case.next_action_at) == (NextAction.CHECK_PROMISE, second.due_at)
        settle_promise(case.id, second.id, olga.id, "", now + 2 * HOUR, kept=True)
        assert (case.next_action, case.next_action_at) == (NextAction.CALL, now + 2 * HOUR)
        made = ["promise_made", "promise_made", "promise_withdrawn", "promise_kept"]
        assert [what for what in trail() if what.startswith("promise")] == made

    def test_what_was_kept_after_all_is_no_broken_word_any_more(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        first, second = given(case, olga, now), given(case, olga, now, due_at=now + 4 * HOUR)
        wake_promises(second.due_at + PROMISE_GRACE)
        for promise, expected in (
            (first, (CaseReason.PROMISE_BROKEN, QueueBand.PROMISE)),  # the later one is broken still
            (second, (CaseReason.SILENCE, QueueBand.USUAL)),
        ):
            settle_promise(case.id, promise.id, olga.id, "", now + 6 * HOUR, kept=True)
            db.session.expire_all()
            assert (case.reason, band(case)) == expected

    def test_a_second_time_that_was_kept_makes_good_the_first_that_was_not(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        first = given(case, olga, now)
        wake_promises(first.due_at + PROMISE_GRACE)
        move_promise(case.id, first.id, olga.id, now + 9 * HOUR, now + 5 * HOUR)
        second = list_promises(case.outreach_id)[-1]
        settle_promise(case.id, second.id, olga.id, "", now + 8 * HOUR, kept=True)
        db.session.expire_all()
        assert (first.status, case.reason) == (PromiseStatus.BROKEN, CaseReason.SILENCE)

    def test_a_colleagues_case_and_a_closed_one_take_nothing(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        promise, other = given(case, olga, now), an_operator(now)
        claim_case(case.id, other.id, now)
        for act in (
            lambda: given(case, olga, now),
            lambda: settle_promise(case.id, promise.id, olga.id, "", now, kept=True),
            lambda: move_promise(case.id, promise.id, olga.id, now + HOUR, now),
            lambda: withdraw_promise(case.id, promise.id, olga.id, now),
        ):
            with pytest.raises(NotAllowed):
                act()
        close_case(case.id, other.id, Ending.UNREACHABLE, now)
        with pytest.raises(NotAllowed):
            given(case, other, now)

    def test_a_promise_of_another_case_is_not_found(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        promise, other = given(case, olga, now), a_case(now)
        for act in (
            lambda: move_promise(other.id, promise.id, olga.id, now + HOUR, now),
            lambda: withdraw_promise(other.id, promise.id, olga.id, now),
        ):
            with pytest.raises(NotFound):
                act()


def asked_mails() -> list[Delivery]:
    return db.session.query(Delivery).filter_by(template="promise_check").order_by(Delivery.channel).all()


@pytest.fixture
def texts(app: Flask) -> Iterator[FakeChannel]:
    site, gateway = app.extensions["site"], FakeChannel()
    app.extensions["site"] = replace(site, sends_texts=True, sms_sender="+79990000000")
    app.extensions["channels"][ChannelKind.SMS] = gateway
    yield gateway
    app.extensions["site"] = site


class TestBuyersWord:
    @pytest.fixture
    def promise(self, case: EscalationCase, olga: Operator, now: datetime) -> Promise:
        return given(case, olga, now, kind=PromiseKind.CALL_BUYER)

    def test_the_buyer_is_asked_once_when_the_shop_has_had_half_an_hour_more(
        self, promise: Promise, now: datetime
    ) -> None:
        wake_promises(promise.due_at + 29 * MINUTE)
        assert asked_mails() == []
        for minutes in (30, 31, 95, 300):
            wake_promises(promise.due_at + minutes * MINUTE)
        (mail,) = asked_mails()
        assert "/promises/" in mail.text
        assert promise.buyer_asked_at == promise.due_at + 30 * MINUTE

    def test_after_closing_the_shop_has_until_it_has_been_open_for_half_an_hour(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        given(case, olga, now, kind=PromiseKind.CALL_BUYER, due_at=FRIDAY_EVENING)
        wake_promises(FRIDAY_EVENING + 48 * HOUR)
        assert asked_mails() == []
        wake_promises(datetime(2030, 1, 21, 6, 30, tzinfo=UTC))
        assert len(asked_mails()) == 1

    def test_who_wants_texts_gets_one_too(self, texts: FakeChannel, promise: Promise, now: datetime) -> None:
        request = promise.outreach.discount_request
        request.phone, request.wants_texts = "+79161234567", True
        db.session.commit()
        wake_promises(promise.due_at + 30 * MINUTE)
        assert [mail.channel for mail in asked_mails()] == [ChannelKind.EMAIL, ChannelKind.SMS]

    def test_who_has_left_is_not_asked(self, promise: Promise, now: datetime) -> None:
        due_at, request_id = promise.due_at, promise.outreach.discount_request_id
        withdraw_request(request_id, now)
        wake_promises(due_at + 30 * MINUTE)
        assert asked_mails() == []

    def test_a_call_to_us_is_none_of_the_buyers_business(
        self, case: EscalationCase, olga: Operator, now: datetime
    ) -> None:
        due_at = given(case, olga, now, kind=PromiseKind.CALL_US).due_at
        wake_promises(due_at + 30 * MINUTE)
        assert asked_mails() == []

    def test_yes_keeps_it_as_promised_and_a_second_press_changes_nothing(
        self, case: EscalationCase, promise: Promise
    ) -> None:
        at = promise.due_at + 40 * MINUTE
        assert report_call(promise.id, at, came=True)
        assert not report_call(promise.id, at + MINUTE, came=False)
        assert (promise.status, promise.evidence) == (PromiseStatus.KEPT, "buyer")
        assert case.next_action is NextAction.CALL
        assert story(case.outreach)[-1] == "promise_kept"

    def test_yes_and_later_is_late_by_what_the_buyer_says(self, promise: Promise) -> None:
        wake_promises(promise.due_at + 61 * MINUTE)
        called_at = promise.due_at + 50 * MINUTE
        assert report_call(promise.id, promise.due_at + 90 * MINUTE, came=True, called_at=called_at)
        assert (promise.status, promise.late_by) == (PromiseStatus.LATE, 50 * MINUTE)

    def test_no_breaks_it_and_puts_the_shop_on_top(self, case: EscalationCase, promise: Promise) -> None:
        at = promise.due_at + 40 * MINUTE
        assert report_call(promise.id, at, came=False)
        assert not report_call(promise.id, at + MINUTE, came=True)
        assert (promise.status, promise.evidence) == (PromiseStatus.BROKEN, "buyer")
        assert (case.reason, case.next_action_at) == (CaseReason.PROMISE_BROKEN, at)
        assert band(case) is QueueBand.PROMISE

    def test_no_after_its_time_ran_out_says_it_once_more_and_is_the_last_word(
        self, case: EscalationCase, promise: Promise
    ) -> None:
        wake_promises(promise.due_at + PROMISE_GRACE)
        case.next_action_at = promise.due_at + 99 * HOUR
        db.session.commit()
        at = promise.due_at + 2 * HOUR
        assert report_call(promise.id, at, came=False)
        assert not report_call(promise.id, at + HOUR, came=True)
        assert case.next_action_at == at

    def test_a_shop_whose_offer_was_taken_and_that_did_not_call_comes_to_the_desk(
        self, now: datetime
    ) -> None:
        request = a_request(now, RequestStatus.ACCEPTED)
        outreach = an_outreach(now, request, status=OutreachStatus.ANSWERED, answered_at=now)
        facts = {"outreach_id": outreach.id, "kind": PromiseKind.CALL_BUYER, "made_at": now}
        promise = saved(Promise(**facts, due_at=now + HOUR))
        assert report_call(promise.id, now + 2 * HOUR, came=False)
        case = db.session.query(EscalationCase).one()
        assert (case.status, case.reason) == (CaseStatus.OPEN, CaseReason.NOT_REACHED)
        open_due_cases(now + 2 * HOUR)
        assert case.status is CaseStatus.OPEN
