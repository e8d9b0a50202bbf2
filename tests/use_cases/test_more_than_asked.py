"""What goes beyond a buyer's own requests comes to those alone who agreed to it, as long as they do."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from discount_broker.accounts.models import Buyer, BuyerCard, Consent
from discount_broker.accounts.operations.consents import note_consents
from discount_broker.accounts.queries.consents import agrees_to, consents_in_force
from discount_broker.accounts.rules.consents import CONFIRMED, ON_PREFERENCES, ConsentSaid
from discount_broker.accounts.status import ConsentKind
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import news_of
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.discount_requests.use_cases import confirm_request
from discount_broker.escalation.use_cases.preferences import Preferred, change_preferences, withdraw_consent
from discount_broker.kernel.db import db
from discount_broker.kernel.money import Money
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.messaging.use_cases import deliver
from discount_broker.notifications.catalogue import Greeting, ProductSeen, RequestEnded
from discount_broker.notifications.models import NewsItem
from discount_broker.notifications.operations import notify
from discount_broker.notifications.rules import BEYOND, NEWS
from discount_broker.notifications.status import NewsKind, NewsState
from discount_broker.notifications.use_cases import send_greetings, send_waiting_news, unsubscribe_from_more
from tests.builders import a_buyer, a_request, saved
from tests.fakes import FakeChannel

pytestmark = pytest.mark.usefixtures("app")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
BIRTHDAY = date(1980, 1, 14)
SAME = "The very drill, in another shop"
LIKE = "Another drill of the same make"


def says(
    buyer: Buyer, now: datetime, *, given: bool = True, subject: str = ON_PREFERENCES, version: str = "news:2"
) -> None:
    line = ConsentSaid(kind=ConsentKind.NEWS, is_given=given, version=version, text="More, please.")
    with transaction():
        note_consents(buyer.id, [line], "en", subject, now)


def seen(title: str, now: datetime) -> ProductSeen:
    price = Money(Decimal(9000), "RUB")
    return ProductSeen(title=title, url="https://drills.example/1", price=price, seen_at=now)


def ends(request: DiscountRequest, now: datetime) -> None:
    """Nothing came of it, and there is something to be asked for instead."""
    assert request.buyer is not None
    message = RequestEnded(
        **news_of(request), tried=(), elsewhere=(seen(SAME, now),), similar=(seen(LIKE, now),)
    )
    with transaction():
        notify(message, to=request.buyer.email, language="en", purpose=f"test:{request.number}", now=now)


def greet(buyer: Buyer, now: datetime) -> None:
    with transaction():
        notify(Greeting(), to=buyer.email, language="en", purpose=f"test:greeting:{buyer.id}", now=now)


def rests(buyer: Buyer, now: datetime) -> None:
    """Their quiet hours have just begun."""
    begins = now.hour * 60 + now.minute
    change_preferences(buyer.id, Preferred(quiet=(begins, (begins + 120) % 1440), zone="UTC"), now)


def letter() -> Delivery:
    return db.session.scalars(select(Delivery)).one()


def test_no_kind_of_news_of_a_request_or_a_watch_depends_on_it() -> None:
    assert {NewsKind.GREETING} == BEYOND
    assert {message.value for message, news in NEWS.items() if news.kind in BEYOND} == {"greeting"}


def test_who_did_not_agree_is_not_greeted_though_a_birthday_is_known(now: datetime) -> None:
    buyer = a_buyer(now)
    saved(BuyerCard(buyer_id=buyer.id, birthday=BIRTHDAY, wants_greeting=True, zone="Europe/Moscow"))
    assert send_greetings(now) == 0
    assert db.session.scalars(select(Delivery)).all() == []


def test_who_did_not_agree_is_told_the_end_of_a_request_without_products_never_asked_for(
    now: datetime,
) -> None:
    ends(a_request(now, RequestStatus.ASKED), now)
    assert SAME in letter().text
    for words in (letter().text, letter().html or ""):
        assert LIKE not in words


def test_who_agreed_is_told_of_products_like_it(now: datetime) -> None:
    request = a_request(now, RequestStatus.ASKED)
    assert request.buyer is not None
    says(request.buyer, now)
    ends(request, now)
    assert SAME in letter().text
    assert LIKE in letter().text


def test_taking_it_back_stops_what_waits_and_what_has_not_left_at_once(now: datetime) -> None:
    waits, leaves = a_buyer(now), a_buyer(now)
    for buyer in (waits, leaves):
        says(buyer, now)
        saved(BuyerCard(buyer_id=buyer.id, birthday=BIRTHDAY, wants_greeting=True))
    rests(waits, now)
    for buyer in (waits, leaves):
        greet(buyer, now)
    assert letter().status is DeliveryStatus.QUEUED
    for buyer in (waits, leaves):
        withdraw_consent(buyer.id, ConsentKind.NEWS, now + MINUTE)
    assert letter().status is DeliveryStatus.STOPPED
    states = {item.buyer_id: item.state for item in db.session.scalars(select(NewsItem))}
    assert states[waits.id] is NewsState.DROPPED
    assert send_waiting_news(now + DAY) == 0
    assert not any(card.wants_greeting for card in db.session.scalars(select(BuyerCard)))


def test_what_waits_of_an_own_request_comes_all_the_same_without_what_was_taken_back(now: datetime) -> None:
    request = a_request(now, RequestStatus.ASKED)
    assert request.buyer is not None
    says(request.buyer, now)
    rests(request.buyer, now)
    ends(request, now)
    withdraw_consent(request.buyer.id, ConsentKind.NEWS, now + MINUTE)
    assert send_waiting_news(now + DAY) == 1
    assert SAME in letter().text
    assert LIKE not in letter().text


@pytest.mark.parametrize("way", ["page", "mail"])
def test_what_stands_in_the_outbox_leaves_without_what_was_taken_back(
    way: str, mail: FakeChannel, now: datetime
) -> None:
    request = a_request(now, RequestStatus.ASKED)
    assert request.buyer is not None
    says(request.buyer, now)
    ends(request, now)
    written = letter()
    assert (written.status, LIKE in written.text) == (DeliveryStatus.QUEUED, True)
    if way == "page":
        withdraw_consent(request.buyer.id, ConsentKind.NEWS, now + MINUTE)
    else:
        unsubscribe_from_more(written.id, now + MINUTE)
    deliver(written.id, {ChannelKind.EMAIL: mail}, now + MINUTE)
    (sent,) = mail.sent
    assert SAME in sent.text
    for words in (sent.text, sent.html or ""):
        assert LIKE not in words


def test_what_has_left_stays_as_it_was_sent(mail: FakeChannel, now: datetime) -> None:
    request = a_request(now, RequestStatus.ASKED)
    assert request.buyer is not None
    says(request.buyer, now)
    ends(request, now)
    deliver(letter().id, {ChannelKind.EMAIL: mail}, now)
    withdraw_consent(request.buyer.id, ConsentKind.NEWS, now + MINUTE)
    db.session.expire_all()
    assert LIKE in letter().text, "the copy says what was sent"


def test_a_tick_for_somebody_elses_address_counts_only_once_its_owner_confirms(now: datetime) -> None:
    buyer = a_buyer(now, email_confirmed_at=now)
    request = a_request(now, RequestStatus.UNCONFIRMED, buyer=buyer)
    says(buyer, now, subject=request.number)
    assert not agrees_to(buyer.id, ConsentKind.NEWS)
    confirm_request(request.id, now)
    confirm_request(request.id, now)
    assert agrees_to(buyer.id, ConsentKind.NEWS)
    ticked, confirmed = db.session.scalars(select(Consent).order_by(Consent.at, Consent.subject.desc()))
    lines = {(line.subject, line.is_given, line.version, line.text) for line in (ticked, confirmed)}
    said = (True, "news:2", "More, please.")
    assert lines == {(request.number, *said), (f"{CONFIRMED}{request.number}", *said)}


def test_a_form_that_was_sent_again_without_the_tick_counts_as_it_was_sent_last(now: datetime) -> None:
    request = a_request(now, RequestStatus.UNCONFIRMED)
    assert request.buyer is not None
    says(request.buyer, now, subject=request.number)
    says(request.buyer, now + MINUTE, given=False, subject=request.number)
    confirm_request(request.id, now + 2 * MINUTE)
    assert not agrees_to(request.buyer.id, ConsentKind.NEWS)


def test_an_empty_box_with_a_later_request_takes_nothing_back(now: datetime) -> None:
    buyer = a_buyer(now)
    says(buyer, now)
    says(buyer, now + DAY, given=False, subject="R-22222")
    assert agrees_to(buyer.id, ConsentKind.NEWS)
    says(buyer, now + 2 * DAY, given=False)
    assert not consents_in_force(buyer.id)[ConsentKind.NEWS].is_given
