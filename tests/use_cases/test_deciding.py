"""The buyer decides, and says what came of it."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.escalation.operations import make_promise, open_case
from discount_broker.escalation.queries import find_case_of, list_promises
from discount_broker.escalation.status import CaseReason, CaseStatus, Ending, PromiseKind, PromiseStatus
from discount_broker.escalation.use_cases import close_case, open_due_cases
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, NotFound
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.ports import PermanentFailure
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.models import Offer
from discount_broker.offers.queries import find_offer_of, marks
from discount_broker.offers.queries.codes import find_offer_by_code
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind, DeclineReason, OfferStatus
from discount_broker.offers.use_cases import (
    accept_offer,
    ask_outcomes,
    decline_offer,
    expire_offers,
    note_bought,
    pass_on_acceptances,
    report_outcome,
    submit_answer,
    withdraw_request,
)
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, stop_shop
from tests.builders import a_request, a_shop, an_operator, an_outreach
from tests.fakes import FakeChannel
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)
TEN, FIVE = (Answer(kind=AnswerKind.PERCENT, percent=Decimal(n)) for n in (10, 5))


@pytest.fixture
def asked(work_at: Work, mail: FakeChannel, now: datetime) -> list[Outreach]:
    """One request, put to three shops; the second can be reached by its form alone."""
    shops = [
        a_shop(now, "one.ru", emails=("a@one.ru",), language="en"),
        a_shop(now, "two.ru", forms=("https://two.ru/form",), language="en"),
        a_shop(now, "three.ru", emails=("a@three.ru",), language="en"),
    ]
    request = a_request(now, RequestStatus.ASKED, shop=shops[0], phone="+79161234567")
    outreaches = [an_outreach(now, request), *(an_outreach(now, request, shop) for shop in shops[1:])]
    for shop in shops:
        ask_shop(shop.id, now)
    work_at(now)
    mail.sent.clear()
    db.session.expire_all()
    return outreaches


def offered(outreach: Outreach, now: datetime, answer: Answer = TEN) -> Offer:
    submit_answer(outreach.id, answer, now)
    offer = find_offer_of(outreach.id)
    assert offer is not None
    return offer


def the_request(asked: list[Outreach]) -> DiscountRequest:
    db.session.expire_all()
    return get_request(asked[0].discount_request_id)


def test_the_chosen_shop_gets_the_contact_and_the_others_are_thanked(
    asked: list[Outreach], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    offer, other = offered(asked[0], now), offered(asked[2], now, FIVE)
    work_at(now)
    mail.sent.clear()
    for _ in range(2):
        accept_offer(offer.outreach.discount_request_id, offer.id, now)
    work_at(now)
    request = the_request(asked)
    assert request.buyer is not None
    assert request.status is RequestStatus.ACCEPTED
    assert (offer.status, other.status) == (OfferStatus.ACCEPTED, OfferStatus.DECLINED)
    letters = {m.to: m.text for m in mail.sent}
    assert set(letters) == {"a@one.ru", "a@three.ru", request.buyer.email}
    assert request.buyer.email in letters["a@one.ru"]
    assert request.buyer.email not in letters["a@three.ru"]
    assert asked[1].status is OutreachStatus.STOPPED
    assert offer.code is not None
    assert find_offer_by_code(offer.code.lower().replace("-", "")) == offer
    assert other.code is None
    assert offer.code in letters["a@one.ru"]
    assert offer.code in letters[request.buyer.email]
    assert offer.code not in letters["a@three.ru"]


def test_a_shop_reached_by_form_alone_is_told_by_an_operator(asked: list[Outreach], now: datetime) -> None:
    offer = offered(asked[1], now)
    accept_offer(offer.outreach.discount_request_id, offer.id, now)
    case = find_case_of(asked[1].id)
    assert case is not None
    assert (case.reason, case.status) == (CaseReason.ACCEPTANCE_TO_TELL, CaseStatus.OPEN)


def test_a_shop_whose_letter_came_back_is_told_by_an_operator_once(
    asked: list[Outreach], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    an_accepted_offer(asked, now)
    pass_on_acceptances(now)
    assert find_case_of(asked[0].id) is None, "the letter is still on its way"
    mail.dead["a@one.ru"] = PermanentFailure("550 no such user")
    work_at(now)
    pass_on_acceptances(now)
    case = find_case_of(asked[0].id)
    assert case is not None
    assert (case.reason, case.status) == (CaseReason.ACCEPTANCE_TO_TELL, CaseStatus.OPEN)
    open_due_cases(now)
    assert case.status is CaseStatus.OPEN
    close_case(case.id, an_operator(now).id, Ending.OFFERED, now)
    pass_on_acceptances(now + DAY)
    assert case.status is CaseStatus.CLOSED


def test_an_offer_that_has_run_out_cannot_be_accepted(asked: list[Outreach], now: datetime) -> None:
    offer = offered(asked[0], now)
    with pytest.raises(IllegalTransition):
        accept_offer(offer.outreach.discount_request_id, offer.id, now + 4 * DAY)


def test_a_foreign_offer_is_not_found(asked: list[Outreach], now: datetime) -> None:
    offer, foreign = offered(asked[0], now), a_request(now, RequestStatus.OFFERED)
    for decide in (accept_offer, decline_offer):
        with pytest.raises(NotFound):
            decide(foreign.id, offer.id, now)


def test_of_two_offers_accepted_at_once_one_is(app: Flask, asked: list[Outreach], now: datetime) -> None:
    ids = [offered(outreach, now).id for outreach in (asked[0], asked[2])]
    request_id = asked[0].discount_request_id
    results = race(app, *[lambda each=each: accept_offer(request_id, each, now) for each in ids])
    assert sorted(str(type(result).__name__) for result in results) == ["IllegalTransition", "NoneType"]


def test_an_answer_and_an_acceptance_at_once_do_not_block_each_other(
    app: Flask, asked: list[Outreach], now: datetime
) -> None:
    offer_id, request_id, late = offered(asked[0], now).id, asked[0].discount_request_id, asked[2].id
    results = race(
        app, lambda: accept_offer(request_id, offer_id, now), lambda: submit_answer(late, FIVE, now)
    )
    assert results[0] is None
    assert results[1] is None or isinstance(results[1], IllegalTransition)
    assert the_request(asked).status is RequestStatus.ACCEPTED
    assert asked[2].status in (OutreachStatus.STOPPED, OutreachStatus.ANSWERED)


def test_a_declined_offer_leaves_the_request_open_for_the_others(
    asked: list[Outreach], now: datetime
) -> None:
    offer = offered(asked[0], now)
    for _ in range(2):
        decline_offer(offer.outreach.discount_request_id, offer.id, now)
    expire_offers(now)
    assert the_request(asked).status is RequestStatus.ASKED
    offered(asked[2], now)
    assert the_request(asked).status is RequestStatus.OFFERED


def test_offers_run_out_and_the_buyer_can_still_get_others(asked: list[Outreach], now: datetime) -> None:
    offer = offered(asked[0], now)
    for later in (2 * DAY, 3 * DAY, 4 * DAY):
        expire_offers(now + later)
        db.session.expire_all()
        assert (offer.status is OfferStatus.OPEN) is (later < 3 * DAY)
    assert the_request(asked).status is RequestStatus.ASKED


def test_when_every_shop_has_had_its_say_the_buyer_is_told_and_nothing_stays_open(
    asked: list[Outreach], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    submit_answer(asked[0].id, Answer(kind=AnswerKind.NOT_NOW), now)
    submit_answer(asked[1].id, Answer(kind=AnswerKind.NEVER), now)
    expire_offers(now)
    assert the_request(asked).status is RequestStatus.ASKED, "one may still answer"
    stop_shop(asked[2].id, "stop page", now)
    work_at(now)
    mail.sent.clear()
    for _ in range(2):
        expire_offers(now)
    work_at(now)
    request = the_request(asked)
    assert (request.status, request.outcome) == (RequestStatus.CLOSED, Outcome.NO_OFFER)
    assert [m.to for m in mail.sent] == [request.buyer.email]


def test_when_its_time_is_over_a_request_ends(asked: list[Outreach], now: datetime) -> None:
    with transaction():
        open_case(asked[0], CaseReason.SILENCE, now)
        make_promise(asked[0], PromiseKind.CALL_US, now + 30 * DAY, now)
    expire_offers(now + 14 * DAY)
    assert the_request(asked).outcome is Outcome.NO_OFFER
    case = find_case_of(asked[0].id)
    assert case is not None
    assert case.status is CaseStatus.CLOSED
    assert list_promises(asked[0].id)[0].status is PromiseStatus.WITHDRAWN


def test_who_withdraws_stops_every_message_that_has_not_left(
    asked: list[Outreach], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    request = asked[0].discount_request
    waiting = an_outreach(now, request, a_shop(now, emails=("late@four.ru",)))
    ask_shop(waiting.shop_id, now)
    with transaction():
        make_promise(asked[2], PromiseKind.CALL_US, now + DAY, now)
    for _ in range(2):
        withdraw_request(request.id, now)
    work_at(now)
    db.session.expire_all()
    assert (request.status, request.outcome) == (RequestStatus.CLOSED, Outcome.WITHDRAWN)
    assert {outreach.status for outreach in asked} == {OutreachStatus.STOPPED}
    assert waiting.steps[0].delivery.status is DeliveryStatus.STOPPED
    assert not mail.sent
    assert list_promises(asked[2].id)[0].status is PromiseStatus.WITHDRAWN


def test_who_withdraws_after_an_acceptance_leaves_no_call_to_make(
    asked: list[Outreach], now: datetime
) -> None:
    offer = offered(asked[1], now)
    accept_offer(offer.outreach.discount_request_id, offer.id, now)
    withdraw_request(offer.outreach.discount_request_id, now)
    case = find_case_of(asked[1].id)
    assert case is not None
    assert case.status is CaseStatus.CLOSED


def an_accepted_offer(asked: list[Outreach], now: datetime) -> Offer:
    offer = offered(asked[0], now)
    accept_offer(offer.outreach.discount_request_id, offer.id, now)
    return offer


def test_the_buyer_is_asked_twice_at_most_what_came_of_it(
    asked: list[Outreach], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    an_accepted_offer(asked, now)
    work_at(now)
    mail.sent.clear()
    told: list[int] = []
    for days in (1, 3, 4, 8, 9, 30):
        ask_outcomes(now + days * DAY)
        work_at(now + days * DAY)
        told.append(len(mail.sent))
    assert told == [0, 1, 1, 2, 2, 2]
    request = the_request(asked)
    assert request.buyer is not None
    assert {m.to for m in mail.sent} == {request.buyer.email}


def test_who_has_said_what_came_of_it_is_not_asked_again(
    asked: list[Outreach], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    offer = an_accepted_offer(asked, now)
    ask_outcomes(now + 3 * DAY)
    report_outcome(offer.outreach.discount_request_id, Outcome.CALLED, now + 3 * DAY)
    work_at(now)
    mail.sent.clear()
    ask_outcomes(now + 9 * DAY)
    work_at(now + 9 * DAY)
    assert mail.sent == []


@pytest.mark.parametrize("elsewhere", [True, False])
def test_who_has_bought_it_stops_every_message_call_and_promise(
    elsewhere: bool, asked: list[Outreach], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    request = asked[0].discount_request
    offer = offered(asked[0], now)
    waiting = an_outreach(now, request, a_shop(now, emails=("late@four.ru",)))
    ask_shop(waiting.shop_id, now)
    with transaction():
        open_case(asked[1], CaseReason.SILENCE, now)
        make_promise(asked[2], PromiseKind.CALL_US, now + DAY, now)
    for _ in range(2):
        note_bought(request.id, now, elsewhere=elsewhere)
    work_at(now)
    db.session.expire_all()
    assert (request.status, request.outcome) == (RequestStatus.CLOSED, Outcome.BOUGHT_ALREADY)
    assert (offer.status, offer.decline_reason) == (OfferStatus.DECLINED, DeclineReason.BOUGHT_ELSEWHERE)
    assert {outreach.status for outreach in asked[1:]} == {OutreachStatus.STOPPED}
    assert waiting.steps[0].delivery.status is DeliveryStatus.STOPPED
    assert [m.to for m in mail.sent] == ["a@one.ru"]
    assert "has found it meanwhile" in mail.sent[0].text
    case = find_case_of(asked[1].id)
    assert case is not None
    assert case.status is CaseStatus.CLOSED
    assert list_promises(asked[2].id)[0].status is PromiseStatus.WITHDRAWN


def test_who_bought_elsewhere_after_accepting_spares_the_shop_the_letter(
    asked: list[Outreach], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    offer = offered(asked[0], now)
    work_at(now)
    mail.sent.clear()
    accept_offer(offer.outreach.discount_request_id, offer.id, now)
    with transaction():
        make_promise(offer.outreach, PromiseKind.CALL_BUYER, now + DAY, now)
    note_bought(offer.outreach.discount_request_id, now, elsewhere=True)
    work_at(now)
    request = the_request(asked)
    assert request.outcome is Outcome.BOUGHT_ALREADY
    told = [m.text for m in mail.sent if m.to == "a@one.ru"]
    assert len(told) == 1
    assert "has found it meanwhile" in told[0]
    assert request.buyer is not None
    assert request.buyer.email not in told[0]
    assert list_promises(offer.outreach_id)[0].status is PromiseStatus.WITHDRAWN


def test_who_bought_at_the_accepted_shop_has_bought_with_the_discount(
    asked: list[Outreach], now: datetime
) -> None:
    offer = an_accepted_offer(asked, now)
    note_bought(offer.outreach.discount_request_id, now, elsewhere=False)
    assert the_request(asked).outcome is Outcome.BOUGHT


def test_nothing_is_bought_that_was_never_confirmed(now: datetime) -> None:
    with pytest.raises(IllegalTransition):
        note_bought(a_request(now, RequestStatus.UNCONFIRMED).id, now, elsewhere=True)


def test_a_declined_shop_hears_the_reason_and_the_words_only_where_they_are_allowed(
    asked: list[Outreach], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    first, second = offered(asked[0], now), offered(asked[2], now, FIVE)
    words = "Two weeks is too long. Call me at +7 916 123-45-67!"
    request_id = first.outreach.discount_request_id
    decline_offer(request_id, first.id, now, DeclineReason.DELIVERY, words, may_pass_on=True)
    decline_offer(request_id, second.id, now, DeclineReason.PRICE, words)
    work_at(now)
    letters = {m.to: m.text.replace("\n", " ") for m in mail.sent}
    assert "the delivery does not suit them" in letters["a@one.ru"]
    assert "Two weeks is too long." in letters["a@one.ru"]
    assert "123-45-67" not in letters["a@one.ru"]
    assert "the price is still more than" in letters["a@three.ru"]
    assert "Two weeks" not in letters["a@three.ru"]
    assert first.decline_words == words


@pytest.mark.parametrize("outcome", [Outcome.BOUGHT, Outcome.CALLED])
def test_a_word_of_the_buyer_closes_the_request_and_keeps_the_promise(
    outcome: Outcome, asked: list[Outreach], now: datetime
) -> None:
    offer = an_accepted_offer(asked, now)
    with transaction():
        make_promise(offer.outreach, PromiseKind.CALL_BUYER, now + DAY, now)
    for _ in range(2):
        report_outcome(offer.outreach.discount_request_id, outcome, now)
    request = the_request(asked)
    assert (request.status, request.outcome) == (RequestStatus.CLOSED, outcome)
    assert list_promises(offer.outreach_id)[0].status is PromiseStatus.KEPT
    assert [entry.event for entry in request.timeline].count("outcome_reported") == 1


def test_a_shop_that_never_called_comes_to_the_desk_until_it_did(
    asked: list[Outreach], now: datetime
) -> None:
    offer = an_accepted_offer(asked, now)
    with transaction():
        make_promise(offer.outreach, PromiseKind.CALL_BUYER, now + DAY, now)
    report_outcome(offer.outreach.discount_request_id, Outcome.NOTHING, now)
    case = find_case_of(offer.outreach_id)
    assert case is not None
    assert (case.reason, case.status) == (CaseReason.NOT_REACHED, CaseStatus.OPEN)
    assert list_promises(offer.outreach_id)[0].status is PromiseStatus.BROKEN
    report_outcome(offer.outreach.discount_request_id, Outcome.BOUGHT, now)
    db.session.expire_all()
    assert case.status is CaseStatus.CLOSED
    assert list_promises(offer.outreach_id)[0].status is PromiseStatus.KEPT


def test_nothing_can_be_reported_of_a_request_nobody_was_asked_for(now: datetime) -> None:
    with pytest.raises(IllegalTransition):
        report_outcome(a_request(now, RequestStatus.UNCONFIRMED).id, Outcome.BOUGHT, now)


def test_the_best_offers_are_marked(asked: list[Outreach], now: datetime) -> None:
    ten, five = offered(asked[0], now), offered(asked[2], now, FIVE)
    assert marks(the_request(asked), [ten, five]) == {ten.id: {"lowest", "closest"}}
    assert five.id not in marks(the_request(asked), [ten, five])
