"""Who asked for several things at once hears of the silence about them by one letter, once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from discount_broker.accounts.models import Buyer
from discount_broker.discount_requests.models import Basket, DiscountRequest
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.use_cases.preferences import Preferred, change_preferences
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from discount_broker.notifications.models import NewsItem
from discount_broker.notifications.status import NewsKind, NewsState, NewsWay
from discount_broker.notifications.use_cases import send_waiting_news
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.use_cases import ask_shop, tell_the_silence
from tests.builders import a_buyer, a_request, a_shop, an_outreach, saved

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)
NAMES = ("drills", "saws", "lamps", "boots", "tents")


@pytest.fixture
def buyer(now: datetime) -> Buyer:
    return a_buyer(now)


@pytest.fixture
def basket(buyer: Buyer, now: datetime) -> Sequence[DiscountRequest]:
    together = saved(Basket(created_at=now))
    requests = [
        a_request(
            now, RequestStatus.ASKED, shop=a_shop(now, f"{name}.ru"), buyer=buyer, basket_id=together.id
        )
        for name in NAMES
    ]
    for request in requests:
        an_outreach(now, request)
    return requests


def letters() -> list[Delivery]:
    db.session.expire_all()
    return list(db.session.scalars(select(Delivery).order_by(Delivery.created_at)))


def events(request: DiscountRequest) -> list[str]:
    return [entry.event for entry in request.timeline]


def test_the_silence_about_a_basket_is_one_letter_and_a_line_in_each_story(
    basket: Sequence[DiscountRequest], now: datetime
) -> None:
    for hours in (47, 49, 50, 74):
        tell_the_silence(now + timedelta(hours=hours))
    (letter,) = letters()
    assert letter.template == "no_answers_yet"
    for request in basket:
        assert request.number in letter.text
        assert events(request).count("silence_told") == 1
    told = db.session.scalars(select(NewsItem)).all()
    assert {(item.state, item.delivery_id) for item in told} == {(NewsState.TOLD, letter.id)}
    assert {item.subject for item in told} == {request.number for request in basket}


def test_what_was_answered_is_not_in_it_and_the_last_one_left_has_a_letter_of_its_own(
    basket: Sequence[DiscountRequest], now: datetime
) -> None:
    answered, *silent = basket
    answer(answered, now)
    tell_the_silence(now + 3 * DAY)
    (letter,) = letters()
    assert answered.number not in letter.text
    assert all(request.number in letter.text for request in silent)
    assert "silence_told" not in events(answered)


def test_what_was_put_to_a_shop_by_one_letter_is_said_once(buyer: Buyer, now: datetime) -> None:
    together, shop = saved(Basket(created_at=now)), a_shop(now, "drills.ru", emails=("info@drills.ru",))
    for _ in range(3):
        an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop, buyer=buyer, basket_id=together.id))
    ask_shop(shop.id, now)
    tell_the_silence(now + 3 * DAY)
    (letter,) = [each for each in letters() if each.template == "no_answers_yet"]
    assert letter.text.count(f"e-mail to {shop.name}") == 1


def test_one_alone_is_told_as_ever(basket: Sequence[DiscountRequest], now: datetime) -> None:
    *answered, silent = basket
    for request in answered:
        answer(request, now)
    tell_the_silence(now + 3 * DAY)
    (letter,) = letters()
    assert (letter.template, silent.number in letter.subject) == ("no_answer_yet", True)


def test_hours_of_rest_are_waited_for_and_who_has_answered_meanwhile_is_not_called_silent(
    basket: Sequence[DiscountRequest], buyer: Buyer, now: datetime
) -> None:
    at_night = now + 3 * DAY
    begins = at_night.hour * 60 + at_night.minute
    change_preferences(buyer.id, Preferred(quiet=(begins, (begins + 120) % 1440), zone="UTC"), now)
    tell_the_silence(at_night)
    assert letters() == []
    answer(basket[0], at_night)
    tell_the_silence(at_night + timedelta(hours=3))
    (letter,) = letters()
    assert basket[0].number not in letter.text
    assert basket[1].number in letter.text


def test_who_wants_a_letter_of_the_day_has_a_line_for_each(
    basket: Sequence[DiscountRequest], buyer: Buyer, now: datetime
) -> None:
    change_preferences(buyer.id, Preferred(ways={NewsKind.SILENT: NewsWay.DIGEST}), now)
    tell_the_silence(now + 3 * DAY)
    send_waiting_news(now + 4 * DAY)
    (letter,) = letters()
    assert letter.template == "news_digest"
    assert all(request.number in letter.text for request in basket)


def test_who_wants_no_such_news_is_not_told_and_not_tried_again(
    basket: Sequence[DiscountRequest], buyer: Buyer, now: datetime
) -> None:
    change_preferences(buyer.id, Preferred(ways={NewsKind.SILENT: NewsWay.NONE}), now)
    tell_the_silence(now + 3 * DAY)
    change_preferences(buyer.id, Preferred(ways={NewsKind.SILENT: NewsWay.MAIL}), now)
    tell_the_silence(now + 4 * DAY)
    assert letters() == []
    assert all("silence_told" not in events(request) for request in basket)


def test_what_somebody_else_added_to_a_basket_is_no_business_of_its_buyer(
    basket: Sequence[DiscountRequest], now: datetime
) -> None:
    other = basket[0]
    other.buyer_id = a_buyer(now).id
    db.session.commit()
    tell_the_silence(now + 3 * DAY)
    by_template = {letter.template: letter for letter in letters()}
    assert other.number in by_template["no_answer_yet"].text
    assert other.number not in by_template["no_answers_yet"].text


def answer(request: DiscountRequest, now: datetime) -> None:
    (outreach,) = list_outreaches(request.id)
    outreach.answered_at = now
    db.session.commit()
