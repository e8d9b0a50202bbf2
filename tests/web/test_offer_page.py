from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from discount_broker.discount_requests.rules import WishKind
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.queries import find_suppression, is_suppressed
from discount_broker.offers.models import Offer
from discount_broker.offers.queries import find_offer_of
from discount_broker.offers.status import AnswerKind
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from tests.builders import a_request, a_shop, an_outreach
from tests.web.conftest import Browser

Link = Callable[[Purpose, UUID], str]


def an_asked(now: datetime, **given: object) -> Outreach:
    shop = a_shop(now, language="en", country=None)
    request = a_request(now, RequestStatus.ASKED, shop=shop, **given)
    due = now + timedelta(days=1)
    return an_outreach(now, request, status=OutreachStatus.ASKED, next_step_at=due)


def offer_of(outreach: Outreach) -> Offer:
    offer = find_offer_of(outreach.id)
    assert offer is not None
    return offer


@pytest.mark.parametrize(
    ("code", "chosen"),
    [
        ("percent-10", "wished"),
        ("percent-5", "percent"),
        ("price-11500", "price"),
        ("free_delivery", "free_delivery"),
        ("call", "call"),
        ("later", "later"),
        ("forward", "forward"),
        ("not_now", "not_now"),
        ("never", "never"),
    ],
)
def test_the_button_in_the_letter_chooses_the_answer_and_sends_nothing(
    client: Browser, link: Link, now: datetime, code: str, chosen: str
) -> None:
    outreach = an_asked(now)
    page = client.get(f"/o/{link(Purpose.OFFER, outreach.id)}?answer={code}").text
    assert f'id="answer-{chosen}" value="{chosen}" checked' in page, "a letter leads to the card by its id"
    assert outreach.status is OutreachStatus.ASKED


def test_a_shop_abroad_is_asked_in_per_cent_and_never_for_roubles_in_euros(
    client: Browser, link: Link, now: datetime
) -> None:
    wish = {"wish_kind": WishKind.PRICE, "wish_value": Decimal("11691")}
    abroad = {"price": Decimal("150"), "currency": "EUR", "next_step_at": now + timedelta(days=1)}
    request = a_request(now, RequestStatus.ASKED, **wish)
    outreach = an_outreach(now, request, a_shop(now, language="en"), status=OutreachStatus.ASKED, **abroad)
    path = f"/o/{link(Purpose.OFFER, outreach.id)}"
    page = client.get(f"{path}?answer=percent-10").text
    assert "with 10% off" in page
    assert "11,691" not in page
    assert 'value="wished" checked' in page
    assert client.press(path, answer="wished", valid_until="").status_code == 302
    assert (offer_of(outreach).percent, offer_of(outreach).final_price) == (10, 135)


def test_a_second_answer_that_differs_is_told_that_the_first_stands(
    client: Browser, link: Link, now: datetime
) -> None:
    path = f"/o/{link(Purpose.OFFER, an_asked(now).id)}"
    answers = [
        client.press(path, answer=chosen, valid_until="") for chosen in ("wished", "wished", "not_now")
    ]
    pages = [client.get(answer.location).text for answer in answers]
    assert ["that answer stands" in page for page in pages] == [False, False, True]
    assert all("The buyer has your offer" in page for page in pages)


def test_who_stopped_one_request_is_not_told_that_all_are_stopped(
    client: Browser, link: Link, now: datetime
) -> None:
    outreach = an_asked(now)
    client.press(f"/stop/{link(Purpose.STOP, outreach.id)}", scope="request")
    page = client.get(f"/o/{link(Purpose.OFFER, outreach.id)}/thanks").text
    assert "no longer write to you about this request" in page
    assert "Nothing further will come" not in page


def test_an_unknown_answer_in_the_link_chooses_nothing(client: Browser, link: Link, now: datetime) -> None:
    path = f"/o/{link(Purpose.OFFER, an_asked(now).id)}"
    assert "checked" not in client.get(f"{path}?answer=everything-100").text
    assert client.get(f"{path}?answer=percent-%22><script>").status_code == 200


def test_the_wish_is_granted_by_one_press_and_a_second_changes_nothing(
    client: Browser, link: Link, now: datetime
) -> None:
    outreach = an_asked(now)
    path = f"/o/{link(Purpose.OFFER, outreach.id)}"
    answer = client.press(path, answer="wished", words="Only this week")
    assert "The buyer has your offer" in client.get(answer.location).text
    offer = offer_of(outreach)
    assert (offer.kind, offer.percent, offer.text) == (AnswerKind.PERCENT, 10, "Only this week")
    again = client.press(path, answer="percent", percent="50")
    assert "10% off" in client.get(again.location).text
    assert offer_of(outreach).percent == 10
    assert client.get(path).location.endswith("/thanks")


@pytest.mark.parametrize(
    ("fields", "kind", "price", "text"),
    [
        ({"answer": "percent", "percent": "7,5 %"}, AnswerKind.PERCENT, "12015.75", ""),
        ({"answer": "price", "price": "11 500 ₽"}, AnswerKind.PRICE, "11500", ""),
        ({"answer": "free_delivery"}, AnswerKind.FREE_DELIVERY, "12990", ""),
        ({"answer": "gift", "gift": "A bag"}, AnswerKind.GIFT, "12990", "A bag"),
        ({"answer": "bonus", "bonus": "500 points", "gift": "x"}, AnswerKind.BONUS, "12990", "500 points"),
        (
            {"answer": "add_item", "add_item": "Two: 10 %", "words": "Ask for Olga"},
            AnswerKind.ADD_ITEM,
            "12990",
            "Two: 10 %\nAsk for Olga",
        ),
        ({"answer": "lowest", "lowest": "Ends today"}, AnswerKind.LOWEST, "12990", "Ends today"),
    ],
)
def test_every_kind_of_offer_arrives_as_it_was_meant(
    client: Browser,
    link: Link,
    now: datetime,
    fields: dict[str, str],
    kind: AnswerKind,
    price: str,
    text: str,
) -> None:
    outreach = an_asked(now)
    assert client.press(f"/o/{link(Purpose.OFFER, outreach.id)}", **fields).status_code == 302
    offer = offer_of(outreach)
    assert (offer.kind, offer.final_price, offer.text) == (kind, Decimal(price), text)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "choose one of the answers"),
        ({"answer": "rubbish"}, "Not a valid choice"),
        ({"answer": "percent", "percent": "lots"}, "between 1 and 90"),
        ({"answer": "percent", "percent": "95"}, "between 1 and 90"),
        ({"answer": "price", "price": ""}, "name a price"),
        ({"answer": "price", "price": "20000"}, "not below the price"),
        ({"answer": "gift", "words": ""}, "describe it"),
        ({"answer": "call"}, "by which day"),
        ({"answer": "call", "call_day": "2020-01-01"}, "This time has passed"),
        ({"answer": "wished", "valid_until": "2020-01-01"}, "This day has passed"),
        ({"answer": "wished", "valid_until": "2099-01-01"}, "ninety days"),
    ],
)
def test_a_mistake_is_explained_and_the_rest_is_kept(
    client: Browser, link: Link, now: datetime, fields: dict[str, str], sentence: str
) -> None:
    outreach = an_asked(now)
    path = f"/o/{link(Purpose.OFFER, outreach.id)}"
    answer = client.press(path, **{"words": "Ask for Olga", **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fields.get("words", "Ask for Olga") in answer.text
    assert outreach.status is OutreachStatus.ASKED


def test_a_promised_call_is_kept_in_the_zone_of_whoever_typed_it(
    client: Browser, link: Link, now: datetime
) -> None:
    outreach = an_asked(now)
    client.set_cookie("zone", "Asia/Yekaterinburg")
    tomorrow = (now + timedelta(days=1)).date()
    path = f"/o/{link(Purpose.OFFER, outreach.id)}"
    answer = client.press(path, answer="call", call_day=tomorrow.isoformat(), call_time="15:00")
    assert "We expect your call" in client.get(answer.location).text
    entry = next(e for e in outreach.discount_request.timeline if e.event == "shop_will_call")
    assert entry.facts["call_by"] == f"{tomorrow}T10:00:00+00:00"


def test_who_promised_a_call_reads_whom_to_call_and_by_when(
    client: Browser, link: Link, now: datetime
) -> None:
    tomorrow = (now + timedelta(days=1)).date().isoformat()
    call = {"answer": "call", "call_day": tomorrow, "call_time": "15:00"}
    shy, open_to_calls = an_asked(now), an_asked(now, phone="+7 912 345-67-89", may_contact_directly=True)
    pages = []
    for outreach in (shy, open_to_calls):
        path = f"/o/{link(Purpose.OFFER, outreach.id)}"
        pages.append(client.get(client.press(path, **call).location).text)
        assert "tomorrow at 15:00" in pages[-1]
        assert "You promised to call, <time" in client.get(path).text
    assert "reply to our letter with your number" in pages[0]
    assert 'href="tel:+7 912 345-67-89"' in pages[1]


def test_a_plain_no_is_thanked_for(client: Browser, link: Link, now: datetime) -> None:
    outreach = an_asked(now)
    answer = client.press(f"/o/{link(Purpose.OFFER, outreach.id)}", answer="not_now")
    assert "no discount this time" in client.get(answer.location).text
    assert outreach.status is OutreachStatus.DECLINED


def test_never_again_stops_the_whole_shop(client: Browser, link: Link, now: datetime) -> None:
    outreach = an_asked(now)
    answer = client.press(f"/o/{link(Purpose.OFFER, outreach.id)}", answer="never")
    assert "do not write to you any more" in client.get(answer.location).text
    assert is_suppressed([f"shop:{outreach.shop.domain}"])


def test_a_withdrawn_request_is_told_kindly(client: Browser, link: Link, now: datetime) -> None:
    outreach = an_asked(now)
    request = outreach.discount_request
    request.status, request.closed_at = RequestStatus.CLOSED, now
    db.session.commit()
    path = f"/o/{link(Purpose.OFFER, outreach.id)}"
    assert "This request is over" in client.get(path, follow_redirects=True).text
    assert client.press(path, answer="wished").location.endswith("/thanks")
    assert find_offer_of(outreach.id) is None


def test_the_buyer_stays_unknown_unless_they_allowed_it(client: Browser, link: Link, now: datetime) -> None:
    hidden = an_asked(now, phone="+79161234567")
    shown = an_asked(now, phone="+79161234567", may_contact_directly=True)
    assert hidden.discount_request.buyer is not None
    page = client.get(f"/o/{link(Purpose.OFFER, hidden.id)}").text
    assert "+79161234567" not in page
    assert hidden.discount_request.buyer.email not in page
    assert "+79161234567" in client.get(f"/o/{link(Purpose.OFFER, shown.id)}").text


def test_the_page_speaks_the_language_of_the_shop(client: Browser, link: Link, now: datetime) -> None:
    outreach = an_asked(now)
    outreach.shop.language = "ru"
    db.session.commit()
    path = f"/o/{link(Purpose.OFFER, outreach.id)}"
    assert '<html lang="ru">' in client.get(path).text


def test_looking_at_the_stop_page_stops_nothing(client: Browser, link: Link, now: datetime) -> None:
    outreach = an_asked(now)
    assert client.get(f"/stop/{link(Purpose.STOP, outreach.id)}").status_code == 200
    assert not is_suppressed([f"shop:{outreach.shop.domain}"])


def test_one_request_is_stopped_alone(client: Browser, link: Link, now: datetime) -> None:
    outreach = an_asked(now)
    answer = client.press(f"/stop/{link(Purpose.STOP, outreach.id)}", scope="request")
    assert "No further letter comes about" in answer.text
    assert outreach.status is OutreachStatus.STOPPED
    assert not is_suppressed([f"shop:{outreach.shop.domain}"])


def test_a_shop_is_stopped_for_good(client: Browser, link: Link, now: datetime) -> None:
    outreach = an_asked(now)
    path = f"/stop/{link(Purpose.STOP, outreach.id)}"
    assert "stop list" in client.press(path, scope="shop").text
    assert client.press(path, scope="shop").status_code == 200
    assert is_suppressed([f"shop:{outreach.shop.domain}"])


def test_a_pause_ends_by_itself(client: Browser, link: Link, now: datetime) -> None:
    outreach = an_asked(now)
    path = f"/stop/{link(Purpose.STOP, outreach.id)}"
    assert "No letter will come" in client.press(path, scope="pause").text
    assert is_suppressed([f"shop:{outreach.shop.domain}"])
    stop = find_suppression(f"shop:{outreach.shop.domain}")
    assert stop is not None
    assert stop.until is not None
    assert not is_suppressed([f"shop:{outreach.shop.domain}"], stop.until)
    assert stop.until - stop.created_at == timedelta(days=30)


def test_a_mail_program_stops_us_by_one_click_without_a_session(
    client: Browser, link: Link, now: datetime
) -> None:
    outreach = an_asked(now)
    path = f"/stop/{link(Purpose.STOP, outreach.id)}"
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "", "text/plain")
    assert is_suppressed([f"shop:{outreach.shop.domain}"])
    assert "is on our stop list" in client.get(path).text


def test_any_other_press_on_the_stop_page_needs_the_session(
    client: Browser, link: Link, now: datetime
) -> None:
    outreach = an_asked(now)
    assert client.post(f"/stop/{link(Purpose.STOP, outreach.id)}", data={"scope": "shop"}).status_code == 400
    assert not is_suppressed([f"shop:{outreach.shop.domain}"])


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_call_at_the_end_of_the_calendar_is_asked_for_again(
    client: Browser, link: Link, now: datetime, day: str
) -> None:
    path = f"/o/{link(Purpose.OFFER, an_asked(now).id)}"
    for zone in ("Asia/Tokyo", "America/New_York"):
        client.set_cookie("zone", zone, domain="localhost")
        for clock in ("00:00", "23:59"):
            answer = client.press(path, answer="call", call_day=day, call_time=clock)
            assert answer.status_code == 422


def test_what_the_buyer_said_about_reaching_them_goes_with_their_consent(
    client: Browser, link: Link, now: datetime
) -> None:
    said = "ring +7 912 345-67-89 after six"
    silent = an_asked(now, best_time=said)
    assert said not in client.get(f"/o/{link(Purpose.OFFER, silent.id)}").text
    willing = an_asked(now, best_time=said, may_contact_directly=True)
    assert said in client.get(f"/o/{link(Purpose.OFFER, willing.id)}").text
