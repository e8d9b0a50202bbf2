"""A shop thinks better of its answer, puts it off, passes it on, or answers a counter-offer."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.queries import find_case_of, list_pending_promises
from discount_broker.escalation.status import CaseReason
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, NotFound, Refused
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.queries import is_suppressed
from discount_broker.offers.models import CounterOffer, Offer
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.rules import MOST_CALLS_PROMISED, MOST_PUT_OFF, Answer
from discount_broker.offers.rules.countering import Counter
from discount_broker.offers.status import AnswerKind, CounterAnswer, OfferStatus
from discount_broker.offers.use_cases import (
    accept_offer,
    answer_counter,
    change_answer,
    counter_offer,
    expire_offers,
    submit_answer,
    submit_answers,
)
from discount_broker.offers.use_cases.answering import MOST_CHANGES
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, take_due_steps
from discount_broker.shops.queries import list_corrections
from tests.builders import a_request, a_shop, an_outreach
from tests.fakes import FakeChannel
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
Work = Callable[[datetime], list[str]]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def percent(value: int, **given: Any) -> Answer:
    return Answer(kind=AnswerKind.PERCENT, percent=Decimal(value), **given)


@pytest.fixture
def outreach(now: datetime, work_at: Work, mail: FakeChannel) -> Outreach:
    """A shop that has been written to."""
    request = a_request(now, RequestStatus.ASKED, shop=a_shop(now, "tools.ru", emails=("info@tools.ru",)))
    outreach = an_outreach(now, request)
    ask_shop(outreach.shop_id, now)
    work_at(now)
    mail.sent.clear()
    return outreach


def standing(outreach: Outreach) -> Offer:
    db.session.expire_all()
    offer = find_offer_of(outreach.id)
    assert offer is not None
    return offer


def all_offers(outreach: Outreach) -> list[Offer]:
    db.session.expire_all()
    query = select(Offer).where(Offer.outreach_id == outreach.id).order_by(Offer.made_at)
    return list(db.session.scalars(query))


def events(request: DiscountRequest) -> list[str]:
    db.session.expire_all()
    return [entry.event for entry in request.timeline]


def offered(outreach: Outreach, now: datetime, answer: Answer | None = None) -> UUID:
    submit_answer(outreach.id, answer or percent(5), now)
    return standing(outreach).id


def test_a_changed_offer_takes_the_place_of_the_first_and_the_buyer_is_told_once(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    first = offered(outreach, now)
    work_at(now)
    mail.sent.clear()
    for _ in range(2):
        change_answer(outreach.id, first, percent(8, delivery="tomorrow", condition="prepaid"), now)
    work_at(now)

    old, new = all_offers(outreach)
    assert (old.status, new.status) == (OfferStatus.REPLACED, OfferStatus.OPEN)
    assert (new.percent, new.delivery, new.condition) == (Decimal(8), "tomorrow", "prepaid")
    buyer = outreach.discount_request.buyer
    assert buyer is not None
    assert [message.to for message in mail.sent] == [buyer.email]
    assert events(outreach.discount_request).count("offer_changed") == 1
    assert outreach.discount_request.status is RequestStatus.OFFERED


def test_a_longer_term_is_a_change_too(outreach: Outreach, now: datetime) -> None:
    first = offered(outreach, now, percent(5, valid_until=date(2030, 1, 16)))
    change_answer(outreach.id, first, percent(5, valid_until=date(2030, 1, 20)), now)
    assert standing(outreach).valid_until == datetime(2030, 1, 20, 20, 59, tzinfo=UTC)


def test_of_two_tabs_the_first_change_stands(app: Flask, outreach: Outreach, now: datetime) -> None:
    first, outreach_id = offered(outreach, now), outreach.id
    results = race(
        app,
        lambda: change_answer(outreach_id, first, percent(7), now),
        lambda: change_answer(outreach_id, first, percent(9), now),
    )
    assert sorted(type(result).__name__ for result in results) == ["IllegalTransition", "NoneType"]
    assert len(all_offers(outreach)) == 2


def test_what_the_buyer_has_accepted_is_changed_no_more(outreach: Outreach, now: datetime) -> None:
    first = offered(outreach, now)
    accept_offer(outreach.discount_request_id, first, now)
    with pytest.raises(IllegalTransition):
        change_answer(outreach.id, first, percent(8), now)
    assert standing(outreach).percent == Decimal(5)


def test_an_offer_whose_term_is_over_is_made_anew(outreach: Outreach, now: datetime) -> None:
    an_outreach(now, outreach.discount_request, a_shop(now))  # somebody else may answer yet
    first = offered(outreach, now)
    expire_offers(now + 4 * DAY)
    change_answer(outreach.id, first, percent(5), now + 4 * DAY)
    assert standing(outreach).status is OfferStatus.OPEN
    assert outreach.discount_request.status is RequestStatus.OFFERED


def test_a_shop_that_said_no_thinks_better_of_it(outreach: Outreach, now: datetime) -> None:
    submit_answer(outreach.id, Answer(kind=AnswerKind.NOT_NOW), now)
    with pytest.raises(IllegalTransition):
        submit_answer(outreach.id, percent(5), now)
    for _ in range(2):
        change_answer(outreach.id, None, percent(5), now)
    assert standing(outreach).percent == Decimal(5)
    assert outreach.status is OutreachStatus.ANSWERED


def test_nobody_changes_what_was_never_said(outreach: Outreach, now: datetime) -> None:
    with pytest.raises(IllegalTransition):
        change_answer(outreach.id, None, percent(5), now)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(kind=AnswerKind.NOT_NOW), "change_gives_nothing"),
        (percent(-150), "percent_out_of_range"),
        (Answer(kind=AnswerKind.PRICE, price=Decimal(12_990)), "price_not_lower"),
    ],
)
def test_a_change_must_give_something(answer: Answer, code: str, outreach: Outreach, now: datetime) -> None:
    first = offered(outreach, now)
    with pytest.raises(Refused) as refused:
        change_answer(outreach.id, first, answer, now)
    assert refused.value.code == code
    assert standing(outreach).id == first


def test_nobody_changes_an_answer_for_ever(outreach: Outreach, now: datetime) -> None:
    offered(outreach, now, percent(10))
    for value in range(11, 11 + MOST_CHANGES):
        change_answer(outreach.id, standing(outreach).id, percent(value), now)
    with pytest.raises(Refused, match="too_many_changes"):
        change_answer(outreach.id, standing(outreach).id, percent(40), now)


def test_an_offer_is_held_against_the_price_on_the_page_by_now(outreach: Outreach, now: datetime) -> None:
    outreach.price_now = Decimal(12_000)
    db.session.commit()
    with pytest.raises(Refused, match="offer_not_lower"):
        submit_answer(outreach.id, percent(5), now)
    with pytest.raises(Refused, match="price_not_lower"):
        submit_answer(outreach.id, Answer(kind=AnswerKind.PRICE, price=Decimal(12_500)), now)
    submit_answer(outreach.id, percent(10), now)


def test_a_shop_is_asked_again_on_the_day_it_named_and_not_before(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    later = Answer(kind=AnswerKind.LATER, ask_again_on=date(2030, 1, 18))
    for _ in range(2):
        submit_answer(outreach.id, later, now)
    assert (outreach.status, outreach.ask_again_on) == (OutreachStatus.ASKED, date(2030, 1, 18))
    assert outreach.next_step_at == datetime(2030, 1, 17, 21, tzinfo=UTC), "midnight in Moscow"
    work_at(now)
    buyer = outreach.discount_request.buyer
    assert buyer is not None
    assert [message.to for message in mail.sent] == [buyer.email]

    mail.sent.clear()
    take_due_steps(now + 3 * DAY)
    work_at(now + 3 * DAY)
    assert mail.sent == []
    for _ in range(2):
        take_due_steps(now + 4 * DAY)
        work_at(now + 4 * DAY)
    assert [message.to for message in mail.sent] == ["info@tools.ru"]
    db.session.expire_all()
    assert outreach.ask_again_on is None


def test_a_day_after_the_buyer_has_stopped_waiting_is_refused(outreach: Outreach, now: datetime) -> None:
    late = Answer(kind=AnswerKind.LATER, ask_again_on=(now + 14 * DAY).date())
    with pytest.raises(Refused, match="ask_again_late"):
        submit_answer(outreach.id, late, now)
    db.session.expire_all()
    assert outreach.ask_again_on is None


def test_nobody_puts_a_buyer_off_for_ever(outreach: Outreach, now: datetime) -> None:
    days = [(now + days * DAY).date() for days in range(2, 3 + MOST_PUT_OFF)]
    for day in days[:-1]:
        for _ in range(2):
            submit_answer(outreach.id, Answer(kind=AnswerKind.LATER, ask_again_on=day), now)
    with pytest.raises(Refused, match="later_often"):
        submit_answer(outreach.id, Answer(kind=AnswerKind.LATER, ask_again_on=days[-1]), now)
    with pytest.raises(Refused, match="later_often"):
        submit_answer(outreach.id, Answer(kind=AnswerKind.LATER, ask_again_on=days[0]), now)
    db.session.expire_all()
    assert outreach.ask_again_on == days[-2]


def test_nobody_promises_a_call_in_the_place_of_a_call_for_ever(outreach: Outreach, now: datetime) -> None:
    times = [now + hours * HOUR for hours in range(2, 3 + MOST_CALLS_PROMISED)]
    for time in times[:-1]:
        for _ in range(2):
            submit_answer(outreach.id, Answer(kind=AnswerKind.CALL, call_by=time), now)
    with pytest.raises(Refused, match="calls_often"):
        submit_answer(outreach.id, Answer(kind=AnswerKind.CALL, call_by=times[-1]), now)
    db.session.expire_all()
    assert [promise.due_at for promise in list_pending_promises(outreach.id)] == [times[-2]]
    submit_answer(outreach.id, Answer(kind=AnswerKind.CALL, call_by=times[-2]), now)  # the same once more
    submit_answer(outreach.id, percent(5), now)


def test_what_one_shop_promises_is_not_held_against_another(outreach: Outreach, now: datetime) -> None:
    due = {"status": OutreachStatus.ASKED, "next_step_at": now + DAY}
    rival = an_outreach(now, outreach.discount_request, shop=a_shop(now, "rival.ru"), **due)
    for hours in range(2, 2 + MOST_CALLS_PROMISED):
        call = Answer(kind=AnswerKind.CALL, call_by=now + hours * HOUR)
        submit_answer(outreach.id, call, now)
    submit_answer(rival.id, call, now)
    assert len(list_pending_promises(rival.id)) == 1


def test_what_one_shop_puts_off_is_not_held_against_another(outreach: Outreach, now: datetime) -> None:
    due = {"status": OutreachStatus.ASKED, "next_step_at": now + DAY}
    rival = an_outreach(now, outreach.discount_request, shop=a_shop(now, "rival.ru"), **due)
    for days in range(2, 2 + MOST_PUT_OFF):
        later = Answer(kind=AnswerKind.LATER, ask_again_on=(now + days * DAY).date())
        submit_answer(outreach.id, later, now)
    submit_answer(rival.id, later, now)
    assert rival.ask_again_on == later.ask_again_on


def test_another_address_of_the_shop_is_asked_at_once(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    forward = Answer(kind=AnswerKind.FORWARD, forward_to="Sales@mail.tools.ru")
    for _ in range(2):
        submit_answer(outreach.id, forward, now)
    work_at(now)
    assert [message.to.lower() for message in mail.sent] == ["sales@mail.tools.ru"]
    assert outreach.status is OutreachStatus.ASKED
    assert not is_suppressed(["email:info@tools.ru"])


def test_whoever_passes_it_on_may_be_left_alone(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    forward = Answer(kind=AnswerKind.FORWARD, forward_to="sales@tools.ru", stops_here=True)
    submit_answer(outreach.id, forward, now)
    work_at(now)
    assert [message.to for message in mail.sent] == ["sales@tools.ru"]
    assert is_suppressed(["email:info@tools.ru"])
    assert not is_suppressed(["shop:tools.ru"])


def test_an_address_of_somebody_else_is_for_a_person(
    outreach: Outreach, work_at: Work, mail: FakeChannel, now: datetime
) -> None:
    submit_answer(outreach.id, Answer(kind=AnswerKind.FORWARD, forward_to="boss@holding.example"), now)
    work_at(now)
    assert mail.sent == []
    case = find_case_of(outreach.id)
    assert case is not None
    assert case.reason is CaseReason.FORWARDED
    told = {line.what: line.facts for line in list_corrections(outreach.shop_id)}
    assert told["address_elsewhere"]["value"] == "boss@holding.example"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("info@tools.ru", "forward_same"),
        ("not an address", "email_invalid"),
        ("reply+x@in.broker.test", "own_address"),
    ],
)
def test_an_address_that_is_of_no_use_is_refused(
    address: str, code: str, outreach: Outreach, now: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        submit_answer(outreach.id, Answer(kind=AnswerKind.FORWARD, forward_to=address), now)
    assert (refused.value.code, refused.value.field) == (code, "forward_to")


def countered(outreach: Outreach, now: datetime, counter: Counter | None = None) -> CounterOffer:
    first = offered(outreach, now)
    counter_offer(outreach.discount_request_id, first, counter or Counter(percent=Decimal(9)), now)
    return db.session.scalars(select(CounterOffer)).one()


def test_a_shop_gives_what_the_buyer_asks_for_instead(outreach: Outreach, now: datetime) -> None:
    counter = countered(outreach, now, Counter(price=Decimal(12_000)))
    for _ in range(2):
        answer_counter(outreach.id, True, now)
    db.session.expire_all()
    assert counter.answer is CounterAnswer.ACCEPTED
    assert (standing(outreach).kind, standing(outreach).final_price) == (AnswerKind.PRICE, Decimal(12_000))
    assert [offer.status for offer in all_offers(outreach)] == [OfferStatus.REPLACED, OfferStatus.OPEN]
    with pytest.raises(IllegalTransition):
        answer_counter(outreach.id, False, now)


def test_an_offer_stands_where_the_shop_does_not_give_more(outreach: Outreach, now: datetime) -> None:
    counter = countered(outreach, now)
    for _ in range(2):
        answer_counter(outreach.id, False, now)
    db.session.expire_all()
    assert counter.answer is CounterAnswer.REFUSED
    assert [offer.status for offer in all_offers(outreach)] == [OfferStatus.OPEN]
    told = list(db.session.scalars(select(Delivery.purpose).where(Delivery.purpose.startswith("counter:"))))
    assert len(told) == 1
    assert "counter_refused" in events(outreach.discount_request)


@pytest.mark.parametrize(("value", "said"), [(9, CounterAnswer.ACCEPTED), (7, CounterAnswer.REFUSED)])
def test_a_changed_offer_answers_what_the_buyer_asked_for_instead(
    value: int, said: CounterAnswer, outreach: Outreach, now: datetime
) -> None:
    counter = countered(outreach, now)
    change_answer(outreach.id, standing(outreach).id, percent(value), now)
    db.session.expire_all()
    assert counter.answer is said


def test_nobody_answers_a_counter_offer_that_is_over_or_never_was(outreach: Outreach, now: datetime) -> None:
    with pytest.raises(NotFound):
        answer_counter(outreach.id, True, now)
    countered(outreach, now)
    with pytest.raises(IllegalTransition):
        answer_counter(outreach.id, True, now + 9 * DAY)
    accept_offer(outreach.discount_request_id, standing(outreach).id, now)
    with pytest.raises(IllegalTransition):
        answer_counter(outreach.id, True, now)


def test_several_requests_are_answered_at_once_each_for_itself(outreach: Outreach, now: datetime) -> None:
    other = an_outreach(now, a_request(now, RequestStatus.ASKED), outreach.shop)
    over = an_outreach(now, a_request(now, RequestStatus.CLOSED), outreach.shop)
    taken = submit_answers({each.id: percent(5) for each in (outreach, other, over)}, now)
    assert taken == {outreach.id: True, other.id: True, over.id: False}


@pytest.mark.parametrize(
    ("country", "at", "today"),
    [
        ("US", datetime(2030, 1, 16, 2, 0, tzinfo=UTC), date(2030, 1, 15)),
        ("KZ", datetime(2030, 1, 15, 20, 0, tzinfo=UTC), date(2030, 1, 16)),
    ],
    ids=["an evening behind us", "a night ahead of us"],
)
def test_today_and_tomorrow_are_those_of_the_shop(
    outreach: Outreach, country: str, at: datetime, today: date
) -> None:
    outreach.shop.country = country
    db.session.commit()
    for refused in (
        percent(5, valid_until=today - DAY),
        Answer(kind=AnswerKind.LATER, ask_again_on=today),
    ):
        with pytest.raises(Refused, match="past"):
            submit_answer(outreach.id, refused, at)

    submit_answer(outreach.id, Answer(kind=AnswerKind.LATER, ask_again_on=today + DAY), at)
    submit_answer(outreach.id, percent(5, valid_until=today), at)
    assert standing(outreach).valid_until > at
