"""Several buyers of one product are one stronger request: the shop learns how many, and never who."""

from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.models import Offer
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answers, withdraw_request
from discount_broker.outreach.models import Outreach, Pool
from discount_broker.outreach.queries import count_messages
from discount_broker.outreach.queries.pools import key_of, list_alike, people_with
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop, take_due_steps
from discount_broker.shops.models import Shop
from tests.builders import a_buyer, a_product, a_request, a_shop, an_outreach
from tests.fakes import FakeChannel
from tests.statements import counted
from tests.use_cases.conftest import Work
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def shop(now: datetime) -> Shop:
    return a_shop(now, "tools.ru", emails=("info@tools.ru",), language="en")


def wanting(now: datetime, shop: Shop, url: str = "", **given: object) -> Outreach:
    product = a_product(now, shop, url=url or f"{shop.home_url}p/1", gtin=given.pop("gtin", None))
    return an_outreach(now, a_request(now, RequestStatus.ASKED, product=product, **given))


def asked(now: datetime, shop: Shop, *wanting_one: Outreach) -> list[Delivery]:
    """The letters to the shop that are to leave."""
    ask_shop(shop.id, now)
    db.session.expire_all()
    return letters()


def letters() -> list[Delivery]:
    query = db.session.query(Delivery).filter(Delivery.status == DeliveryStatus.QUEUED)
    return query.filter(Delivery.address == "info@tools.ru").all()


def test_three_who_wait_for_the_same_are_one_letter_and_count_as_one(now: datetime, shop: Shop) -> None:
    asking = [wanting(now, shop) for _ in range(3)]
    (letter,) = asked(now, shop)
    assert "3 people are ready to buy this from you now" in letter.text or "3" in letter.subject
    assert count_messages(shop.id, now - timedelta(days=1)) == 1
    for each in asking:
        assert each.status is OutreachStatus.ASKED
        assert each.steps[0].delivery_id == letter.id
        assert each.discount_request.number in letter.text
    assert len({each.pool_id for each in asking}) == 1


def test_nobody_of_them_is_named_even_who_allowed_it(now: datetime, shop: Shop) -> None:
    for n in range(3):
        wanting(
            now, shop, buyer=a_buyer(now, email=f"anna{n}@mail.example"), may_contact_directly=True,
            phone="+79161234567",
        )  # fmt: skip
    (letter,) = asked(now, shop)
    assert "anna" not in letter.text + (letter.html or "")
    assert "9161234567" not in letter.text


def test_two_are_put_to_the_shop_one_by_one_and_told_nothing(now: datetime, shop: Shop) -> None:
    asking = [wanting(now, shop) for _ in range(2)]
    assert len(asked(now, shop)) == 2
    assert [each.pool_id for each in asking] == [None, None]
    assert people_with(asking[0].discount_request_id) == 0


def test_one_buyer_who_asks_three_times_is_no_group(now: datetime, shop: Shop) -> None:
    buyer = a_buyer(now)
    for _ in range(3):
        wanting(now, shop, buyer=buyer)
    assert len(asked(now, shop)) == 3
    assert db.session.query(Pool).count() == 0


def test_other_products_of_the_shop_are_no_group(now: datetime, shop: Shop) -> None:
    for n in range(3):
        wanting(now, shop, url=f"{shop.home_url}p/{n}")
    assert len(asked(now, shop)) == 3


@pytest.mark.parametrize("gtin", ["4006381333931", None], ids=["by its article number", "by its page"])
def test_the_same_product_is_known(now: datetime, shop: Shop, gtin: str | None) -> None:
    pages = ("https://tools.ru/p/1", "https://m.tools.ru/p/1", "https://www.tools.ru/p/1/")
    for n, page in enumerate(pages):
        wanting(now, shop, url=f"https://tools.ru/{n}" if gtin else page, gtin=gtin)
    assert len(asked(now, shop)) == 1


def test_letters_that_have_not_left_give_way_when_the_third_comes(now: datetime, shop: Shop) -> None:
    first = [wanting(now, shop) for _ in range(2)]
    assert len(asked(now, shop)) == 2
    third = wanting(now, shop)
    (letter,) = asked(now, shop)
    assert {each.steps[0].delivery_id for each in (*first, third)} == {letter.id}
    assert people_with(third.discount_request_id) == 3


def test_who_comes_later_joins_the_letter_that_waits(now: datetime, shop: Shop) -> None:
    for _ in range(3):
        wanting(now, shop)
    asked(now, shop)
    fourth = wanting(now, shop)
    (letter,) = asked(now, shop)
    assert fourth.steps[0].delivery_id == letter.id
    assert fourth.discount_request.number in letter.text


def test_the_buyers_are_told_how_many_and_not_who(now: datetime, shop: Shop) -> None:
    asking = [wanting(now, shop) for _ in range(3)]
    asked(now, shop)
    for each in asking:
        (told,) = [entry for entry in each.discount_request.timeline if entry.event == "pooled"]
        assert told.facts == {"shop": shop.name, "people": 3}


def test_a_group_that_becomes_too_small_is_counted_no_more_and_nothing_breaks(
    now: datetime, shop: Shop
) -> None:
    asking = [wanting(now, shop) for _ in range(3)]
    asked(now, shop)
    withdraw_request(asking[0].discount_request_id, now)
    db.session.expire_all()
    (letter,) = letters()
    assert "people" not in letter.subject
    assert asking[0].discount_request.number not in letter.text
    assert people_with(asking[1].discount_request_id) == 0
    withdraw_request(asking[1].discount_request_id, now)
    withdraw_request(asking[2].discount_request_id, now)
    assert letters() == []
    assert db.session.query(Pool).one().ended_at == now


def test_a_group_is_reminded_by_one_letter(
    now: datetime, shop: Shop, mail: FakeChannel, work_at: Work
) -> None:
    asking = [wanting(now, shop) for _ in range(3)]
    asked(now, shop)
    work_at(now)
    assert len(mail.sent) == 1
    db.session.expire_all()
    take_due_steps(now + timedelta(days=1))
    db.session.expire_all()
    (letter,) = letters()
    assert {each.steps_taken for each in asking} == {2}
    assert letter.subject.startswith("3 people are still waiting")
    for part in (letter.text.replace("\n", " "), unescape(letter.html or "")):
        assert "On 14\u00a0January\u00a02030 we wrote to you for people who are ready to buy this" in part


def test_whoever_is_new_to_the_shop_makes_no_reminder_of_the_letter(
    now: datetime, shop: Shop, mail: FakeChannel, work_at: Work
) -> None:
    for _ in range(3):
        wanting(now, shop)
    asked(now, shop)
    work_at(now)
    db.session.expire_all()
    take_due_steps(now + timedelta(days=1))
    wanting(now, shop)
    ask_shop(shop.id, now + timedelta(days=1))
    db.session.expire_all()
    (letter,) = letters()
    assert letter.subject.startswith("4 people want this from you")


def test_one_answer_is_given_to_all_and_each_keeps_an_offer_of_its_own(now: datetime, shop: Shop) -> None:
    asking = [wanting(now, shop) for _ in range(3)]
    asked(now, shop)
    seven = Answer(kind=AnswerKind.PERCENT, percent=Decimal(7))
    submit_answers({each.id: seven for each in asking}, now)
    offers = db.session.query(Offer).all()
    assert {offer.outreach_id for offer in offers} == {each.id for each in asking}
    assert letters() == [], "nobody waits any more"


def test_who_comes_when_all_are_answered_is_alone(now: datetime, shop: Shop) -> None:
    asking = [wanting(now, shop) for _ in range(3)]
    asked(now, shop)
    seven = Answer(kind=AnswerKind.PERCENT, percent=Decimal(7))
    submit_answers({each.id: seven for each in asking}, now)
    late = wanting(now, shop)
    ask_shop(shop.id, now)
    db.session.expire_all()
    assert late.pool_id is None


def test_who_was_put_to_the_shop_before_is_counted_and_not_told_of_twice(
    now: datetime, shop: Shop, mail: FakeChannel, work_at: Work
) -> None:
    earlier = [wanting(now, shop) for _ in range(2)]
    asked(now, shop)
    work_at(now)
    third = wanting(now, shop)
    (letter,) = asked(now, shop)
    assert letter.subject.startswith("3 ")
    assert third.discount_request.number in letter.text
    assert earlier[0].discount_request.number not in letter.text


def test_a_large_group_is_found_with_as_many_statements_as_a_small_one(now: datetime, shop: Shop) -> None:
    one = wanting(now, shop)
    taken = []
    for _ in range(2):
        for _ in range(3):
            wanting(now, shop)
        db.session.expire_all()
        key_of(one)
        with counted() as statements:
            list_alike(one)
        taken.append(len(statements))
    assert taken[0] == taken[1]


@pytest.mark.postgresql
def test_whoever_is_answered_while_the_group_is_reminded_of_stops_nobody(
    app: Flask, now: datetime, shop: Shop, work_at: Work
) -> None:
    asking = [wanting(now, shop) for _ in range(4)]
    asked(now, shop)
    work_at(now)
    db.session.expire_all()
    due = max(each.next_step_at for each in asking if each.next_step_at)
    given = Answer(kind=AnswerKind.PERCENT, percent=Decimal(5))
    first = asking[0].id
    results = race(
        app,
        lambda: take_due_steps(due),
        lambda: take_due_steps(due),
        lambda: submit_answers({first: given}, due),
    )
    assert results[:2] == [None, None]
    assert {each.status for each in asking[1:]} == {OutreachStatus.ASKED}
    assert {each.steps_taken for each in asking[1:]} == {2}
