"""Loading the products of known shops from their feeds."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from discount_broker.discovery.extract.feeds.reading import FeedError
from discount_broker.discovery.models import Listing
from discount_broker.discovery.use_cases import load_feed
from discount_broker.kernel.db import db
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")
YML = """<?xml version="1.0" encoding="{charset}"?><yml_catalog date="2030-01-14 09:00"><shop>
<name>Инструменты</name><url>https://tools.ru</url><offers>{offers}</offers></shop></yml_catalog>"""
OFFER = """<offer id="{n}" available="true"><url>https://tools.ru/p/{n}?utm_source=market</url><price>{price}</price>
<currencyId>RUR</currencyId><vendor>Bosch</vendor><name>Дрель Bosch GSR 12V-15 №{n}</name></offer>"""
GOOGLE = """<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel>
<title>Tools</title><link>https://tools.de</link><item><g:id>1</g:id><g:title>Bosch GSR 12V-15</g:title>
<g:link>https://tools.de/p/1</g:link><g:price>129.90 EUR</g:price><g:availability>in_stock</g:availability>
<g:gtin>3165140846639</g:gtin></item></channel></rss>"""


def yml(*prices: int, charset: str = "utf-8") -> bytes:
    offers = "".join(OFFER.format(n=n, price=price) for n, price in enumerate(prices, 1))
    return YML.format(charset=charset, offers=offers).encode(charset)


def listings() -> dict[str, Listing]:
    db.session.expire_all()
    return {listing.url: listing for listing in db.session.scalars(select(Listing))}


def test_a_feed_in_windows_1251_fills_the_catalogue(now: datetime) -> None:
    report = load_feed(yml(12990, 9990, charset="windows-1251"), now)
    assert (report.shop, report.added, report.updated, report.skipped) == ("Инструменты", 2, 0, 0)
    listing = listings()["https://tools.ru/p/1"]
    assert (listing.price, listing.currency, listing.brand) == (Decimal(12990), "RUB", "Bosch")
    assert listing.title == "Дрель Bosch GSR 12V-15 №1"
    assert listing.shop.name == "Инструменты"


def test_a_google_feed_fills_it_too(now: datetime) -> None:
    assert load_feed(GOOGLE.encode(), now).added == 1
    listing = listings()["https://tools.de/p/1"]
    assert (listing.price, listing.currency, listing.gtin) == (Decimal("129.90"), "EUR", "3165140846639")


def test_the_second_load_updates_adds_and_withdraws(now: datetime) -> None:
    load_feed(yml(100, 200, 300), now)
    report = load_feed(yml(90, 200), now + timedelta(days=1))
    assert (report.added, report.updated) == (0, 2)
    found = listings()
    assert found["https://tools.ru/p/1"].price == 90
    assert [found[f"https://tools.ru/p/{n}"].is_available for n in (1, 2, 3)] == [True, True, False]


@pytest.mark.parametrize(
    "content", [b"", b"<html></html>", b"<yml_catalog><shop><offers>", b"\x1f\x8b broken", yml()]
)
def test_a_broken_or_empty_feed_changes_nothing(content: bytes, now: datetime) -> None:
    load_feed(yml(100), now)
    with pytest.raises(FeedError):
        load_feed(content, now + timedelta(days=1))
    assert listings()["https://tools.ru/p/1"].is_available


def test_a_feed_that_breaks_off_withdraws_nothing(now: datetime) -> None:
    load_feed(yml(100, 200), now)
    with pytest.raises(FeedError):
        load_feed(yml(90, 190)[:-120], now + timedelta(days=1))
    assert listings()["https://tools.ru/p/2"].is_available


def test_one_feed_loaded_by_two_at_once_is_loaded_once(app: Flask, now: datetime) -> None:
    reports = race(app, *[lambda: load_feed(yml(100, 200, 300), now)] * 3)
    assert sorted(report.added for report in reports) == [0, 0, 3]
    assert len(listings()) == 3
