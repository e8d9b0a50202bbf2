import re
from collections.abc import Callable
from decimal import Decimal

from flask import Flask

from discount_broker.discount_requests.queries import find_request_by_number, get_request
from discount_broker.discount_requests.rules import Ask, WishKind
from discount_broker.discount_requests.status import Outcome, ReadingStatus, RequestStatus
from discount_broker.discount_requests.use_cases import confirm_request, start_draft, submit_request
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.offers.queries import list_offers
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind, OfferStatus
from discount_broker.offers.use_cases import accept_offer, report_outcome, submit_answer
from discount_broker.outreach.queries import list_outreaches
from discount_broker.outreach.status import OutreachStatus
from tests.fakes import FakeChannel, FakeFetcher, site_of

PRODUCT = """<!doctype html><html lang="ru"><head><title>Bosch</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Product",
"name": "Дрель Bosch GSR 12V-15", "brand": "Bosch", "mpn": "06019F6001",
"offers": {"@type": "Offer", "price": "12990", "priceCurrency": "RUB",
"availability": "https://schema.org/InStock"}}</script></head>
<body><h1>Дрель Bosch GSR 12V-15</h1><p>12 990 ₽</p><button>В корзину</button>
<a href="/contacts">Контакты</a></body></html>"""
CONTACTS = """<html lang="ru"><body><h1>Контакты</h1>
<a href="mailto:sales@tools.ru">sales@tools.ru</a>
<a href="tel:+74951234567">+7 495 123-45-67</a></body></html>"""

Work = Callable[[], list[str]]


def test_from_a_pasted_link_to_a_bought_drill(
    app: Flask, fetcher: FakeFetcher, mail: FakeChannel, work: Work
) -> None:
    fetcher.sites["tools.ru"] = site_of({"/p/1": PRODUCT, "/contacts": CONTACTS})
    now = utcnow()
    request_id = start_draft("смотрите https://tools.ru/p/1?utm_source=vk", "en", now)
    work()
    request = get_request(request_id)
    assert request.reading is ReadingStatus.READ, request.reading_failure
    assert request.product is not None
    assert (request.product.price, request.product.currency) == (Decimal(12990), "RUB")

    ask = Ask(
        wish_kind=WishKind.PERCENT,
        wish_value=Decimal(10),
        email="Anna@Mail.Example",
        phone="+79161234567",
    )
    submit_request(request_id, ask, now)
    work()
    assert [m.to for m in mail.sent] == ["anna@mail.example"]
    assert "http://broker.test/confirm/" in mail.sent[0].text

    confirm_request(request_id, now)
    work()
    to_shop = next(m for m in mail.sent if m.to == "sales@tools.ru")
    assert re.search(r"http://broker.test/o/[a-z0-9]{48}\?answer=percent-10", to_shop.text)
    assert "anna" not in to_shop.text.lower(), "nothing of the buyer goes out without consent"
    assert to_shop.stop_url.startswith("http://broker.test/stop/")

    (outreach,) = list_outreaches(request_id)
    submit_answer(outreach.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(10)), utcnow())
    work()
    assert mail.sent[-1].to == "anna@mail.example"
    (offer,) = list_offers(request_id)
    assert offer.final_price == Decimal("11691.00")

    accept_offer(request_id, offer.id, utcnow())
    work()
    told = next(m for m in mail.sent[-2:] if m.to == "sales@tools.ru")
    assert "anna@mail.example" in told.text
    assert "+79161234567" in told.text.replace(" ", "").replace("-", "")

    report_outcome(request_id, Outcome.BOUGHT, utcnow())
    db.session.expire_all()
    ended = find_request_by_number(request.number)
    assert ended is not None
    assert (ended.status, ended.outcome) == (RequestStatus.CLOSED, Outcome.BOUGHT)
    assert list_offers(request_id)[0].status is OfferStatus.ACCEPTED
    assert list_outreaches(request_id)[0].status is OutreachStatus.ANSWERED
