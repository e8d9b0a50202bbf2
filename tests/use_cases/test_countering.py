"""The buyer asks for a little more than a shop offers, once, and the offer stands meanwhile."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.status import CaseReason, CaseStatus
from discount_broker.escalation.use_cases import open_due_cases
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, NotFound, Refused
from discount_broker.messaging.ports import PermanentFailure
from discount_broker.offers.models import Offer
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.queries.countering import find_counter
from discount_broker.offers.rules import Answer
from discount_broker.offers.rules.countering import Counter
from discount_broker.offers.status import AnswerKind, OfferStatus
from discount_broker.offers.use_cases import (
    accept_offer,
    counter_offer,
    decline_offer,
    pass_on_acceptances,
    submit_answer,
)
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.use_cases import ask_shop
from tests.builders import a_request, a_shop, an_outreach
from tests.fakes import FakeChannel
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
FIVE = Answer(kind=AnswerKind.PERCENT, percent=Decimal(5))
EIGHT = Counter(percent=Decimal(8), words="Then I take it today. My number is +7 916 123-45-67.")


@pytest.fixture
def offers(work_at: Work, mail: FakeChannel, now: datetime) -> list[Offer]:
    """Two shops give 5 %; the second can be reached by its form alone."""
    shops = [
        a_shop(now, "one.com", emails=("a@one.com",), language="en"),
        a_shop(now, "two.com", forms=("https://two.com/form",), language="en"),
    ]
    request = a_request(now, RequestStatus.ASKED, shop=shops[0])
    outreaches = [an_outreach(now, request), an_outreach(now, request, shops[1])]
    for shop in shops:
        ask_shop(shop.id, now)
    work_at(now)
    for outreach in outreaches:
        submit_answer(outreach.id, FIVE, now)
    work_at(now)
    mail.sent.clear()
    db.session.expire_all()
    return [offer for outreach in outreaches if (offer := find_offer_of(outreach.id))]


def countered(offer: Offer, now: datetime, counter: Counter = EIGHT) -> None:
    counter_offer(offer.outreach.discount_request_id, offer.id, counter, now)


def events_of(outreach: Outreach) -> list[str]:
    db.session.expire_all()
    return [entry.event for entry in outreach.discount_request.timeline]


def test_the_shop_is_asked_once_in_the_buyers_words_and_the_offer_stands(
    offers: list[Offer], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    for _ in range(2):
        countered(offers[0], now)
    work_at(now)
    [letter] = mail.sent
    assert letter.to == "a@one.com"
    assert "8% off" in letter.text
    assert "Then I take it today." in letter.text
    assert "123-45-67" not in letter.text
    assert "/o/" in letter.text
    assert offers[0].status is OfferStatus.OPEN
    assert events_of(offers[0].outreach).count("counter_made") == 1


def test_another_counter_offer_to_the_same_shop_is_refused(offers: list[Offer], now: datetime) -> None:
    countered(offers[0], now)
    with pytest.raises(Refused) as refused:
        countered(offers[0], now, Counter(percent=Decimal(9)))
    assert refused.value.code == "counter_made"


def test_of_two_counter_offers_at_once_one_is_kept(app: Flask, offers: list[Offer], now: datetime) -> None:
    request_id, offer_id = offers[0].outreach.discount_request_id, offers[0].id
    tries = [Counter(percent=Decimal(n)) for n in (8, 9)]
    results = race(app, *[lambda each=each: counter_offer(request_id, offer_id, each, now) for each in tries])
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refused"]


def test_a_shop_without_an_address_is_asked_by_an_operator(offers: list[Offer], now: datetime) -> None:
    countered(offers[1], now)
    open_due_cases(now)
    case = find_case_of(offers[1].outreach_id)
    assert case is not None
    assert (case.reason, case.status) == (CaseReason.COUNTER_TO_TELL, CaseStatus.OPEN)


def test_a_shop_whose_letter_came_back_is_asked_by_an_operator(
    offers: list[Offer], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    mail.dead["a@one.com"] = PermanentFailure("550 no such user")
    countered(offers[0], now)
    work_at(now)
    pass_on_acceptances(now)
    case = find_case_of(offers[0].outreach_id)
    assert case is not None
    assert (case.reason, case.status) == (CaseReason.COUNTER_TO_TELL, CaseStatus.OPEN)


def test_who_accepts_before_the_letter_has_left_has_it_stopped(
    offers: list[Offer], work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    countered(offers[0], now)
    accept_offer(offers[0].outreach.discount_request_id, offers[0].id, now)
    work_at(now)
    assert not [m for m in mail.sent if "would take this instead" in m.text]


def test_only_an_offer_that_can_be_accepted_is_countered(offers: list[Offer], now: datetime) -> None:
    request_id = offers[0].outreach.discount_request_id
    with pytest.raises(IllegalTransition):
        counter_offer(request_id, offers[0].id, EIGHT, now + timedelta(days=9))
    with pytest.raises(NotFound):
        counter_offer(a_request(now, RequestStatus.OFFERED).id, offers[0].id, EIGHT, now)
    decline_offer(request_id, offers[0].id, now)
    with pytest.raises(IllegalTransition):
        counter_offer(request_id, offers[0].id, EIGHT, now)
    assert find_counter(offers[0].outreach_id) is None


def test_an_offer_that_was_accepted_cannot_be_changed_by_its_shop(offers: list[Offer], now: datetime) -> None:
    offer = offers[0]
    accept_offer(offer.outreach.discount_request_id, offer.id, now)
    with pytest.raises(IllegalTransition):
        submit_answer(offer.outreach_id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(1)), now)
    db.session.expire_all()
    assert (offer.status, offer.percent) == (OfferStatus.ACCEPTED, Decimal(5))
