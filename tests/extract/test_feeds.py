import gzip
from decimal import Decimal

import pytest

from discount_broker.discovery.extract.feeds.reading import FeedError, read_feed

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


TABLE = """id,Title,link,Price,"sale price",brand,gtin,availability,image link
1,"Kettle, blue",https://teashop.com/1,129.90 USD,,Samovar,4006381333931,in_stock,https://teashop.com/1.jpg
2,Kettle K8,https://teashop.com/2,99 USD,89 USD,,,out of stock,
3,Without a link,,1 USD,,,,,
"""


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_google_merchant_is_read_as_a_table(charset, delimiter):
    text = TABLE.replace(",", delimiter).replace(f"Kettle{delimiter} blue", "Kettle, blue")
    feed = read_feed(text.encode(charset))
    first, second = feed.items
    assert feed.skipped == 1
    assert (first.title, first.price, first.currency) == ("Kettle, blue", Decimal("129.90"), "USD")
    assert (first.gtin, first.image, first.is_available) == (
        "4006381333931",
        "https://teashop.com/1.jpg",
        True,
    )
    assert (second.price, second.is_available) == (Decimal(89), False)


SHOPIFY = """{"products": [
 {"title": "Kettle", "handle": "kettle-7", "vendor": "Samovar", "images": [{"src": "https://cdn.shop/1.jpg"}],
  "variants": [{"sku": "K-7", "price": "129.90", "available": true, "barcode": "4006381333931"}]},
 {"title": "Cup", "handle": "cup", "variants": [
  {"price": "9.00", "available": false, "sku": "C-1"}, {"price": "8.00", "available": true, "sku": "C-2"}]},
 {"title": "Gone", "handle": "gone", "variants": [{"price": "5.00", "available": false}]},
 {"title": "No link"}, 7]}"""


def test_the_list_of_a_shop_on_shopify_is_read():
    feed = read_feed(SHOPIFY.encode(), "https://teeladen.de/products.json?limit=250")
    kettle, cup, gone = feed.items
    assert (feed.shop_url, feed.skipped) == ("https://teeladen.de", 2)
    assert (kettle.url, kettle.brand, kettle.model) == (
        "https://teeladen.de/products/kettle-7",
        "Samovar",
        "K-7",
    )
    assert (kettle.price, kettle.currency, kettle.gtin) == (Decimal("129.90"), "EUR", "4006381333931")
    assert (cup.price, cup.model, cup.is_available) == (Decimal("8.00"), "C-2", True)
    assert not gone.is_available


def test_a_price_without_a_currency_is_no_price():
    feed = read_feed(SHOPIFY.encode(), "https://teashop.com/products.json")
    assert [item.price for item in feed.items] == [None, None, None]


@pytest.mark.parametrize(
    ("content", "source", "said"),
    [
        (SHOPIFY.encode(), "", "names no shop"),
        (b'{"items": []}', "https://teashop.com/", "without a list"),
        (b"[" * 100_000, "https://teashop.com/", "broken JSON"),
        (b"id,price\n1,2\n", "", "title"),
        (b"title\tlink\n" + b'"' + b"x" * 1_100_000, "", "broken table"),
    ],
)
def test_a_flat_file_that_is_no_feed_is_refused_with_the_reason(content, source, said):
    with pytest.raises(FeedError, match=said):
        read_feed(content, source)
