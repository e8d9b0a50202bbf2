"""News comes as its buyer wants it: at once, after their quiet hours, together once a day, or not at all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.accounts.models import Buyer, BuyerCard, Consent, ContactWish
from discount_broker.accounts.rules.consents import ON_PREFERENCES
from discount_broker.accounts.status import ConsentKind, ContactWishKind
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import news_of
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.queries import find_case_of
from discount_broker.escalation.rules import CallReport
from discount_broker.escalation.status import CallResult
from discount_broker.escalation.use_cases import log_call, open_due_cases
from discount_broker.escalation.use_cases.merging_buyers import merge_buyers
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.notifications.catalogue import BuyerMessage, LoginLink, ShopDeclined
from discount_broker.notifications.models import NewsItem, NewsPreference
from discount_broker.notifications.operations import notify, set_way
from discount_broker.notifications.queries import list_ways
from discount_broker.notifications.status import NewsKind, NewsState, NewsWay
from discount_broker.notifications.use_cases import hear_text, send_greetings, send_waiting_news
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.use_cases import (
    accept_offer,
    decline_offer,
    remind_endings,
    submit_answer,
    withdraw_request,
)
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.outreach.use_cases import read_mail, receive_mail
from tests.builders import a_buyer, a_request, a_shop, an_operator, an_outreach, saved
from tests.fakes import FakeChannel
from tests.use_cases.conftest import Work
from tests.use_cases.test_texting import PHONE, TEN

pytestmark = pytest.mark.usefixtures("app")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOSCOW = "Europe/Moscow"


@pytest.fixture
def request_(now: datetime) -> DiscountRequest:
    buyer = a_buyer(now, email="anna@mail.example", email_confirmed_at=now)
    return a_request(now, RequestStatus.ASKED, buyer=buyer)


@pytest.fixture
def texts(app: Flask) -> Iterator[FakeChannel]:
    """A gateway, where tests have none."""
    site, gateway = app.extensions["site"], FakeChannel()
    app.extensions["site"] = replace(site, sends_texts=True, sms_sender="+79990000000")
    app.extensions["channels"][ChannelKind.SMS] = gateway
    yield gateway
    app.extensions["site"] = site


def declined(request: DiscountRequest, shop: str, **given: Any) -> ShopDeclined:
    return ShopDeclined(**{**news_of(request), "shop": shop, "shops_waiting": 2, **given})


def tell(request: DiscountRequest, message: BuyerMessage, purpose: str, now: datetime) -> Any:
    assert request.buyer is not None
    with transaction():
        return notify(message, to=request.buyer.email, language="en", purpose=purpose, now=now)


def prefer(request: DiscountRequest, kind: NewsKind, way: NewsWay, now: datetime) -> None:
    assert request.buyer_id is not None
    set_way(request.buyer_id, kind, way, by="page", now=now)
    db.session.commit()


def rests(request: DiscountRequest, begins: int, ends: int, now: datetime) -> None:
    """The buyer wants no news between these hours of their own clock, which is Moscow's."""
    facts = {"from_minute": begins * 60, "until_minute": ends * 60, "created_at": now}
    saved(ContactWish(buyer_id=request.buyer_id, kind=ContactWishKind.QUIET_HOURS, **facts))
    saved(BuyerCard(buyer_id=request.buyer_id, zone=MOSCOW))


def states() -> list[NewsState]:
    db.session.expire_all()
    return [item.state for item in db.session.scalars(select(NewsItem).order_by(NewsItem.purpose))]


def test_what_is_told_once_is_told_never_again(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    message = declined(request_, "Tools", shops_waiting=0)
    assert tell(request_, message, "a", now) is not None
    assert tell(request_, message, "a", now + HOUR) is None
    work_at(now + HOUR)
    assert len(mail.sent) == 1


def test_three_small_things_come_in_one_letter_in_the_evening(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    for number, shop in enumerate(("Tools", "Drills", "Saws")):
        tell(request_, declined(request_, shop), f"no:{number}", now + number * HOUR)
    send_waiting_news(now + 3 * HOUR)
    work_at(now + 3 * HOUR)
    assert mail.sent == [], "it is noon"
    evening = now.replace(hour=15, minute=1)
    assert send_waiting_news(evening) == 1
    assert send_waiting_news(evening + HOUR) == 0
    work_at(evening)
    (letter,) = mail.sent
    assert letter.subject == "3 pieces of news about your requests"
    for shop in ("Tools", "Drills", "Saws"):
        assert shop in letter.text
    assert letter.text.count(news_of(request_)["follow_url"]) == 3
    assert "/n/" in letter.stop_url
    assert states() == [NewsState.TOLD] * 3


def test_a_single_small_thing_is_its_own_letter(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    tell(request_, declined(request_, "Tools"), "no", now)
    evening = now.replace(hour=15, minute=1)
    send_waiting_news(evening)
    work_at(evening)
    (letter,) = mail.sent
    assert db.session.scalars(select(Delivery)).one().template == "shop_declined"
    assert letter.stop_url in letter.text


def test_who_wants_all_of_it_together_gets_even_offers_in_the_evening(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    prefer(request_, NewsKind.ANSWERED, NewsWay.DIGEST, now)
    outreach = an_outreach(now, request_, status=OutreachStatus.ASKED, asked_at=now, next_step_at=now + DAY)
    submit_answer(outreach.id, TEN, now)
    work_at(now)
    assert mail.sent == []
    send_waiting_news(now.replace(hour=16))
    work_at(now.replace(hour=16))
    assert len(mail.sent) == 1


def test_quiet_hours_move_a_mail_to_their_end(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    rests(request_, 11, 14, now)
    tell(request_, declined(request_, "Tools", shops_waiting=0), "no", now)
    send_waiting_news(now + HOUR)
    work_at(now + HOUR)
    assert mail.sent == [], "it is one o'clock in Moscow"
    send_waiting_news(now + 2 * HOUR)
    work_at(now + 2 * HOUR)
    assert len(mail.sent) == 1


def test_a_link_that_was_asked_for_comes_at_any_hour(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    rests(request_, 0, 23, now)
    tell(request_, LoginLink(login_url="http://broker.test/login/x", valid_minutes=30), "login", now)
    work_at(now)
    assert len(mail.sent) == 1


def test_the_letter_of_the_day_keeps_out_of_quiet_hours_too(request_: DiscountRequest, now: datetime) -> None:
    rests(request_, 17, 20, now)
    item = tell(request_, declined(request_, "Tools"), "no", now)
    assert item.due_at == now.replace(hour=17)


def test_what_is_not_wanted_is_written_down_and_not_sent(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    prefer(request_, NewsKind.DECLINED, NewsWay.NONE, now)
    assert tell(request_, declined(request_, "Tools", shops_waiting=0), "no", now) is None
    work_at(now)
    assert (states(), mail.sent) == ([NewsState.DROPPED], [])


def test_a_choice_counts_for_what_waits_already(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    tell(request_, declined(request_, "Tools"), "no", now)
    prefer(request_, NewsKind.DECLINED, NewsWay.NONE, now)
    send_waiting_news(now + DAY)
    work_at(now + DAY)
    assert (states(), mail.sent) == ([NewsState.DROPPED], [])


def test_what_must_come_comes_whatever_was_written_down(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    saved(NewsPreference(buyer_id=request_.buyer_id, kind=NewsKind.NEEDED, way=NewsWay.NONE))
    tell(request_, LoginLink(login_url="http://broker.test/login/x", valid_minutes=30), "login", now)
    work_at(now)
    assert len(mail.sent) == 1


def offered(request: DiscountRequest, now: datetime, **given: Any) -> Outreach:
    outreach = an_outreach(
        now, request, a_shop(now), status=OutreachStatus.ASKED, asked_at=now, next_step_at=now + DAY
    )
    submit_answer(outreach.id, replace(TEN, **given), now)
    return outreach


def test_an_accepted_offer_makes_the_small_news_of_the_day_old(
    request_: DiscountRequest, now: datetime
) -> None:
    outreach = offered(request_, now)
    tell(request_, declined(request_, "Tools"), "zz no", now)
    offer = find_offer_of(outreach.id)
    assert offer is not None
    accept_offer(request_.id, offer.id, now)
    assert states()[-1] is NewsState.DROPPED
    assert send_waiting_news(now + DAY) == 0


def test_a_request_that_is_over_has_no_small_news(request_: DiscountRequest, now: datetime) -> None:
    tell(request_, declined(request_, "Tools"), "no", now)
    withdraw_request(request_.id, now)
    assert states() == [NewsState.DROPPED]


def test_a_buyer_is_reminded_once_a_day_before_an_offer_ends(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    offered(request_, now, valid_until=(now + 4 * DAY).date())
    work_at(now)
    mail.sent.clear()
    assert remind_endings(now + 2 * DAY) == 0
    assert remind_endings(now + 4 * DAY) == 1
    assert remind_endings(now + 4 * DAY + HOUR) == 0
    work_at(now + 4 * DAY)
    (letter,) = mail.sent
    assert "ends soon" in letter.subject


def test_nobody_is_reminded_of_an_offer_that_was_made_for_today(
    request_: DiscountRequest, now: datetime
) -> None:
    offered(request_, now, valid_until=now.date())
    assert remind_endings(now + HOUR) == 0


def test_nobody_is_reminded_of_an_offer_they_declined(request_: DiscountRequest, now: datetime) -> None:
    outreach = offered(request_, now, valid_until=(now + 4 * DAY).date())
    offer = find_offer_of(outreach.id)
    assert offer is not None
    decline_offer(request_.id, offer.id, now)
    assert remind_endings(now + 4 * DAY) == 0


def test_a_reminder_that_could_leave_only_after_the_end_is_dropped(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    outreach = offered(request_, now, valid_until=(now + 4 * DAY).date())
    work_at(now)
    mail.sent.clear()
    rests(request_, 8, 7, now)
    remind_endings(now + 4 * DAY)
    offer = find_offer_of(outreach.id)
    assert offer is not None
    later = offer.valid_until + DAY
    send_waiting_news(later)
    work_at(later)
    assert mail.sent == []


def test_ten_calls_of_a_day_are_one_piece_of_news(request_: DiscountRequest, now: datetime) -> None:
    operator = an_operator(now).id
    outreach = an_outreach(now, request_, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
    open_due_cases(now)
    case = find_case_of(outreach.id)
    assert case is not None
    for minutes in (0, 10, 20):
        at = now + timedelta(minutes=minutes)
        report = CallReport(started_at=at, minutes=1, result=CallResult.NO_ANSWER)
        log_call(case.id, operator, report, at)
    called = select(NewsItem).where(NewsItem.kind == NewsKind.CALLED)
    (item,) = db.session.scalars(called)
    assert item.headline.startswith("We called")
    at = now + DAY
    log_call(case.id, operator, CallReport(started_at=at, minutes=1, result=CallResult.CALL_BACK), at)
    assert len(db.session.scalars(called).all()) == 2


def test_a_call_that_ends_the_case_is_told_by_the_letter_about_that(
    request_: DiscountRequest, now: datetime
) -> None:
    operator = an_operator(now).id
    outreach = an_outreach(now, request_, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
    open_due_cases(now)
    case = find_case_of(outreach.id)
    assert case is not None
    log_call(case.id, operator, CallReport(started_at=now, minutes=1, result=CallResult.REFUSED), now)
    kinds = {item.kind for item in db.session.scalars(select(NewsItem))}
    assert kinds == {NewsKind.DECLINED}


def with_birthday(buyer: Buyer, birthday: date, **given: Any) -> None:
    words = {"version": "news:2", "language": "en", "text": "More, please.", "subject": ON_PREFERENCES}
    saved(Consent(buyer_id=buyer.id, kind=ConsentKind.NEWS, is_given=True, at=buyer.created_at, **words))
    saved(BuyerCard(buyer_id=buyer.id, birthday=birthday, wants_greeting=True, zone=MOSCOW, **given))


def test_a_greeting_comes_once_a_year_in_the_morning_of_the_birthday(
    mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    with_birthday(a_buyer(now), date(1980, 1, 14))
    early = now.replace(hour=5)
    assert send_greetings(early) == 0, "it is eight o'clock in Moscow"
    assert send_greetings(now) == 1
    assert send_greetings(now + HOUR) == 0
    work_at(now)
    assert [letter.subject for letter in mail.sent] == ["Happy birthday!"]
    assert send_greetings(now + DAY) == 0
    assert send_greetings(now.replace(year=2031)) == 1


@pytest.mark.parametrize("given", [{"erased_at": 1}, {"deletion_due_at": 1}], ids=["erased", "leaving"])
def test_nobody_who_has_left_is_greeted(now: datetime, given: dict[str, int]) -> None:
    with_birthday(a_buyer(now, **dict.fromkeys(given, now)), date(1980, 1, 14))
    assert send_greetings(now) == 0


def test_nobody_is_greeted_who_did_not_ask(now: datetime) -> None:
    saved(BuyerCard(buyer_id=a_buyer(now).id, birthday=date(1980, 1, 14)))
    assert send_greetings(now) == 0


def test_a_chosen_sms_comes_without_a_tick_and_an_unchosen_one_does_not(
    texts: FakeChannel, work_at: Work, now: datetime
) -> None:
    wants = a_request(now, RequestStatus.ASKED, buyer=a_buyer(now, phone=PHONE))
    prefer(wants, NewsKind.ANSWERED, NewsWay.TEXT, now)
    offered(wants, now)
    ticked = a_request(now, RequestStatus.ASKED, phone="+79161112233", wants_texts=True)
    prefer(ticked, NewsKind.ANSWERED, NewsWay.MAIL, now)
    offered(ticked, now)
    work_at(now)
    assert [text.to for text in texts.sent] == [PHONE]


def test_a_stop_by_sms_ends_the_texts_of_every_kind_and_none_of_the_mails(
    request_: DiscountRequest, texts: FakeChannel, now: datetime
) -> None:
    assert request_.buyer is not None
    request_.buyer.phone = "8 916 123-45-67"
    db.session.commit()
    prefer(request_, NewsKind.ANSWERED, NewsWay.TEXT, now)
    prefer(request_, NewsKind.DECLINED, NewsWay.NONE, now)
    assert hear_text(PHONE, "СТОП", "kannel", now)
    ways = list_ways(request_.buyer.id, texts=True)
    assert NewsWay.TEXT not in ways.values()
    assert (ways[NewsKind.ANSWERED], ways[NewsKind.DECLINED]) == (NewsWay.MAIL, NewsWay.NONE)


def test_who_has_two_cards_is_told_as_the_kept_one_says(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    kept, other = a_buyer(now), request_.buyer
    assert other is not None
    prefer(request_, NewsKind.DECLINED, NewsWay.DIGEST, now)
    prefer(request_, NewsKind.ASKED, NewsWay.NONE, now)
    set_way(kept.id, NewsKind.DECLINED, NewsWay.NONE, by="page", now=now)
    tell(request_, declined(request_, "Tools"), "before", now)
    merge_buyers(other.id, kept.id, an_operator(now, role="lead").id, now)
    ways = list_ways(kept.id, texts=False)
    assert (ways[NewsKind.DECLINED], ways[NewsKind.ASKED]) == (NewsWay.NONE, NewsWay.NONE)
    tell(request_, declined(request_, "Drills"), "after", now)
    send_waiting_news(now + DAY)
    work_at(now + DAY)
    assert mail.sent == []
    assert {item.buyer_id for item in db.session.scalars(select(NewsItem))} == {kept.id}


def a_shop_writes(request: DiscountRequest, now: datetime) -> Outreach:
    shop = a_shop(now, emails=("sales@tools.ru",))
    outreach = an_outreach(
        now, request, shop, status=OutreachStatus.ASKED, asked_at=now, next_step_at=now + DAY
    )
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "Irina <sales@tools.ru>", "Re: drill"
    letter.set_content("May we ask which colour you want?")
    token = issue_token(Purpose.REPLY, outreach.id, outreach.created_at)
    read_mail(receive_mail(f"reply+{token}@in.broker.test", letter.as_bytes(), now), now)
    return outreach


def test_a_letter_of_a_shop_can_be_unsubscribed_from_and_is_no_secret_to_the_choices(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    a_shop_writes(request_, now)
    work_at(now)
    (letter,) = [each for each in mail.sent if each.to == "anna@mail.example"]
    assert "/n/" in letter.stop_url
    item = db.session.scalars(select(NewsItem)).one()
    assert (item.kind, item.state) == (NewsKind.ANSWERED, NewsState.TOLD)


def test_who_wants_no_mail_about_answers_reads_the_shops_letter_on_the_page_alone(
    request_: DiscountRequest, mail: FakeChannel, now: datetime, work_at: Work
) -> None:
    prefer(request_, NewsKind.ANSWERED, NewsWay.NONE, now)
    outreach = a_shop_writes(request_, now)
    work_at(now)
    assert [each.to for each in mail.sent] == []
    assert "which colour" in outreach.letters[0].text
