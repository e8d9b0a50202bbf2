"""Everybody says no: the buyer hears of each, then that it is over; one shop is never asked again."""

from collections.abc import Callable
from decimal import Decimal

from discount_broker.discount_requests.queries import get_request
from discount_broker.discount_requests.rules import Ask, WishKind
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.discount_requests.use_cases import confirm_request, start_draft, submit_request
from discount_broker.discovery.use_cases import load_feed
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.status import OutreachStatus
from tests.fakes import FakeChannel, FakeFetcher, site_of
from workers import jobs

NAME = "Дрель Bosch GSR 12V-15"
PRODUCT = f"""<!doctype html><html lang="ru"><head><title>Bosch</title>
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "Product", "name": "{NAME}",
"brand": "Bosch", "mpn": "06019F6001", "gtin13": "3165140846639",
"offers": {{"@type": "Offer", "price": "12990", "priceCurrency": "RUB"}}}}</script></head>
<body><h1>{NAME}</h1><button>В корзину</button><a href="/contacts">Контакты</a></body></html>"""
FEED = f"""<?xml version="1.0" encoding="windows-1251"?><yml_catalog><shop><name>Соперник</name>
<url>https://rival.ru</url><offers><offer id="1" available="true"><url>https://rival.ru/bosch</url>
<price>12500</price><currencyId>RUR</currencyId><vendor>Bosch</vendor><name>{NAME}</name>
<barcode>3165140846639</barcode></offer></offers></shop></yml_catalog>"""


def contacts(address: str) -> str:
    return f'<html lang="ru"><body><h1>Контакты</h1><a href="mailto:{address}">{address}</a></body></html>'


def test_two_shops_say_no_and_one_of_them_for_good(
    app, fetcher: FakeFetcher, mail: FakeChannel, work: Callable[[], list[str]]
) -> None:
    fetcher.sites["own.ru"] = site_of({"/p/1": PRODUCT, "/contacts": contacts("sales@own.ru")})
    fetcher.sites["rival.ru"] = site_of({"/bosch": PRODUCT, "/contacts": contacts("sales@rival.ru")})
    now = utcnow()
    load_feed(FEED.encode("cp1251"), now)

    def ask() -> list[str]:
        """Go from a link to asked shops; the addresses written to."""
        mail.sent.clear()
        request_id = start_draft("https://own.ru/p/1", "en", now)
        work()
        words = Ask(wish_kind=WishKind.PERCENT, wish_value=Decimal(10), email="anna@mail.example")
        submit_request(request_id, words, now)
        confirm_request(request_id, now)
        work()
        requests.append(request_id)
        return sorted(m.to for m in mail.sent if m.to != "anna@mail.example")

    requests: list = []
    assert ask() == ["sales@own.ru", "sales@rival.ru"]
    own, rival = list_outreaches(requests[0])
    assert (own.is_rival, rival.is_rival, rival.shop.name) == (False, True, "Соперник")

    mail.sent.clear()
    submit_answer(own.id, Answer(kind=AnswerKind.NOT_NOW), utcnow())
    jobs.expire_offers()
    work()
    assert mail.sent == [], "a refusal waits for the letter of the day: another shop is still asked"
    submit_answer(rival.id, Answer(kind=AnswerKind.NEVER, text="We do not bargain."), utcnow())
    jobs.expire_offers()
    work()
    db.session.expire_all()
    request = get_request(requests[0])
    assert (request.status, request.outcome) == (RequestStatus.CLOSED, Outcome.NO_OFFER)
    assert [m.to for m in mail.sent] == ["anna@mail.example"], "that it is over, with all that was tried"

    # The next buyer's request leaves the shop that said never alone.
    assert ask() == ["sales@own.ru"]
    assert [outreach.status for outreach in list_outreaches(requests[1])] == [OutreachStatus.ASKED]
