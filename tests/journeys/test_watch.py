"""A buyer waits, the price falls, a letter comes, and one press asks the shop again."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.watches.models import WatchedPage
from tests.builders import a_product, a_request, a_shop
from tests.fakes import FakeChannel, FakeFetcher, site_of
from tests.use_cases.test_watches import page_at
from tests.web.conftest import Browser
from workers import jobs


def test_a_price_falls_and_the_buyer_asks_again(
    app: Flask, fetcher: FakeFetcher, mail: FakeChannel, work: Callable[[], list[str]]
) -> None:
    now = utcnow()
    app.test_client_class = Browser
    browser = app.test_client()
    assert isinstance(browser, Browser)
    product = a_product(now, a_shop(now, "tools.ru"), url="https://tools.ru/p/1", availability="in_stock")
    ended = a_request(now, RequestStatus.CLOSED, product=product, outcome=Outcome.NO_OFFER)
    begin = f"/watch/request/{issue_token(Purpose.FOLLOW, ended.id, now)}"
    browser.press(begin, kind="below", below="12000")

    fetcher.sites["tools.ru"] = site_of({"/p/1": page_at(11500)})
    page = db.session.query(WatchedPage).one()
    page.due_at = now - timedelta(seconds=1)  # a day has passed
    db.session.commit()
    jobs.reread_watched_pages()
    assert "read_watched_page" in work()

    [letter] = mail.sent
    assert letter.to == ended.buyer.email if ended.buyer else False
    link = re.search(r"/watch/\w+", letter.text)
    assert link is not None
    assert "It has come" in browser.get(link.group()).text
    browser.press(f"{link.group()}/repeat")

    again = db.session.query(DiscountRequest).filter(DiscountRequest.id != ended.id).one()
    assert (again.repeats_id, again.buyer_id) == (ended.id, ended.buyer_id)
    work()
    db.session.expire_all()
    assert again.product is not None
    assert int(again.product.price or 0) == 11500, "the shop is asked by the price of today"
