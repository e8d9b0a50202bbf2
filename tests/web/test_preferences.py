"""The pages on which buyers say how they want to hear of us, and what they agreed to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.accounts.models import Buyer, BuyerCard, Consent, ContactWish
from discount_broker.accounts.queries.consents import agrees_to
from discount_broker.accounts.status import ConsentKind
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import news_of
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.models import Delivery
from discount_broker.notifications.catalogue import AskOutcome, LoginLink
from discount_broker.notifications.models import NewsPreference
from discount_broker.notifications.operations import notify
from discount_broker.notifications.status import NewsKind, NewsWay
from tests.builders import a_buyer, a_request, saved
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]


@pytest.fixture
def buyer(client: Browser, now: datetime) -> Buyer:
    """Somebody who is logged in."""
    known = a_buyer(now, email="anna@mail.example", phone="+7 916 123-45-67")
    log_in(client, known.id)
    return known


def log_in(client: Browser, buyer_id: UUID) -> None:
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"buyer:{buyer_id}", True


def filled(**changed: Any) -> dict[str, Any]:
    return {"language": "en", "zone": "", "begins": "", "ends": "", "birthday": "", **changed}


def chosen(buyer_id: UUID) -> dict[NewsKind, NewsWay]:
    rows = db.session.scalars(select(NewsPreference).where(NewsPreference.buyer_id == buyer_id))
    return {row.kind: row.way for row in rows}


def mailed(buyer: Buyer, now: datetime) -> tuple[DiscountRequest, Delivery]:
    """A request, and the mail that asks what came of it."""
    request = a_request(now, RequestStatus.ACCEPTED, buyer=buyer)
    notify(
        AskOutcome(**news_of(request), shop="Tools"),
        to=buyer.email,
        language="en",
        purpose=f"test:{request.id}",
        now=now,
    )
    db.session.commit()
    return request, db.session.scalars(select(Delivery)).one()


def page_of(delivery: Delivery) -> str:
    return delivery.stop_url.removeprefix("http://broker.test")


def test_a_buyer_chooses_how_each_kind_of_news_comes(client: Browser, buyer: Buyer) -> None:
    assert client.get("/my/preferences").status_code == 200
    answer = client.press("/my/preferences", **filled(way_declined="mail", way_asked="none"))
    assert (answer.status_code, answer.location) == (302, "/my/preferences")
    assert chosen(buyer.id) == {NewsKind.DECLINED: NewsWay.MAIL, NewsKind.ASKED: NewsWay.NONE}


def test_what_is_saved_as_it_was_is_no_choice(client: Browser, buyer: Buyer) -> None:
    client.press("/my/preferences", **filled(way_declined="digest", way_asked="mail"))
    assert chosen(buyer.id) == {}


def test_the_page_says_which_letters_cannot_be_switched_off(client: Browser, buyer: Buyer) -> None:
    page = client.get("/my/preferences").text
    assert "These letters cannot be switched off" in page
    answer = client.press("/my/preferences", **filled(way_accepted="none"))
    assert answer.status_code == 422
    assert "News of this kind cannot come that way" in answer.text
    assert 'href="/my/preferences" aria-current="true"' in answer.text, "still the same place"
    client.press("/my/preferences", **filled(way_needed="none"))
    assert chosen(buyer.id) == {}, "there is no such field"


def test_quiet_hours_zone_language_and_birthday_are_kept(client: Browser, buyer: Buyer) -> None:
    told = filled(
        begins="22:00", ends="07:30", zone="Asia/Yekaterinburg", language="ru", birthday="1980-02-29"
    )
    assert client.press("/my/preferences", **told, wants_more="y", wants_greeting="y").status_code == 302
    card = db.session.get(BuyerCard, buyer.id)
    assert card is not None
    assert (card.zone, card.birthday, card.wants_greeting) == ("Asia/Yekaterinburg", date(1980, 2, 29), True)
    wish = db.session.scalars(select(ContactWish)).one()
    assert (wish.from_minute, wish.until_minute, wish.operator_id) == (22 * 60, 7 * 60 + 30, None)
    assert db.session.get(Buyer, buyer.id).language == "ru"
    page = client.get("/my/preferences").text
    assert 'lang="ru"' in page
    assert 'value="22:00"' in page
    client.press("/my/preferences", **filled())
    assert db.session.scalars(select(ContactWish)).one().ended_at is not None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"begins": "22:00"}, "Please give both times, or leave both empty."),
        ({"begins": "22:00", "ends": "22:00"}, "These hours begin and end at the same time."),
        ({"zone": "Mars/Olympus"}, "There is no such time zone."),
        ({"birthday": "1801-01-01"}, "This birthday cannot be right."),
        ({"birthday": "2999-01-01"}, "This birthday cannot be right."),
        ({"wants_greeting": "y"}, "Please tell us your birthday, or take the tick away."),
        (
            {"wants_greeting": "y", "birthday": "1980-01-01"},
            "A greeting is more than news of your requests",
        ),
        ({"way_asked": "pigeon"}, "News of this kind cannot come that way."),
        ({"way_answered": "text"}, "News of this kind cannot come that way."),
    ],
    ids=[
        "one end",
        "no hours",
        "no zone",
        "too old",
        "not born",
        "no birthday",
        "no consent",
        "no way",
        "no gateway",
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    client: Browser, buyer: Buyer, typed: dict[str, str], sentence: str
) -> None:
    answer = client.press("/my/preferences", **filled(**{"zone": "Europe/Berlin", **typed}))
    assert answer.status_code == 422
    assert sentence in answer.text
    for name, value in typed.items():
        if not name.startswith("way") and value != "y":
            assert f'value="{value}"' in answer.text
    assert chosen(buyer.id) == {}
    card = db.session.get(BuyerCard, buyer.id)
    assert card is None or card.zone == ""


def test_who_chooses_sms_agrees_to_them_in_the_ledger(client: Browser, app: Flask, buyer: Buyer) -> None:
    site = app.extensions["site"]
    app.extensions["site"] = replace(site, sends_texts=True)
    try:
        assert "+79161234567" in client.get("/my/preferences").text
        client.press("/my/preferences", **filled(way_answered="text"))
        client.press("/my/preferences", **filled(way_answered="text", way_promised="text"))
    finally:
        app.extensions["site"] = site
    line = db.session.scalars(select(Consent)).one()
    assert (line.kind, line.is_given, line.subject) == (ConsentKind.TEXTS, True, "preferences")
    assert line.text.startswith("Send me this kind of news by SMS")
    assert chosen(buyer.id)[NewsKind.PROMISED] is NewsWay.TEXT


def agreed(buyer: Buyer, kind: ConsentKind, now: datetime) -> None:
    facts = {"version": f"{kind}:1", "language": "en", "text": "I agree.", "subject": "R-77777"}
    saved(Consent(buyer_id=buyer.id, kind=kind, is_given=True, at=now, **facts))


def test_a_consent_is_taken_back_by_a_new_line_of_the_ledger(
    client: Browser, buyer: Buyer, now: datetime
) -> None:
    agreed(buyer, ConsentKind.DIRECT_CONTACT, now)
    request = a_request(now, RequestStatus.ASKED, buyer=buyer, may_contact_directly=True)
    assert "I agree." in client.get("/my/preferences").text
    client.press("/my/preferences/consents/direct_contact/withdraw")
    given, taken_back = db.session.scalars(select(Consent).order_by(Consent.at)).all()
    assert (given.is_given, taken_back.is_given, taken_back.text) == (True, False, "I agree.")
    assert db.session.get(DiscountRequest, request.id).may_contact_directly is False
    assert client.press("/my/preferences/consents/direct_contact/withdraw").status_code == 404


def test_a_box_left_empty_with_another_request_takes_nothing_back_and_hides_nothing(
    client: Browser, buyer: Buyer, now: datetime
) -> None:
    agreed(buyer, ConsentKind.DIRECT_CONTACT, now)
    request = a_request(now, RequestStatus.ASKED, buyer=buyer, may_contact_directly=True)
    empty = {"is_given": False, "version": "1", "language": "en", "text": "I agree.", "subject": "R-22222"}
    at = now + timedelta(days=1)
    saved(Consent(buyer_id=buyer.id, kind=ConsentKind.DIRECT_CONTACT, at=at, **empty))
    assert client.press("/my/preferences/consents/direct_contact/withdraw").status_code == 302
    assert db.session.get(DiscountRequest, request.id).may_contact_directly is False


def test_more_than_news_of_their_requests_is_agreed_to_and_taken_back_in_the_same_words(
    client: Browser, buyer: Buyer
) -> None:
    page = client.get("/my/preferences").text
    assert "Nothing of your own requests and watches depends on this box." in page
    client.press("/my/preferences", **filled())
    assert db.session.scalars(select(Consent)).all() == [], "an empty box that was empty before says nothing"
    told = filled(wants_more="y", birthday="1980-01-14", wants_greeting="y")
    client.press("/my/preferences", **told)
    client.press("/my/preferences", **told)
    client.press("/my/preferences", **filled(birthday="1980-01-14"))
    given, taken_back = db.session.scalars(select(Consent).order_by(Consent.at)).all()
    assert {given.kind, taken_back.kind} == {ConsentKind.NEWS}
    assert (given.is_given, taken_back.is_given) == (True, False)
    assert (
        (given.version, given.subject)
        == (taken_back.version, taken_back.subject)
        == ("news:2", "preferences")
    )
    assert given.text == taken_back.text
    assert given.text.startswith("Write to me with more than news of my own requests. Off:")
    card = db.session.get(BuyerCard, buyer.id)
    assert card is not None
    assert (card.wants_greeting, card.birthday) == (False, date(1980, 1, 14))


def test_the_ledger_takes_it_back_by_its_own_button_too(client: Browser, buyer: Buyer) -> None:
    client.press("/my/preferences", **filled(wants_more="y", birthday="1980-01-14", wants_greeting="y"))
    client.press("/my/preferences/consents/news/withdraw")
    assert [line.is_given for line in db.session.scalars(select(Consent).order_by(Consent.at))] == [
        True,
        False,
    ]
    assert db.session.get(BuyerCard, buyer.id).wants_greeting is False


def test_the_consent_that_everything_hangs_on_leads_to_deletion(
    client: Browser, buyer: Buyer, now: datetime
) -> None:
    agreed(buyer, ConsentKind.PROCESSING, now)
    assert "/my/data/delete" in client.get("/my/preferences").text
    client.press("/my/preferences/consents/processing/withdraw")
    assert "Without this we can ask no shop for you." in client.get("/my/preferences").text
    assert len(db.session.scalars(select(Consent)).all()) == 1
    assert client.press("/my/preferences/consents/everything/withdraw").status_code == 404


def test_a_mail_program_switches_a_kind_off_without_a_session(
    client: Browser, buyer: Buyer, now: datetime
) -> None:
    _, delivery = mailed(buyer, now)
    stranger = client.application.test_client()
    answer = stranger.post(page_of(delivery), data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.text) == (200, "")
    db.session.expire_all()
    row = db.session.scalars(select(NewsPreference)).one()
    assert (row.kind, row.way, row.changed_by) == (NewsKind.OUTCOME, NewsWay.NONE, "one_click")


def test_looking_at_the_page_of_a_mail_switches_nothing_off(
    client: Browser, buyer: Buyer, now: datetime
) -> None:
    _, delivery = mailed(buyer, now)
    page = client.get(page_of(delivery))
    assert page.status_code == 200
    assert "What came of an offer you took" in page.text
    assert chosen(buyer.id) == {}
    assert client.post(page_of(delivery)).status_code == 400, "a press needs its session"
    client.press(page_of(delivery))
    assert chosen(buyer.id) == {NewsKind.OUTCOME: NewsWay.NONE}
    assert "does not come any more" in client.get(page_of(delivery)).text


def test_all_of_them_leaves_what_must_come(client: Browser, buyer: Buyer, now: datetime) -> None:
    _, delivery = mailed(buyer, now)
    client.press(f"{page_of(delivery)}/all")
    ways = chosen(buyer.id)
    assert ways.pop(NewsKind.ACCEPTED) is NewsWay.MAIL, "by mail, and to no phone any more"
    assert ways == dict.fromkeys(set(NewsKind) - {NewsKind.NEEDED, NewsKind.ACCEPTED}, NewsWay.NONE)


def test_whoever_holds_the_mail_may_choose_and_gets_no_sms_by_it(
    client: Browser, buyer: Buyer, now: datetime
) -> None:
    _, delivery = mailed(buyer, now)
    client.press(f"{page_of(delivery)}/ways", way_outcome="digest")
    assert chosen(buyer.id) == {NewsKind.OUTCOME: NewsWay.DIGEST}
    answer = client.press(f"{page_of(delivery)}/ways", way_answered="text")
    assert answer.status_code == 422
    assert "News of this kind cannot come that way." in answer.text


def test_whoever_holds_the_mail_may_end_the_texts_and_the_ledger_says_so(
    client: Browser, buyer: Buyer, now: datetime
) -> None:
    _, delivery = mailed(buyer, now)
    assert "No more SMS" not in client.get(page_of(delivery)).text, "none come"
    agreed(buyer, ConsentKind.TEXTS, now)
    saved(NewsPreference(buyer_id=buyer.id, kind=NewsKind.ACCEPTED, way=NewsWay.TEXT))
    assert "No more SMS" in client.get(page_of(delivery)).text
    client.press(f"{page_of(delivery)}/texts")
    assert NewsWay.TEXT not in chosen(buyer.id).values()
    line = db.session.scalars(select(Consent).where(Consent.is_given.is_(False))).one()
    assert (line.kind, line.text, line.subject) == (ConsentKind.TEXTS, "I agree.", "mail")
    assert "No more SMS" not in client.get(page_of(delivery)).text


@pytest.mark.parametrize("button", ["more", "all"])
def test_whoever_holds_the_mail_may_end_what_goes_beyond_the_requests_and_cannot_begin_it(
    client: Browser, buyer: Buyer, now: datetime, button: str
) -> None:
    _, delivery = mailed(buyer, now)
    assert "Only news of what I asked for" not in client.get(page_of(delivery)).text
    client.press("/my/preferences", **filled(wants_more="y", birthday="1980-01-14", wants_greeting="y"))
    assert "Only news of what I asked for" in client.get(page_of(delivery)).text
    client.press(f"{page_of(delivery)}/{button}")
    assert not agrees_to(buyer.id, ConsentKind.NEWS)
    assert db.session.get(BuyerCard, buyer.id).wants_greeting is False
    client.press(f"{page_of(delivery)}/{button}")
    client.press(f"{page_of(delivery)}/ways", wants_more="y", way_greeting="mail")
    assert not agrees_to(buyer.id, ConsentKind.NEWS)


def test_the_page_of_a_mail_shows_nothing_of_its_reader_and_says_where_the_rest_is(
    client: Browser, buyer: Buyer, now: datetime
) -> None:
    _, delivery = mailed(buyer, now)
    agreed(buyer, ConsentKind.DIRECT_CONTACT, now)
    client.press("/my/preferences", **filled(begins="22:00", ends="07:30", birthday="1980-01-14"))
    stranger = client.application.test_client()
    page = stranger.get(page_of(delivery)).text
    for secret in (buyer.email, "123-45-67", "22:00", "1980", "I agree.", "Anna"):
        assert secret not in page, secret
    assert "where you log in by a link to your own mailbox" in page
    assert stranger.get("/my/preferences").location == "/login?next=/my/preferences"


def test_the_link_of_a_letter_that_must_come_leads_to_the_choices_as_well(
    client: Browser, buyer: Buyer, now: datetime
) -> None:
    told = LoginLink(login_url="http://broker.test/login/x", valid_minutes=30)
    notify(told, to=buyer.email, language="en", purpose="test:login", now=now)
    db.session.commit()
    delivery = db.session.scalars(select(Delivery)).one()
    assert delivery.stop_url == "", "it cannot be unsubscribed from"
    link = next(line for line in delivery.text.splitlines() if "/n/" in line)
    page = client.get(link.removeprefix("http://broker.test")).text
    assert "must come, so it cannot be switched off" in page
    client.post(link.removeprefix("http://broker.test"), data={"List-Unsubscribe": "One-Click"})
    assert chosen(buyer.id) == {}


def test_the_page_of_a_mail_is_gone_with_its_buyer(
    client: Browser, buyer: Buyer, now: datetime, link: Link
) -> None:
    _, delivery = mailed(buyer, now)
    buyer.erased_at = now
    db.session.commit()
    assert client.get(page_of(delivery)).status_code == 410
    assert client.get(f"/n/{link(Purpose.FOLLOW, delivery.id)}").status_code == 404
