import gzip
from decimal import Decimal

import pytest

from discount_broker.discovery.extract.feeds import FeedError, read_feed

YML = """<?xml version="1.0" encoding="{charset}"?>
<!DOCTYPE yml_catalog SYSTEM "shops.dtd">
<yml_catalog date="2026-01-01 00:00"><shop>
 <name>Чайный дом</name><url>https://teashop.ru</url>
 <currencies><currency id="RUR" rate="1"/></currencies>
 <offers>
  <offer id="1" available="true">
   <url>https://teashop.ru/1</url><price>12990.00</price>
   <currencyId>RUR</currencyId><picture>https://teashop.ru/1.jpg</picture>
   <name>Чайник K7</name><vendor>Samovar</vendor>
   <vendorCode>K-7</vendorCode><barcode>4006381333931</barcode></offer>
  <offer id="2" type="vendor.model" available="false"><url>https://teashop.ru/2</url><price>990</price>
   <currencyId>RUB</currencyId><typePrefix>Чайник</typePrefix><vendor>Samovar</vendor><model>K-8</model></offer>
  <offer id="3"><name>Без ссылки</name></offer>
 </offers></shop></yml_catalog>"""
RSS = """<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>
 <title>Tea House</title><link>https://teashop.com</link>
 <item>
  <title>Kettle K7</title><link>https://teashop.com/1</link><g:price>129.90 USD</g:price>
  <g:brand>Samovar</g:brand>
  <g:mpn>K-7</g:mpn>
  <g:gtin>4006381333931</g:gtin><g:availability>in_stock</g:availability>
  <g:image_link>https://teashop.com/1.jpg</g:image_link></item>
 <item><title>Kettle K8</title><link>https://teashop.com/2</link><g:price>99 USD</g:price>
  <g:sale_price>89 USD</g:sale_price><g:availability>out of stock</g:availability></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">
 <title>Tea House</title><link href="https://teashop.com"/>
 <entry>
  <title>Kettle</title><link href="https://teashop.com/1"/><g:price>129.90 EUR</g:price></entry></feed>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251"])
def test_yandex_yml_is_read_in_both_of_its_charsets(charset):
    feed = read_feed(YML.format(charset=charset).encode(charset))
    assert (feed.shop_name, feed.shop_url, feed.skipped) == ("Чайный дом", "https://teashop.ru", 1)
    first, second = feed.items
    assert (first.title, first.price, first.currency) == ("Чайник K7", Decimal("12990.00"), "RUB")
    assert (first.brand, first.model, first.gtin) == ("Samovar", "K-7", "4006381333931")
    assert first.image == "https://teashop.ru/1.jpg"
    assert first.is_available
    assert (second.title, second.model, second.is_available) == ("Чайник Samovar K-8", "K-8", False)


def test_google_merchant_is_read_as_rss():
    feed = read_feed(RSS.encode())
    assert (feed.shop_name, feed.shop_url) == ("Tea House", "https://teashop.com")
    first, second = feed.items
    assert (first.price, first.currency, first.gtin) == (Decimal("129.90"), "USD", "4006381333931")
    assert (second.price, second.is_available) == (Decimal(89), False)


def test_google_merchant_is_read_as_atom():
    (item,) = read_feed(ATOM.encode()).items
    assert (item.url, item.price, item.currency) == ("https://teashop.com/1", Decimal("129.90"), "EUR")


def test_a_gzipped_feed_is_unpacked():
    assert len(read_feed(gzip.compress(RSS.encode())).items) == 2


def test_entities_are_not_followed():
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>' + RSS.replace(
        "Kettle K7", "Kettle &a;&b;"
    )
    title = read_feed(bomb.encode()).items[0].title
    assert title.startswith("Kettle")
    assert "aaaa" not in title
    assert "root:" not in title


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not XML"),
        (b"\x00\x01\x02", "not XML"),
        (b"<html><body></body></html>", "neither Yandex YML nor Google Merchant"),
        (b"\x1f\x8bbroken", "gzip"),
        (RSS.encode()[:400], "broken XML"),
    ],
)
def test_a_file_that_is_no_feed_is_refused_with_the_reason(content, said):
    with pytest.raises(FeedError, match=said):
        read_feed(content)
