"""Standing rules answer by themselves, before the first letter."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.rules import WishKind
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotAllowed, NotFound, Refused
from discount_broker.kernel.jobs import Job
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import suppress
from discount_broker.offers.models import Offer
from discount_broker.offers.queries.standing import list_rules
from discount_broker.offers.rules import MOST_RULES, RuleTerms
from discount_broker.offers.status import AnswerKind, OfferStatus
from discount_broker.offers.use_cases import (
    answer_by_rule,
    answer_by_rules,
    end_rule,
    make_rule,
    tell_what_rules_gave,
)
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import plan_outreach
from discount_broker.outreach.use_cases.merging import merge_shops
from discount_broker.shops.models import Shop, ShopMember
from tests.builders import a_product, a_request, a_shop, an_operator, an_outreach, saved
from tests.fakes import RecordingQueue

pytestmark = pytest.mark.usefixtures("app")


def a_member(shop: Shop, now: datetime, email: str = "boss@shop.example", **given: Any) -> ShopMember:
    return saved(ShopMember(**{"shop_id": shop.id, "email": email, "proved_at": now, **given}))


def a_planned(
    now: datetime, shop: Shop, wish: int = 5, kind: WishKind = WishKind.PERCENT, **product: Any
) -> Outreach:
    request = a_request(
        now,
        RequestStatus.ASKED,
        product=a_product(now, shop, **product),
        wish_kind=kind,
        wish_value=Decimal(wish),
    )
    return an_outreach(now, request)


def offers_of(outreach: Outreach) -> list[Offer]:
    db.session.expire_all()
    return list(db.session.scalars(select(Offer).where(Offer.outreach_id == outreach.id)))


def terms(percent: int = 10, **given: Any) -> RuleTerms:
    return RuleTerms(percent=Decimal(percent), **given)


def events(request: DiscountRequest) -> list[str]:
    db.session.expire_all()
    return [entry.event for entry in request.timeline]


def test_a_rule_gives_the_wish_and_the_buyer_hears_of_it(now: datetime) -> None:
    shop = a_shop(now, "drills.ru", emails=("info@drills.ru",))
    rule_id = make_rule(a_member(shop, now).id, terms(text="  With a smile  "), now)
    outreach = a_planned(now, shop)

    assert answer_by_rule(outreach.id, now)

    [offer] = offers_of(outreach)
    assert (offer.kind, offer.percent, offer.final_price) == (
        AnswerKind.PERCENT,
        Decimal(5),
        Decimal("12340.50"),
    )
    assert (offer.rule_id, offer.text, offer.status) == (rule_id, "With a smile", OfferStatus.OPEN)
    assert outreach.status is OutreachStatus.ANSWERED
    assert outreach.steps == []
    assert "rule_answered" in events(outreach.discount_request)
    purposes = list(db.session.scalars(select(Delivery.purpose)))
    assert purposes == [f"offer:{offer.id}"]


def test_a_wished_price_is_turned_into_per_cent(now: datetime) -> None:
    shop = a_shop(now)
    make_rule(a_member(shop, now).id, terms(10), now)
    near, far = (a_planned(now, shop, price, WishKind.PRICE) for price in (11_800, 11_000))

    assert [answer_by_rule(outreach.id, now) for outreach in (near, far)] == [True, False]

    assert [(offer.kind, offer.final_price) for offer in offers_of(near)] == [
        (AnswerKind.PRICE, Decimal(11_800))
    ]
    assert offers_of(far) == []
    assert far.status is OutreachStatus.PLANNED


def test_the_same_bell_twice_gives_one_offer(now: datetime) -> None:
    shop = a_shop(now)
    make_rule(a_member(shop, now).id, terms(), now)
    outreach = a_planned(now, shop)

    assert [answer_by_rule(outreach.id, now) for _ in range(2)] == [True, False]
    assert len(offers_of(outreach)) == 1


@pytest.mark.parametrize(
    "given",
    [{"proved_at": None}, {"ended_at": datetime(2030, 1, 13, tzinfo=UTC)}],
    ids=["never proved", "left"],
)
def test_a_rule_sleeps_while_nobody_speaks_for_it(now: datetime, given: dict[str, Any]) -> None:
    shop = a_shop(now)
    member = a_member(shop, now)
    make_rule(member.id, terms(), now)
    for name, value in given.items():
        setattr(member, name, value)
    db.session.commit()
    outreach = a_planned(now, shop)

    assert not answer_by_rule(outreach.id, now)
    assert [rule.percent for rule in list_rules(shop.id)] == [Decimal(10)]
    with pytest.raises(NotAllowed):
        make_rule(member.id, terms(5), now)


def test_a_rule_counts_its_answers_by_the_day_of_the_shop(now: datetime) -> None:
    late = datetime(2030, 1, 14, 20, 30, tzinfo=UTC)  # 23:30 in Moscow
    shop = a_shop(now)
    make_rule(a_member(shop, now).id, terms(a_day=1), now)
    first, second, third = (a_planned(now, shop) for _ in range(3))

    assert answer_by_rule(first.id, late)
    assert not answer_by_rule(second.id, late + timedelta(minutes=20))
    assert answer_by_rule(third.id, late + timedelta(minutes=31))


def test_a_rule_is_over_after_its_last_day(now: datetime) -> None:
    shop = a_shop(now)
    make_rule(a_member(shop, now).id, terms(until=now.date()), now)
    today, tomorrow = a_planned(now, shop), a_planned(now, shop)

    assert answer_by_rule(today.id, now)
    assert not answer_by_rule(tomorrow.id, now + timedelta(days=1))


def test_a_rule_looks_at_the_title_and_the_category(now: datetime) -> None:
    shop = a_shop(now)
    make_rule(a_member(shop, now).id, terms(words_in_title="дрели"), now)
    drill = a_planned(now, shop, category=["Инструмент", "Дрели и шуруповёрты"])
    saw = a_planned(now, shop, category=["Инструмент", "Пилы"])

    assert [answer_by_rule(outreach.id, now) for outreach in (drill, saw)] == [True, False]


def test_a_rule_says_nothing_where_the_shop_was_written_to_or_wants_no_letters(now: datetime) -> None:
    shop = a_shop(now, "drills.ru")
    make_rule(a_member(shop, now).id, terms(), now)
    asked = a_planned(now, shop)
    asked.status, asked.steps_taken, asked.next_step_at = OutreachStatus.ASKED, 1, now
    over = a_planned(now, shop)
    over.discount_request.status, over.discount_request.closed_at = RequestStatus.CLOSED, now
    db.session.commit()
    assert [answer_by_rule(outreach.id, now) for outreach in (asked, over)] == [False, False]

    suppress("shop:drills.ru", reason="never", cause="a letter", now=now)
    db.session.commit()
    assert not answer_by_rule(a_planned(now, shop).id, now)


def test_an_ended_rule_answers_no_more(now: datetime) -> None:
    shop = a_shop(now)
    member, colleague = a_member(shop, now), a_member(shop, now, "other@shop.example")
    rule_id = make_rule(member.id, terms(), now)

    for _ in range(2):
        end_rule(colleague.id, rule_id, now)

    assert list_rules(shop.id) == []
    assert not answer_by_rule(a_planned(now, shop).id, now)


def test_nobody_ends_the_rule_of_another_shop(now: datetime) -> None:
    shop, stranger = a_shop(now), a_member(a_shop(now), now)
    rule_id = make_rule(a_member(shop, now).id, terms(), now)

    for wrong in (rule_id, uuid5(rule_id, "none")):
        with pytest.raises(NotFound):
            end_rule(stranger.id, wrong, now)
    assert len(list_rules(shop.id)) == 1


def test_the_same_terms_again_are_the_same_rule_and_nobody_sets_too_many(now: datetime) -> None:
    shop = a_shop(now)
    member = a_member(shop, now)
    made = {make_rule(member.id, terms(percent), now) for percent in (*range(1, MOST_RULES + 1), 1)}
    assert len(made) == MOST_RULES
    with pytest.raises(Refused, match="too_many_rules"):
        make_rule(member.id, terms(50), now)


def test_a_rule_answers_instead_of_the_letter(work: Callable[[], list[str]], queue: RecordingQueue) -> None:
    now = utcnow()
    shop = a_shop(now, emails=("info@drills.ru",))
    make_rule(a_member(shop, now).id, terms(10, until=(now + timedelta(days=2)).date()), now)
    wished = a_request(now, shop=shop, wish_value=Decimal(7))
    dear = a_request(now, shop=shop, wish_value=Decimal(40))
    for request in (wished, dear):
        plan_outreach(request.id, now)

    work()

    db.session.expire_all()
    assert (wished.status, dear.status) == (RequestStatus.OFFERED, RequestStatus.ASKED)
    letters = select(Delivery.subject).where(Delivery.address == "info@drills.ru")
    assert [dear.number in subject for subject in db.session.scalars(letters)] == [True]


def test_a_rule_need_not_wait_until_the_doors_of_the_shop_were_read_again(
    now: datetime, queue: RecordingQueue
) -> None:
    shop = a_shop(now, contacts_read_at=now - timedelta(days=60))
    make_rule(a_member(shop, now).id, terms(10), now)
    request = a_request(now, shop=shop)

    plan_outreach(request.id, now)

    rung: list[UUID] = [subject for job, subject in queue.take() if job is Job.ANSWER_BY_RULE]
    assert [answer_by_rule(outreach_id, now) for outreach_id in rung] == [True]


def test_two_bells_at_once_keep_to_the_number_a_day(app: Flask, now: datetime) -> None:
    shop = a_shop(now)
    make_rule(a_member(shop, now).id, terms(a_day=3), now)
    answered = [answer_by_rule(a_planned(now, shop).id, now) for _ in range(5)]
    assert answered == [True, True, True, False, False]


def test_a_member_is_told_once_a_day_in_one_line_what_the_rules_gave(now: datetime) -> None:
    shop = a_shop(now)
    member = a_member(shop, now)
    make_rule(member.id, terms(), now)
    given = [a_planned(now, shop) for _ in range(2)]
    for outreach in given:
        answer_by_rule(outreach.id, now)
    tomorrow = now + timedelta(days=1)

    assert [tell_what_rules_gave(at) for at in (now, tomorrow, tomorrow, now + timedelta(days=2))] == [
        0,
        1,
        0,
        0,
    ]

    [letter] = db.session.scalars(select(Delivery).where(Delivery.address == member.email))
    assert all(outreach.discount_request.number in letter.text for outreach in given)
    assert "/shop/rules" in letter.text


def test_who_speaks_for_the_shop_no_more_is_told_nothing(now: datetime) -> None:
    shop = a_shop(now)
    member = a_member(shop, now)
    make_rule(member.id, terms(), now)
    answer_by_rule(a_planned(now, shop).id, now)
    member.ended_at = now
    db.session.commit()
    assert tell_what_rules_gave(now + timedelta(days=1)) == 0


def test_a_rule_leaves_to_people_what_it_cannot_give_and_answers_the_others(now: datetime) -> None:
    shop = a_shop(now)
    make_rule(a_member(shop, now).id, terms(), now)
    cheaper, usual = a_planned(now, shop), a_planned(now, shop)
    cheaper.price_now = Decimal(9_000)  # below what 5 % off the price of that time comes to
    db.session.commit()

    assert answer_by_rules(shop.id, now) == 1

    assert (offers_of(cheaper), len(offers_of(usual))) == ([], 1)


def test_what_a_colleague_gave_who_has_left_can_be_given_anew(now: datetime) -> None:
    shop = a_shop(now)
    gone, here = a_member(shop, now), a_member(shop, now, "other@shop.example")
    asleep = make_rule(gone.id, terms(), now)
    gone.ended_at = now
    db.session.commit()

    again = make_rule(here.id, terms(), now)

    assert again != asleep
    assert answer_by_rule(a_planned(now, shop).id, now)
    assert [rule.id for rule in list_rules(shop.id)] == [again]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_rule_answers_for_the_shop_that_two_names_have_become(now: datetime, when: str) -> None:
    alias, shop = a_shop(now), a_shop(now)
    member = a_member(alias, now)
    if when == "before":
        rule_id = make_rule(member.id, terms(), now)
    merge_shops(alias.id, shop.id, an_operator(now).id, now)
    if when == "after":
        rule_id = make_rule(member.id, terms(), now)

    assert answer_by_rule(a_planned(now, shop).id, now)
    assert [rule.id for rule in list_rules(shop.id)] == [rule_id]
    end_rule(a_member(shop, now, "other@shop.example").id, rule_id, now)
    assert list_rules(shop.id) == []
