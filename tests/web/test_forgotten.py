"""Links in old mails of a buyer who was forgotten show nothing, and do nothing."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from discount_broker.accounts.models import Buyer
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import Promise
from discount_broker.escalation.status import PromiseKind
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import Forgotten
from discount_broker.kernel.tokens import Purpose
from discount_broker.notifications.models import NewsItem, NewsPreference
from discount_broker.offers.use_cases import ask_again, erase_leaving
from discount_broker.outreach.status import OutreachStatus
from discount_broker.watches.models import Watch, WatchedPage
from discount_broker.watches.queries import list_watching
from discount_broker.watches.status import WatchKind
from discount_broker.web.forgotten import BUYERS
from tests.builders import a_buyer, a_request, a_shop, an_outreach, saved
from tests.web.conftest import Browser
from tests.web.test_preferences import mailed, page_of

pytestmark = pytest.mark.usefixtures("app")
Link = Callable[[Purpose, UUID], str]
DAY = timedelta(days=1)
OTHERS = {"width": "wide", "offer_id": UUID(int=1), "outreach_id": UUID(int=1), "listing_id": UUID(int=1)}
"""What stands in addresses beside the token."""


@pytest.fixture
def buyer(now: datetime) -> Buyer:
    return a_buyer(now, email="anna@mail.example", language="en")


@pytest.fixture
def theirs(buyer: Buyer, now: datetime) -> dict[Purpose, UUID]:
    """Something of theirs behind a link of each purpose."""
    shop = a_shop(now)
    request = a_request(now, RequestStatus.ASKED, buyer=buyer, shop=shop, note="My late father's drill")
    outreach = an_outreach(now, request, shop, status=OutreachStatus.ASKED, asked_at=now, next_step_at=now)
    promise = Promise(outreach_id=outreach.id, kind=PromiseKind.CALL_BUYER, due_at=now, made_at=now)
    page = WatchedPage(url="https://shop.example/p/1", shop_id=shop.id, title="A watched lamp")
    saved(page)
    watch = Watch(
        buyer_id=buyer.id,
        watched_page_id=page.id,
        kind=WatchKind.BACK,
        language="en",
        confirmed_at=now,
        expires_at=now + 30 * DAY,
    )
    for row in (promise, watch):
        saved(row)
    unsigned = a_request(now, RequestStatus.UNCONFIRMED, buyer=buyer, shop=shop)
    return {
        Purpose.FOLLOW: request.id,
        Purpose.CONFIRM: unsigned.id,
        Purpose.DRAFT: unsigned.id,
        Purpose.PROMISE: promise.id,
        Purpose.WATCH: watch.id,
    }


def forget(buyer: Buyer, now: datetime) -> None:
    buyer.deletion_due_at = now
    db.session.commit()
    erase_leaving(now)


def pages(app: Flask, purpose: Purpose) -> Iterator[tuple[Rule, str]]:
    """Every route behind a link of this purpose, by each of its methods."""
    for rule in app.url_map.iter_rules():
        view: Any = app.view_functions[rule.endpoint]
        if getattr(view, "__access__", "") == f"token:{purpose}":
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method


@pytest.mark.parametrize("purpose", BUYERS)
def test_no_page_behind_an_old_link_shows_or_does_anything(
    app: Flask,
    client: Browser,
    buyer: Buyer,
    theirs: dict[Purpose, UUID],
    link: Link,
    now: datetime,
    purpose: Purpose,
) -> None:
    token = link(purpose, theirs[purpose])
    forget(buyer, now)
    before = db.session.scalar(select(func.count(DiscountRequest.id)))
    found = list(pages(app, purpose))
    assert found
    for rule, method in found:
        named = {name: OTHERS[name] for name in rule.arguments - {"token"}}
        with app.test_request_context():
            path = app.url_for(rule.endpoint, token=token, **named)
        answer = client.get(path) if method == "GET" else client.press(path)
        assert answer.status_code == 410, rule
        assert "all their details deleted" in answer.text, rule
        assert "watched lamp" not in answer.text
    assert db.session.scalar(select(func.count(DiscountRequest.id))) == before


def test_every_purpose_of_a_buyers_link_is_looked_at(app: Flask) -> None:
    of_buyers = {"draft", "confirm", "follow", "promise", "watch", "login", "keep", "news"}
    of_others = {
        "offer", "stop", "waiting", "check", "check_report", "check_stop", "shop_claim", "shop_invite", "sms",
        "staff_password",
    }  # fmt: skip
    views: list[Any] = list(app.view_functions.values())
    rules = {getattr(view, "__access__", "") for view in views}
    used = {rule.removeprefix("token:") for rule in rules if rule.startswith("token:")}
    assert used <= of_buyers | of_others, "is it a buyer's page? then say in web/forgotten.py whose"
    assert {str(purpose) for purpose in BUYERS} == of_buyers - {"login", "keep", "news"}, (
        "those look themselves"
    )


def test_asking_again_is_refused_to_whoever_finds_the_way(
    buyer: Buyer, theirs: dict[Purpose, UUID], now: datetime
) -> None:
    forget(buyer, now)
    with pytest.raises(Forgotten):
        ask_again(theirs[Purpose.FOLLOW], now)


def test_the_links_of_mails_say_so_kindly_and_a_mail_programs_button_is_content(
    client: Browser, buyer: Buyer, now: datetime, link: Link
) -> None:
    _, delivery = mailed(buyer, now)
    path = page_of(delivery)
    forget(buyer, now)
    tokens = (f"/my/keep/{link(Purpose.KEEP, buyer.id)}", f"/login/{link(Purpose.LOGIN, buyer.id)}")
    assert db.session.scalars(select(NewsItem)).one().delivery_id == delivery.id
    for answer in (client.get(path), client.press(path), client.press(f"{path}/all"), client.get(tokens[0])):
        assert (answer.status_code, "all their details deleted" in answer.text) == (410, True)
    for token in tokens:
        assert client.press(token).status_code == 410
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert db.session.scalars(select(NewsPreference)).all() == []


def test_who_is_leaving_can_look_come_back_and_ask_anew(
    client: Browser, buyer: Buyer, theirs: dict[Purpose, UUID], now: datetime, link: Link
) -> None:
    buyer.deletion_due_at = now + 10 * DAY
    db.session.commit()
    follow = f"/requests/{link(Purpose.FOLLOW, theirs[Purpose.FOLLOW])}"
    assert client.get(follow).status_code == 200
    assert client.press(f"{follow}/again").status_code == 302
    confirm = f"/confirm/{link(Purpose.CONFIRM, theirs[Purpose.CONFIRM])}"
    answer = client.press(confirm)
    assert answer.status_code == 302
    assert "Everything we hold on you will be deleted on" in client.get(answer.location).text


def test_what_they_watch_rests_while_somebody_is_leaving(
    buyer: Buyer, theirs: dict[Purpose, UUID], now: datetime
) -> None:
    watch = db.session.get(Watch, theirs[Purpose.WATCH])
    assert watch is not None
    assert list_watching(watch.watched_page_id) == [watch]
    buyer.deletion_due_at = now + 10 * DAY
    db.session.commit()
    assert list_watching(watch.watched_page_id) == []
    buyer.deletion_due_at = None
    db.session.commit()
    assert list_watching(watch.watched_page_id) == [watch]
