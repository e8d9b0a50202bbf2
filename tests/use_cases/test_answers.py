"""A shop answers: by one press on its offer page, or through an operator."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.operations import open_case
from discount_broker.escalation.queries import find_case_of, list_promises
from discount_broker.escalation.status import CaseReason, CaseStatus, Ending, PromiseKind, PromiseStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, Refused
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.queries import find_suppression
from discount_broker.offers.queries import find_offer_of, list_offers
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import GIVES, AnswerKind, OfferStatus
from discount_broker.offers.use_cases import submit_answer, withdraw_request
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, take_due_steps
from discount_broker.shops.status import ContactState
from tests.builders import a_request, a_shop, an_operator, an_outreach
from tests.fakes import FakeChannel
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
HOUR = timedelta(hours=1)
TEN_PERCENT = Answer(kind=AnswerKind.PERCENT, percent=Decimal(10))
SAID: dict[AnswerKind, dict[str, Any]] = {
    AnswerKind.PERCENT: {"percent": Decimal(10)},
    AnswerKind.PRICE: {"price": Decimal(11000)},
    AnswerKind.BONUS: {"text": "500 points"},
    AnswerKind.GIFT: {"text": "a set of drills"},
    AnswerKind.ADD_ITEM: {"text": "with a battery"},
    AnswerKind.LOWEST: {"text": "straight from the factory"},
}


@pytest.fixture
def outreach(work_at: Work, mail: FakeChannel, now: datetime) -> Outreach:
    """A shop that was asked."""
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru", "b@tools.ru"))
    request = a_request(now, RequestStatus.ASKED, shop=shop)
    asked = an_outreach(now, request, product_url="https://tools.ru/as-they-sell-it")
    ask_shop(shop.id, now)
    work_at(now)
    mail.sent.clear()
    db.session.expire_all()
    return asked


def buyer_of(outreach: Outreach) -> str:
    assert outreach.discount_request.buyer is not None
    return outreach.discount_request.buyer.email


@pytest.mark.parametrize("kind", sorted(GIVES))
def test_what_can_be_accepted_is_an_offer_the_buyer_hears_of_at_once(
    kind: AnswerKind, outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    submit_answer(outreach.id, Answer(kind=kind, **SAID.get(kind, {})), now)
    work_at(now)
    db.session.expire_all()
    offer = find_offer_of(outreach.id)
    assert offer is not None
    assert (offer.kind, offer.status, offer.valid_until) == (kind, OfferStatus.OPEN, now + timedelta(days=3))
    assert (outreach.status, outreach.answered_at) == (OutreachStatus.ANSWERED, now)
    assert outreach.discount_request.status is RequestStatus.OFFERED
    assert [m.to for m in mail.sent] == [buyer_of(outreach)]
    assert outreach.product_url in mail.sent[0].text
    assert outreach.steps[0].contact_point.state is ContactState.GOOD


def test_a_second_press_changes_nothing(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    for later in range(3):
        submit_answer(outreach.id, TEN_PERCENT, now + later * HOUR)
    work_at(now)
    assert len(mail.sent) == 1
    assert len(list_offers(outreach.discount_request_id)) == 1


def test_of_presses_at_once_one_counts(app: Flask, outreach: Outreach, now: datetime) -> None:
    outreach_id, request_id = outreach.id, outreach.discount_request_id
    assert race(app, *[lambda: submit_answer(outreach_id, TEN_PERCENT, now)] * 4) == [None] * 4
    assert len(list_offers(request_id)) == 1


def test_two_shops_answering_at_once_both_count(app: Flask, outreach: Outreach, now: datetime) -> None:
    other = an_outreach(now, outreach.discount_request, a_shop(now))
    ids, request_id = [outreach.id, other.id], outreach.discount_request_id
    results = race(app, *[lambda each=each: submit_answer(each, TEN_PERCENT, now) for each in ids])
    assert results == [None, None]
    assert len(list_offers(request_id)) == 2


@pytest.mark.parametrize(
    "other",
    [
        Answer(kind=AnswerKind.PERCENT, percent=Decimal(15)),
        Answer(kind=AnswerKind.PRICE, price=Decimal(9000)),
        Answer(kind=AnswerKind.NOT_NOW),
        Answer(kind=AnswerKind.CALL, call_by=datetime.fromisoformat("2030-01-15T09:00:00+00:00")),
    ],
)
def test_another_answer_afterwards_is_refused_not_swallowed(
    other: Answer, outreach: Outreach, now: datetime
) -> None:
    submit_answer(outreach.id, TEN_PERCENT, now)
    with pytest.raises(IllegalTransition):
        submit_answer(outreach.id, other, now)


def test_another_price_afterwards_is_refused_not_swallowed(outreach: Outreach, now: datetime) -> None:
    submit_answer(outreach.id, Answer(kind=AnswerKind.PRICE, price=Decimal(11000)), now)
    submit_answer(outreach.id, Answer(kind=AnswerKind.PRICE, price=Decimal("11000.00")), now)
    with pytest.raises(IllegalTransition):
        submit_answer(outreach.id, Answer(kind=AnswerKind.PRICE, price=Decimal(10000)), now)


def test_an_answer_nobody_could_act_on_leaves_everything_open(outreach: Outreach, now: datetime) -> None:
    with pytest.raises(Refused):
        submit_answer(outreach.id, Answer(kind=AnswerKind.GIFT), now)
    db.session.expire_all()
    assert outreach.status is OutreachStatus.ASKED


def test_nothing_is_sent_to_a_shop_that_has_answered(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    submit_answer(outreach.id, Answer(kind=AnswerKind.NOT_NOW), now)
    take_due_steps(now + timedelta(days=9))
    work_at(now + timedelta(days=9))
    assert [m.to for m in mail.sent] == [buyer_of(outreach)]


def test_not_now_is_told_to_the_buyer_once(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    for _ in range(2):
        submit_answer(outreach.id, Answer(kind=AnswerKind.NOT_NOW), now)
    work_at(now)
    assert len(mail.sent) == 1
    assert (outreach.status, outreach.answered_at) == (OutreachStatus.DECLINED, now)


def test_never_stops_every_request_of_the_shop(outreach: Outreach, now: datetime) -> None:
    another = an_outreach(now, a_request(now, RequestStatus.ASKED), outreach.shop)
    for _ in range(2):
        submit_answer(outreach.id, Answer(kind=AnswerKind.NEVER, text="no brokers"), now)
    assert (outreach.status, another.status) == (OutreachStatus.DECLINED, OutreachStatus.STOPPED)
    stop = find_suppression("shop:tools.ru")
    assert stop is not None
    assert (stop.reason, stop.cause) == ("never", "no brokers")


def test_a_shop_that_will_call_is_left_in_peace_until_its_time(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    call = Answer(kind=AnswerKind.CALL, call_by=now + 30 * HOUR)
    for _ in range(2):
        submit_answer(outreach.id, call, now)
    work_at(now)
    (promise,) = list_promises(outreach.id)
    assert (promise.kind, promise.due_at) == (PromiseKind.CALL_US, now + 30 * HOUR)
    take_due_steps(now + 30 * HOUR)
    work_at(now + 30 * HOUR)
    assert [m.to for m in mail.sent] == [buyer_of(outreach)]


def test_a_shop_may_name_another_time_and_the_first_does_not_count_against_it(
    outreach: Outreach, now: datetime
) -> None:
    for hours in (5, 9):
        submit_answer(outreach.id, Answer(kind=AnswerKind.CALL, call_by=now + hours * HOUR), now)
    assert [p.status for p in list_promises(outreach.id)] == [PromiseStatus.WITHDRAWN, PromiseStatus.PENDING]


def test_it_calls_the_buyer_only_where_the_buyer_allowed_it(outreach: Outreach, now: datetime) -> None:
    outreach.discount_request.phone, outreach.discount_request.may_contact_directly = "+79161234567", True
    db.session.commit()
    submit_answer(outreach.id, Answer(kind=AnswerKind.CALL, call_by=now + HOUR), now)
    assert list_promises(outreach.id)[0].kind is PromiseKind.CALL_BUYER


def test_an_offer_after_a_promise_keeps_it_and_ends_the_case(outreach: Outreach, now: datetime) -> None:
    submit_answer(outreach.id, Answer(kind=AnswerKind.CALL, call_by=now + HOUR), now)
    with transaction():
        open_case(outreach, CaseReason.PROMISE_DUE, now)
    submit_answer(outreach.id, TEN_PERCENT, now + 2 * HOUR)
    assert list_promises(outreach.id)[0].status is PromiseStatus.LATE
    case = find_case_of(outreach.id)
    assert case is not None
    assert (case.status, case.ending) == (CaseStatus.CLOSED, Ending.OFFERED)


def test_a_no_after_a_promise_leaves_nothing_to_wait_for(outreach: Outreach, now: datetime) -> None:
    submit_answer(outreach.id, Answer(kind=AnswerKind.CALL, call_by=now + HOUR), now)
    submit_answer(outreach.id, Answer(kind=AnswerKind.NOT_NOW), now)
    assert list_promises(outreach.id)[0].status is PromiseStatus.WITHDRAWN


def test_an_operator_writes_down_what_a_shop_said(outreach: Outreach, now: datetime) -> None:
    operator = an_operator(now)
    submit_answer(outreach.id, TEN_PERCENT, now, operator.id)
    offer = find_offer_of(outreach.id)
    assert offer is not None
    assert offer.operator_id == operator.id
    assert outreach.steps[0].contact_point.state is ContactState.UNVERIFIED, "nobody answered at that door"


def test_the_shop_may_name_its_term(outreach: Outreach, now: datetime) -> None:
    submit_answer(outreach.id, Answer(kind=AnswerKind.FREE_DELIVERY, valid_until=date(2030, 1, 20)), now)
    offer = find_offer_of(outreach.id)
    assert offer is not None
    assert offer.valid_until.date() == date(2030, 1, 20)


def test_after_the_buyer_has_left_an_answer_is_refused(outreach: Outreach, now: datetime) -> None:
    withdraw_request(outreach.discount_request_id, now)
    with pytest.raises(IllegalTransition):
        submit_answer(outreach.id, TEN_PERCENT, now)
