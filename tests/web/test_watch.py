"""The pages of a watch: begun, confirmed, stopped, renewed, repeated, and refused in clear words."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from uuid import UUID

import pytest
from flask import Flask

from discount_broker.accounts.models import Consent
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import Outcome, ReadingStatus, RequestStatus
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.models import Delivery
from discount_broker.watches.models import PriceReading, Watch
from discount_broker.watches.status import WatchStatus
from discount_broker.web.watch_history import SHOWN_SPANS
from tests.architecture.test_access import log_in
from tests.builders import a_buyer, a_product, a_request, a_shop
from tests.web.conftest import Browser

pytestmark = pytest.mark.usefixtures("app")
Link = Callable[[Purpose, UUID], str]


@pytest.fixture
def ended(now: datetime) -> DiscountRequest:
    product = a_product(now, a_shop(now, "tools.ru"), url="https://tools.ru/p/1", availability="in_stock")
    return a_request(now, RequestStatus.CLOSED, product=product, outcome=Outcome.NO_OFFER)


@pytest.fixture
def watch_page(client: Browser, ended: DiscountRequest, link: Link) -> str:
    """The page of a watch that its buyer began."""
    answer = client.press(f"/watch/request/{link(Purpose.FOLLOW, ended.id)}", kind="below", below="12 000")
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def the_watch() -> Watch:
    return db.session.query(Watch).one()


def test_a_watch_waits_in_the_money_of_its_page(client: Browser, link: Link, now: datetime) -> None:
    request = a_request(now, RequestStatus.ASKED, confirmed_at=now)
    path = f"/watch/request/{link(Purpose.FOLLOW, request.id)}"
    answer = client.press(path, kind="below", below="100 €")
    assert answer.status_code == 422
    assert "asks in another currency" in answer.text


def test_the_holder_of_a_request_begins_without_a_letter(client: Browser, watch_page: str) -> None:
    page = client.get(watch_page).text
    assert "RUB\xa012,000" in page or "12,000" in page
    assert the_watch().confirmed_at is not None
    assert db.session.query(Delivery).count() == 0


def test_a_visitor_is_asked_for_an_address_and_confirms_by_the_letter(
    client: Browser, link: Link, now: datetime
) -> None:
    product = a_product(now, a_shop(now, "tools.ru"), availability="out_of_stock")
    draft = a_request(now, RequestStatus.DRAFT, product=product)
    path = f"/watch/product/{link(Purpose.DRAFT, draft.id)}"
    page = client.get(path).text
    assert 'name="email"' in page
    assert 'value="back" checked' in page or 'checked id="kind-1"' in page

    answer = client.press(path, kind="back", email="eve@mail.example")
    assert answer.location == "/watch/sent"
    assert "Look into your mailbox" in client.get("/watch/sent").text

    mine = f"/watch/{link(Purpose.WATCH, the_watch().id)}"
    assert "Shall we tell you?" in client.get(mine).text
    assert the_watch().confirmed_at is None, "looking is not pressing"
    client.press(f"{mine}/confirm")
    assert the_watch().confirmed_at is not None
    assert "We look once a day" in client.get(mine).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "below", "below": ""}, "Please name the price"),
        ({"kind": "below", "below": "-5"}, "above zero"),
        ({"kind": "below", "below": "99 999"}, "no more than that already"),
        ({"kind": "below", "below": "a lot"}, "Please name the price"),
        ({"kind": "back"}, "in stock already"),
        ({}, "Please name the price"),
    ],
    ids=["no price", "negative", "too dear", "words", "in stock", "nothing"],
)
def test_what_cannot_be_waited_for_is_refused_and_what_was_typed_is_kept(
    client: Browser, ended: DiscountRequest, link: Link, typed: dict[str, str], said: str
) -> None:
    answer = client.press(f"/watch/request/{link(Purpose.FOLLOW, ended.id)}", **typed)
    assert answer.status_code == 422
    assert said in answer.text
    if typed.get("below"):
        assert f'value="{typed["below"]}"' in answer.text
    assert db.session.query(Watch).count() == 0


@pytest.mark.parametrize("email", ["", "nonsense"])
def test_an_address_that_cannot_be_is_refused(client: Browser, link: Link, now: datetime, email: str) -> None:
    draft = a_request(now, RequestStatus.DRAFT, product=a_product(now, a_shop(now)))
    answer = client.press(
        f"/watch/product/{link(Purpose.DRAFT, draft.id)}", kind="below", below="100", email=email
    )
    assert answer.status_code == 422
    assert "e-mail address" in answer.text
    assert db.session.query(Watch).count() == 0


def test_a_product_that_was_not_read_is_not_watched(client: Browser, link: Link, now: datetime) -> None:
    draft = a_request(now, RequestStatus.DRAFT, reading=ReadingStatus.FAILED, reading_failure="robots")
    draft.product = None
    db.session.commit()
    path = f"/watch/product/{link(Purpose.DRAFT, draft.id)}"
    assert "could not read the page" in client.get(path).text
    answer = client.press(path, kind="below", below="5", email="eve@mail.example")
    assert answer.status_code == 422


def test_one_press_stops_and_another_goes_on(client: Browser, watch_page: str) -> None:
    client.press(f"{watch_page}/stop")
    assert the_watch().status is WatchStatus.ENDED
    assert "You stopped it." in client.get(watch_page).text
    client.press(f"{watch_page}/renew")
    assert the_watch().status is WatchStatus.WATCHING


def test_a_watch_of_what_has_come_is_not_gone_on_with(
    client: Browser, watch_page: str, now: datetime
) -> None:
    watch = the_watch()
    client.press(f"{watch_page}/stop")
    later = PriceReading(
        watched_page_id=watch.watched_page_id, at=now + timedelta(days=1), price=Decimal(100), currency="RUB"
    )
    db.session.add(later)
    db.session.commit()
    answer = client.press(f"{watch_page}/renew")
    assert answer.status_code == 422
    assert "no more than that already" in answer.text


def test_one_press_asks_the_shop_anew(client: Browser, watch_page: str, ended: DiscountRequest) -> None:
    answer = client.press(f"{watch_page}/repeat")
    assert answer.status_code == 302
    again = db.session.query(DiscountRequest).filter(DiscountRequest.id != ended.id).one()
    assert (again.status, again.repeats_id) == (RequestStatus.CONFIRMED, ended.id)
    assert client.get(answer.location).status_code == 200
    assert [consent.subject for consent in db.session.query(Consent)] == [again.number]


def test_a_wish_the_price_has_fallen_below_is_not_asked_again(
    client: Browser, watch_page: str, ended: DiscountRequest, now: datetime
) -> None:
    ended.wish_kind, ended.wish_value = "price", Decimal(12500)  # type: ignore[assignment] # read back as its kind
    db.session.add(
        PriceReading(
            watched_page_id=the_watch().watched_page_id,
            at=now + timedelta(days=1),
            price=Decimal(12400),
            currency="RUB",
        )
    )
    db.session.commit()
    answer = client.press(f"{watch_page}/repeat")
    assert answer.status_code == 422
    assert "not below the price on the page" in answer.text


def test_the_history_is_a_picture_and_a_table(client: Browser, watch_page: str, now: datetime) -> None:
    assert client.get(f"{watch_page}/prices/wide.svg").status_code == 404, "one reading is no picture"
    for days, price, failure in ((1, 15000, ""), (2, None, "too_slow"), (3, 13000, "")):
        db.session.add(
            PriceReading(
                watched_page_id=the_watch().watched_page_id,
                at=now + timedelta(days=days),
                price=price,
                currency="RUB" if price else None,
                failure=failure,
            )
        )
    db.session.commit()
    page = client.get(watch_page).text
    assert "15,000" in page
    assert "The shop took too long to answer." in page
    assert "Made dearer before it was made cheaper" in page
    words = " ".join(unescape(page).replace("\N{NO-BREAK SPACE}", " ").split())
    assert "it cost RUB 12,990, then RUB 15,000, and now RUB 13,000" in words
    assert "It looks like RUB 2,000 off, and is no cheaper than before." in words
    for width in ("wide", "narrow"):
        assert client.get(f"{watch_page}/prices/{width}.svg").mimetype == "image/svg+xml"
    assert client.get(f"{watch_page}/prices/huge.svg").status_code == 404


def test_days_on_which_the_page_said_the_same_are_one_line_and_old_ones_unfold(
    client: Browser, watch_page: str, now: datetime
) -> None:
    page_id = the_watch().watched_page_id
    prices = [13000, 13000, 13000, *range(13100, 14300, 100)]
    for days, price in enumerate(prices, 1):
        at = now + timedelta(days=days)
        db.session.add(PriceReading(watched_page_id=page_id, at=at, price=price, currency="RUB"))
    db.session.commit()
    page = client.get(watch_page).text
    assert len(re.findall(r'<th scope="row">[^<]+ to [^<]+</th>', page)) == 1
    shown, _, folded = page.partition("<details")
    assert shown.count('<th scope="row">') == SHOWN_SPANS
    assert folded.count('<th scope="row">') == 14 - SHOWN_SPANS


def test_a_day_without_a_price_is_a_gap_in_the_picture(
    client: Browser, watch_page: str, now: datetime
) -> None:
    page_id = the_watch().watched_page_id
    for days in (1, 2, 6, 7):
        at = now + timedelta(days=days)
        db.session.add(PriceReading(watched_page_id=page_id, at=at, price=12000 + days, currency="RUB"))
    db.session.commit()
    drawn = client.get(f"{watch_page}/prices/wide.svg").text
    assert "Your price" in drawn
    assert "Before it was made dearer" not in drawn
    assert drawn.count('class="line reactive nofill"') == 3, "two stretches, and the level of the wish"


def test_readings_of_one_day_are_told_apart_by_the_hour(
    client: Browser, watch_page: str, now: datetime
) -> None:
    """In a demonstration days last seconds."""
    page_id = the_watch().watched_page_id
    first = db.session.query(PriceReading).one()
    first.at = now.replace(hour=9, minute=15)
    for hour in (10, 11):
        at = now.replace(hour=hour, minute=15)
        db.session.add(PriceReading(watched_page_id=page_id, at=at, price=12000 + hour, currency="RUB"))
    db.session.commit()
    drawn = client.get(f"{watch_page}/prices/wide.svg").text
    assert "09:15" in drawn
    assert "11:15" in drawn


def test_titles_of_strangers_are_shown_as_words(client: Browser, link: Link, now: datetime) -> None:
    product = a_product(now, a_shop(now), title="<script>alert(1)</script>", availability="in_stock")
    request = a_request(now, RequestStatus.CLOSED, product=product)
    answer = client.press(f"/watch/request/{link(Purpose.FOLLOW, request.id)}", kind="below", below="100")
    assert "<script>alert(1)" not in client.get(answer.location).text


def test_my_requests_show_what_i_wait_for(
    client: Browser, watch_page: str, ended: DiscountRequest, now: datetime
) -> None:
    assert ended.buyer_id is not None
    watch = the_watch()
    at = now + timedelta(days=1)
    db.session.add(PriceReading(watched_page_id=watch.watched_page_id, at=at, failure="http_503"))
    db.session.commit()
    log_in(client, "buyer", ended.buyer_id)
    page = client.get("/requests").text
    assert "What you wait for" in page
    assert "12,000.00 or less" in page or "12,000 or less" in page
    assert "we look once a day" in page
    link = re.search(r'href="(/watch/[^"]+)"', page)
    assert link is not None
    assert client.get(link.group(1)).status_code == 200

    db.session.add(
        PriceReading(
            watched_page_id=watch.watched_page_id,
            at=at + timedelta(days=1),
            price=Decimal(11900),
            currency="RUB",
            availability="in_stock",
        )
    )
    watch.status, watch.ended_at, watch.ended_why = WatchStatus.ENDED, now, "stopped"
    db.session.commit()
    page = client.get("/requests").text
    assert "11,900" in page
    assert "You stopped it." in page


def test_nobody_sees_what_others_wait_for_or_what_was_never_confirmed(
    client: Browser, watch_page: str, ended: DiscountRequest, now: datetime
) -> None:
    log_in(client, "buyer", a_buyer(now, email="other@mail.example").id)
    assert "What you wait for" not in client.get("/requests").text
    the_watch().confirmed_at = None
    db.session.commit()
    assert ended.buyer_id is not None
    log_in(client, "buyer", ended.buyer_id)
    assert "What you wait for" not in client.get("/requests").text


def test_a_wrong_link_opens_nothing(client: Browser, app: Flask) -> None:
    for path in ("/watch/x", "/watch/request/x", "/watch/product/x"):
        assert client.get(path).status_code == 404


def test_who_is_signed_in_waits_for_nobody_elses_letters(client: Browser, link: Link, now: datetime) -> None:
    product = a_product(now, a_shop(now, "tools.ru"))
    answers = []
    for n in range(12):
        buyer = a_buyer(now)
        draft = a_request(now, RequestStatus.DRAFT, product=product)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = f"buyer:{buyer.id}", True
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{n}"
        path = f"/watch/product/{link(Purpose.DRAFT, draft.id)}"
        answers.append(client.press(path, kind="below", below="100").status_code)
    assert answers == [302] * 12


def test_the_link_of_an_unconfirmed_request_fills_nobodys_mailbox(
    client: Browser, link: Link, now: datetime
) -> None:
    product = a_product(now, a_shop(now, "tools.ru"))
    answers = []
    for n in range(12):
        asked = a_request(now, RequestStatus.UNCONFIRMED, product=product)
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{n}"
        typed = {"kind": "below", "below": "100", "email": "unasked@mail.example"}
        path = f"/watch/request/{link(Purpose.FOLLOW, asked.id)}"
        answers.append(client.press(path, **typed).status_code)
    assert answers == [302] * 10 + [429] * 2
