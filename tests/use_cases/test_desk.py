"""Cases in human hands, promises, and what a shop's past comes to."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import EscalationCase
from discount_broker.escalation.operations import make_promise, open_case
from discount_broker.escalation.queries import find_case_of, list_promises
from discount_broker.escalation.rules import CLAIM_LASTS, CallReport
from discount_broker.escalation.status import (
    CallResult,
    CaseReason,
    CaseStatus,
    Ending,
    NextAction,
    PromiseKind,
    PromiseStatus,
)
from discount_broker.escalation.use_cases import (
    claim_case,
    close_case,
    log_call,
    open_due_cases,
    release_case,
    settle_promise,
    snooze_case,
    wake_promises,
)
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, NotAllowed
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.queries import find_suppression
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, read_mail, receive_mail, stop_shop
from discount_broker.scorecards.queries import find_scorecard
from discount_broker.scorecards.rules import LEFT_OUT
from discount_broker.scorecards.use_cases import compute_scorecards
from tests.builders import a_request, a_shop, an_operator, an_outreach, holder_id_of
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
HOUR = timedelta(hours=1)


@pytest.fixture
def case(now: datetime) -> EscalationCase:
    """A silent shop's."""
    request = a_request(now, RequestStatus.ASKED, shop=a_shop(now, "tools.ru", emails=("a@tools.ru",)))
    an_outreach(now, request, status=OutreachStatus.EXHAUSTED, exhausted_why="silence", asked_at=now)
    assert open_due_cases(now) == 1
    return db.session.query(EscalationCase).one()


def report(result: CallResult, now: datetime, **given: object) -> CallReport:
    return CallReport(started_at=now, minutes=4, result=result, **given)  # type: ignore[arg-type]


def events(outreach: Outreach) -> list[str]:
    db.session.expire_all()
    return [entry.event for entry in outreach.discount_request.timeline]


def test_of_two_operators_who_take_a_case_at_once_one_has_it(
    app: Flask, case: EscalationCase, now: datetime
) -> None:
    case_id, ids = case.id, [an_operator(now).id for _ in range(2)]
    won = race(app, *[lambda each=each: claim_case(case_id, each, now) for each in ids])
    assert sorted(won) == [False, True]
    assert holder_id_of(case) == ids[won.index(True)]


def test_a_case_held_by_a_colleague_cannot_be_worked_until_it_is_let_go(
    case: EscalationCase, now: datetime
) -> None:
    holder, other = an_operator(now).id, an_operator(now).id
    claim_case(case.id, holder, now)
    for act in (
        lambda: release_case(case.id, other, now),
        lambda: snooze_case(case.id, other, now + HOUR, now),
        lambda: close_case(case.id, other, Ending.UNREACHABLE, now),
        lambda: log_call(case.id, other, report(CallResult.BUSY, now), now),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert claim_case(case.id, other, now + CLAIM_LASTS), "a forgotten claim runs out"


def test_a_call_that_reached_nobody_leaves_the_next_one(case: EscalationCase, now: datetime) -> None:
    log_call(case.id, an_operator(now).id, report(CallResult.NO_ANSWER, now), now)
    assert (case.status, case.next_action, case.next_action_at) == (
        CaseStatus.OPEN,
        NextAction.CALL,
        now + 2 * HOUR,
    )
    assert len(case.calls) == 1


def test_a_shop_that_says_no_ends_the_case_and_the_outreach(case: EscalationCase, now: datetime) -> None:
    log_call(case.id, an_operator(now).id, report(CallResult.REFUSED, now), now)
    assert (case.status, case.ending) == (CaseStatus.CLOSED, Ending.DECLINED)
    assert case.outreach.status is OutreachStatus.DECLINED
    assert "shop_declined" in events(case.outreach)


def test_a_shop_that_forbids_it_on_the_phone_is_on_the_stop_list(case: EscalationCase, now: datetime) -> None:
    another = an_outreach(now, a_request(now, RequestStatus.ASKED), case.outreach.shop)
    log_call(case.id, an_operator(now).id, report(CallResult.STOP, now, note="furious"), now)
    stop = find_suppression("shop:tools.ru")
    assert stop is not None
    assert "furious" in stop.cause
    assert {case.outreach.status, another.status} == {OutreachStatus.STOPPED}


def promised(case: EscalationCase, now: datetime, hours: int = 24) -> None:
    said = report(
        CallResult.PROMISED,
        now,
        promise_kind=PromiseKind.CALL_US,
        promise_due_at=now + hours * HOUR,
        person="Ivan",
    )
    log_call(case.id, an_operator(now).id, said, now)


def test_a_promise_wakes_by_itself_and_is_broken_when_its_grace_is_over(
    case: EscalationCase, now: datetime
) -> None:
    promised(case, now)
    (promise,) = list_promises(case.outreach_id)
    assert (case.next_action, case.next_action_at) == (NextAction.CHECK_PROMISE, promise.due_at)
    wake_promises(promise.due_at - timedelta(minutes=1))
    assert promise.woken_at is None
    for _ in range(2):
        wake_promises(promise.due_at)
    assert (promise.woken_at, promise.status) == (promise.due_at, PromiseStatus.PENDING)
    for _ in range(2):
        wake_promises(promise.due_at + HOUR)
    assert promise.status is PromiseStatus.BROKEN
    assert (case.reason, case.next_action) == (CaseReason.PROMISE_BROKEN, NextAction.CALL)
    assert events(case.outreach).count("promise_broken") == 1


def test_a_promise_is_kept_once_in_time_or_late(case: EscalationCase, now: datetime) -> None:
    promised(case, now)
    (promise,) = list_promises(case.outreach_id)
    settle_promise(case.id, promise.id, an_operator(now).id, "they called", now + HOUR, kept=True)
    assert (promise.status, promise.evidence) == (PromiseStatus.KEPT, "they called")
    with pytest.raises(IllegalTransition):
        settle_promise(case.id, promise.id, an_operator(now).id, "", now, kept=False)


def test_given_up_on_and_then_done_after_all_is_late(case: EscalationCase, now: datetime) -> None:
    promised(case, now)
    wake_promises(now + 26 * HOUR)
    submit_answer(case.outreach_id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(5)), now + 30 * HOUR)
    assert list_promises(case.outreach_id)[0].status is PromiseStatus.LATE
    assert (case.status, case.ending) == (CaseStatus.CLOSED, Ending.OFFERED)


def test_a_promise_of_the_ladder_comes_to_the_desk_when_it_is_due(now: datetime) -> None:
    asked = {"status": OutreachStatus.ASKED, "next_step_at": now + 99 * HOUR, "steps_taken": 0}
    outreach = an_outreach(now, **asked)
    with transaction():
        make_promise(outreach, PromiseKind.CALL_BUYER, now + HOUR, now)
    wake_promises(now + HOUR)
    case = find_case_of(outreach.id)
    assert case is not None
    assert (case.reason, case.next_action) == (CaseReason.PROMISE_DUE, NextAction.CHECK_PROMISE)
    assert outreach.status is OutreachStatus.EXHAUSTED


def test_a_promise_nobody_waits_for_is_not_called_broken(case: EscalationCase, now: datetime) -> None:
    promised(case, now)
    stop_shop(case.outreach_id, "", now)
    open_due_cases(now)
    wake_promises(now + 48 * HOUR)
    assert list_promises(case.outreach_id)[0].status is PromiseStatus.WITHDRAWN
    assert case.status is CaseStatus.CLOSED
    assert "promise_broken" not in events(case.outreach)


def test_every_letter_brings_its_case_back_to_the_top(case: EscalationCase, now: datetime) -> None:
    outreach, operator_id = case.outreach, an_operator(now).id
    address = f"reply+{issue_token(Purpose.REPLY, outreach.id, outreach.created_at)}@in.broker.test"
    for number in (1, 2):
        snooze_case(case.id, operator_id, now + 24 * HOUR, now)
        letter = f"From: a@tools.ru\r\nSubject: Re: drill\r\n\r\nWe can give {number} %.\r\n".encode()
        assert read_mail(receive_mail(address, letter, now), now) == "human"
        for _ in range(2):
            open_due_cases(now + HOUR)
        db.session.expire_all()
        assert (case.reason, case.next_action) == (CaseReason.REPLY_TO_READ, NextAction.READ_REPLY)
        assert case.next_action_at == now + HOUR
        log_call(case.id, operator_id, report(CallResult.BUSY, now + HOUR), now + HOUR)
        open_due_cases(now + 2 * HOUR)
        assert case.next_action_at == now + 3 * HOUR


def test_two_sweeps_at_once_open_each_case_once(app: Flask, now: datetime) -> None:
    shop = a_shop(now)
    for _ in range(6):
        an_outreach(now, shop=shop, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
    failed = [each for each in race(app, *[lambda: open_due_cases(now)] * 4) if isinstance(each, Exception)]
    assert failed == []
    assert db.session.query(EscalationCase).count() == 6


def test_a_closed_case_is_opened_again_not_doubled(case: EscalationCase, now: datetime) -> None:
    close_case(case.id, an_operator(now).id, Ending.UNREACHABLE, now)
    assert case.outreach.status is OutreachStatus.STOPPED
    with transaction():
        assert open_case(case.outreach, CaseReason.NOT_REACHED, now).id == case.id
    assert (case.status, case.ending, case.closed_at) == (CaseStatus.OPEN, None, None)


def test_score_cards_are_computed_anew_from_what_happened(case: EscalationCase, now: datetime) -> None:
    promised(case, now)
    submit_answer(case.outreach_id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(5)), now + HOUR)
    left_out = compute_scorecards(now + LEFT_OUT - HOUR), find_scorecard(case.outreach.shop_id)
    assert left_out[0] == 1
    assert left_out[1] is not None
    assert left_out[1].asked == 0, "who was asked yesterday may answer tomorrow"
    assert [compute_scorecards(now + LEFT_OUT) for _ in range(2)] == [1, 0], "it is fresh"
    card = find_scorecard(case.outreach.shop_id)
    assert card is not None
    assert (card.asked, card.answered, card.offered, card.typical_percent) == (1, 1, 1, Decimal(5))
    assert (card.median_answer_seconds, card.promises_made, card.promises_kept) == (3600, 1, 1)


def test_a_letter_in_free_words_counts_as_an_answer(now: datetime) -> None:
    shop = a_shop(now, emails=("a@tools.ru",))
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    db.session.expire_all()
    outreach.steps[0].answered_at = now + timedelta(hours=2)
    db.session.commit()
    compute_scorecards(now + LEFT_OUT)
    card = find_scorecard(shop.id)
    assert card is not None
    assert (card.asked, card.answered, card.median_answer_seconds) == (1, 1, 7200)
