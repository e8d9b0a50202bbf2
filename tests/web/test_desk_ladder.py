"""The ladder on the page of an outreach: what was tried and why, and what comes."""

from datetime import datetime

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.db import db
from discount_broker.messaging.operations import suppress
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.use_cases import ask_shop
from tests.builders import a_request, a_shop, an_outreach
from tests.web.conftest import Browser
from tests.web.test_desk_shops import logged_in, text_of


@pytest.fixture
def desk(client: Browser, now: datetime) -> Browser:
    return logged_in(client, now)


def asked(now: datetime) -> Outreach:
    shop = a_shop(now, "tools.ru", emails=("a@tools.ru",), forms=("https://tools.ru/form",))
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    ask_shop(shop.id, now)
    db.session.expire_all()
    return outreach


def ladder_on(page: str) -> str:
    return page.partition('id="ladder"')[2].partition("</section>")[0]


def test_what_was_tried_stands_before_what_comes_and_people_at_the_end(desk: Browser, now: datetime) -> None:
    outreach = asked(now)
    shown = ladder_on(text_of(desk, f"/desk/outreach/{outreach.id}"))
    places = [shown.index(words) for words in ("a@tools.ru", "https://tools.ru/form", "Our people")]
    assert places == sorted(places)
    assert "the best door left" in shown
    assert "a reminder where the request arrived" in shown


def test_a_shop_that_forbids_it_has_no_steps_to_come(desk: Browser, now: datetime) -> None:
    outreach = asked(now)
    suppress("shop:tools.ru", reason="never", cause="", now=now)
    db.session.commit()
    shown = ladder_on(text_of(desk, f"/desk/outreach/{outreach.id}"))
    assert "a@tools.ru" in shown
    assert "Our people" not in shown
