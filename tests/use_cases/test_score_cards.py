"""Score-cards: computed from rows that tell what happened, and computed the same again."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.escalation.operations import make_promise
from discount_broker.escalation.status import PromiseKind
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import Refused
from discount_broker.messaging.models import Suppression
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.rules import Answer, RuleTerms
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import answer_by_rules, change_answer, make_rule, submit_answer
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import ask_shop
from discount_broker.outreach.use_cases.merging import merge_shops
from discount_broker.scorecards.models import ScoreCard
from discount_broker.scorecards.queries import (
    find_scorecard,
    forecast_of,
    list_dealings,
    list_good_cards,
    list_replies,
)
from discount_broker.scorecards.rules import COUNTED, ENOUGH, LEFT_OUT
from discount_broker.scorecards.use_cases import compute_scorecards, say_to_card
from discount_broker.scorecards.use_cases.computing import FRESH
from discount_broker.shops.models import Shop, ShopMember
from discount_broker.shops.status import ContactState
from tests.builders import a_request, a_shop, an_operator, an_outreach, saved
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")
HOUR = timedelta(hours=1)


@pytest.fixture
def shop(now: datetime) -> Shop:
    return a_shop(now, "tools.ru", emails=("a@tools.ru",))


def asked(shop: Shop, at: datetime, answered_after: timedelta | None = None, **given: Any) -> Outreach:
    """A request of long ago, silent since or answered."""
    request = a_request(at, RequestStatus.ASKED, shop=shop, **given)
    if answered_after is None:
        facts: dict[str, Any] = {"status": OutreachStatus.EXHAUSTED, "exhausted_why": "silence"}
    else:
        facts = {"status": OutreachStatus.DECLINED, "answered_at": at + answered_after}
    return an_outreach(at, request, asked_at=at, **facts)


def card_of(shop: Shop, now: datetime) -> ScoreCard:
    compute_scorecards(now)
    db.session.expire_all()
    card = find_scorecard(shop.id)
    assert card is not None
    return card


def test_the_last_hundred_count_and_the_newest_days_do_not(shop: Shop, now: datetime) -> None:
    for n in range(COUNTED):
        asked(shop, now - LEFT_OUT - n * HOUR, HOUR)
    for n in range(3):
        asked(shop, now - timedelta(days=300 + n))
        asked(shop, now - LEFT_OUT + (n + 1) * HOUR)
    card = card_of(shop, now)
    assert (card.asked, card.answered) == (COUNTED, COUNTED)
    assert (card.since, card.until) == (now - LEFT_OUT - (COUNTED - 1) * HOUR, now - LEFT_OUT)


def test_it_can_be_computed_at_any_time_and_comes_out_the_same(shop: Shop, now: datetime) -> None:
    for n in range(ENOUGH):
        asked(shop, now - LEFT_OUT - n * HOUR, HOUR if n % 2 else None)
    told = {}
    for at in (now, now + FRESH):
        card = card_of(shop, at)
        told[at] = {c.key: getattr(card, c.key) for c in ScoreCard.__table__.columns if c.key not in STAMPS}
    assert told[now] == told[now + FRESH]
    answers = [each.answered_at for each in list_dealings(shop.id, now - LEFT_OUT)]
    assert (len(answers), len([*filter(None, answers)])) == (card.asked, card.answered)


STAMPS = ("computed_at", "until")


def test_of_a_shop_the_letters_never_reached_the_address_is_told_and_no_silence(
    shop: Shop, now: datetime
) -> None:
    long_ago = now - timedelta(days=9)
    outreach = an_outreach(long_ago, a_request(long_ago, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, long_ago)
    db.session.expire_all()
    delivery = outreach.steps[0].delivery
    delivery.status, delivery.sent_at, delivery.due_at = DeliveryStatus.BOUNCED, long_ago, None
    shop.contact_points[0].state = ContactState.DEAD
    db.session.commit()
    card = card_of(shop, now)
    assert (card.asked, card.dead_addresses) == (0, 1)


def test_a_buyer_who_left_at_once_is_not_held_against_the_shop(shop: Shop, now: datetime) -> None:
    long_ago = now - timedelta(days=9)
    for after in (HOUR, LEFT_OUT + HOUR):
        request = a_request(
            long_ago, RequestStatus.CLOSED, shop=shop, closed_at=long_ago + after, outcome=Outcome.WITHDRAWN
        )
        an_outreach(long_ago, request, asked_at=long_ago, status=OutreachStatus.STOPPED)
    assert card_of(shop, now).asked == 1


def test_the_clocks_begin_when_the_letter_left_and_not_when_it_was_written(shop: Shop, now: datetime) -> None:
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    db.session.expire_all()
    step = outreach.steps[0]
    left_at = now + 12 * HOUR
    step.delivery.status, step.delivery.sent_at, step.delivery.due_at = DeliveryStatus.SENT, left_at, None
    step.acknowledged_at, step.answered_at = left_at + timedelta(minutes=1), left_at + HOUR
    db.session.commit()
    submit_answer(outreach.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(5)), left_at + 3 * HOUR)
    card = card_of(shop, now + LEFT_OUT)
    assert (card.acknowledged, card.answered, card.decided, card.offered) == (1, 1, 1, 1)
    assert (card.median_acknowledgement_seconds, card.median_answer_seconds) == (60, 3600)
    assert card.median_decision_seconds == 3 * 3600


def test_a_shop_that_forbids_is_shown_to_nobody_however_well_it_answered(shop: Shop, now: datetime) -> None:
    for n in range(ENOUGH):
        asked(shop, now - LEFT_OUT - n * HOUR, HOUR)
    assert card_of(shop, now).is_good
    saved(Suppression(key=f"shop:{shop.domain}", reason="stop_page", created_at=now))
    assert not card_of(shop, now + FRESH).is_good


def test_a_promise_is_counted_for_the_shop_that_gave_it(shop: Shop, now: datetime) -> None:
    outreach = asked(shop, now - timedelta(days=9))
    promise = make_promise(outreach, PromiseKind.CALL_US, now - timedelta(days=8), now - timedelta(days=9))
    db.session.commit()
    submit_answer(outreach.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(5)), promise.due_at + 2 * HOUR)
    card = card_of(shop, now)
    assert (card.promises_made, card.promises_late, card.median_late_seconds) == (1, 1, 7200)


def test_many_shops_take_as_many_statements_as_one(now: datetime) -> None:
    taken = []
    for number in (1, 4):
        for _ in range(number):
            asked(a_shop(now), now - LEFT_OUT, HOUR)
        with counted() as statements:
            assert compute_scorecards(now) == number
        taken.append(len([each for each in statements if each.startswith(("SELECT", "WITH"))]))
    assert taken[0] == taken[1]
    assert {card.asked for card in db.session.query(ScoreCard)} == {1}


class TestForecast:
    def test_it_says_what_the_shop_did_with_the_number_of_cases(self, shop: Shop, now: datetime) -> None:
        for n in range(ENOUGH):
            asked(shop, now - LEFT_OUT - n * HOUR, HOUR if n % 2 else None)
        given = asked(shop, now - timedelta(days=9))
        submit_answer(
            given.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(7)), now - timedelta(days=9) + 2 * HOUR
        )
        compute_scorecards(now)
        forecast = forecast_of(shop.id)
        assert (forecast.asked, forecast.answered, forecast.is_enough) == (ENOUGH + 1, ENOUGH // 2 + 1, True)
        assert (forecast.usual, forecast.best) == ((Decimal(7), Decimal(7)), Decimal(7))
        assert forecast.half_within == HOUR

    def test_of_a_shop_nobody_asked_there_is_none(self, shop: Shop) -> None:
        forecast = forecast_of(shop.id)
        assert (forecast.asked, forecast.is_enough, forecast.usual, forecast.best) == (0, False, None, None)


def test_what_a_standing_rule_answered_counts_and_nobodys_time_is_measured(shop: Shop, now: datetime) -> None:
    """Also where the shop gives more later: that the rule was quick says nothing of its people."""
    long_ago = now - timedelta(days=9)
    member = saved(ShopMember(shop_id=shop.id, email="a@tools.ru", proved_at=long_ago))
    make_rule(member.id, RuleTerms(percent=Decimal(10)), long_ago)
    kept, changed = (
        an_outreach(long_ago, a_request(long_ago, RequestStatus.ASKED, shop=shop)) for _ in range(2)
    )
    assert answer_by_rules(shop.id, long_ago) == 2
    offer = find_offer_of(changed.id)
    assert offer is not None
    more = Answer(kind=AnswerKind.PERCENT, percent=Decimal(15))
    change_answer(changed.id, offer.id, more, long_ago + HOUR)

    card = card_of(shop, now)
    assert (card.asked, card.answered, card.offered) == (2, 2, 2)
    assert (card.median_answer_seconds, card.median_decision_seconds) == (None, None)
    assert {each.number: each.is_by_rule for each in list_dealings(shop.id, now - LEFT_OUT)} == {
        kept.discount_request.number: True,
        changed.discount_request.number: True,
    }


def test_another_name_of_a_shop_has_no_card_for_everybody(now: datetime) -> None:
    alias, shop = a_shop(now, "tools.net"), a_shop(now, "tools.ru")
    for n in range(ENOUGH):
        asked(alias, now - LEFT_OUT - n * HOUR, HOUR)
    assert card_of(alias, now).is_good
    merge_shops(alias.id, shop.id, an_operator(now).id, now)
    assert card_of(shop, now).is_good
    assert [card.shop.domain for card in list_good_cards()] == ["tools.ru"]


def test_what_people_of_a_merged_shop_say_stands_beside_its_card(now: datetime) -> None:
    alias, shop = a_shop(now, "tools.net"), a_shop(now, "tools.ru")
    member = saved(ShopMember(shop_id=alias.id, email="a@tools.net", proved_at=now))
    say_to_card(member.id, "Before.", now)
    merge_shops(alias.id, shop.id, an_operator(now).id, now)
    say_to_card(member.id, "After.", now + HOUR)
    assert [reply.words for reply in list_replies(shop.id)] == ["After.", "Before."]
    say_to_card(member.id, "Once more.", now)
    with pytest.raises(Refused, match="replies_wait"):
        say_to_card(member.id, "And again.", now)
